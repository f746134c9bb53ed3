"""Some of the faults of `make soak`, which puts one at every message between a cast and PostgreSQL."""

from soak.casting.statements import every_statement


def test_whatever_breaks_the_voter_is_told_the_truth() -> None:
    run = every_statement(60, seed=1)
    assert run.wrong == {}, run
    assert run.faults == 60
    assert run.unconfirmed, "no fault was noticed"
    assert run.told["points"] > 500
