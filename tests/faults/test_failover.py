"""The primary of two database servers killed under a vote, its standby promoted; `make soak` does it many times."""

from soak.casting import faults


def test_a_failover_loses_no_ballot_and_confirms_nothing_alone() -> None:
    run = faults.failover(1, seed=1)
    assert run.wrong == {}, run
    assert run.tally.acknowledged > 60
    assert run.unconfirmed, "the failover was noticed"
