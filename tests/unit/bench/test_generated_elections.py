"""The elections the bench generates: the same for the same seed, readable, and of the kind they claim."""

from bench.ballots import write_election
from bench.rules import RULES, names_for, rule_for
from voting.counting.pabulib import read_pabulib


def test_the_same_seed_gives_the_same_file(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_election(tmp_path / name, 500, 30, seed)
    written = [(tmp_path / name).read_bytes() for name in "abc"]
    assert written[0] == written[1] != written[2]


def test_ballots_are_nearly_all_different_and_name_eight_projects(tmp_path):
    path = tmp_path / "city.pb"
    write_election(path, 3_000, 300, 1)
    with path.open("rb") as handle:
        file = read_pabulib(handle)
    assert file.notes == ()
    assert (len(file.instance.projects), file.profile.voters) == (300, 3_000)
    assert file.profile.distinct > 2_900
    assert 7.5 < len(file.profile.members) / file.profile.distinct < 8.5


def test_every_rule_asked_of_a_type_of_ballot_has_ours():
    for vote_type in ("approval", "choose-1", "cumulative", "scoring", "ordinal"):
        assert {rule_for(what).name for what in names_for(vote_type)} <= {
            "greedy",
            "equal-shares",
            "phragmen",
        }
    assert set(names_for("approval")) | set(names_for("cumulative")) == set(RULES)
