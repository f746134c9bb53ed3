"""What is counted is checked when it is made, and equal whatever its order."""

from decimal import Decimal
from fractions import Fraction

import pytest

from voting.counting.amounts import amount_string, to_units, units_per_currency
from voting.counting.ballots import Ballot, BallotType
from voting.counting.fingerprint import input_fingerprint
from voting.counting.instance import Instance, Project
from voting.counting.profile import Profile
from voting.counting.scores import scores, votes


def test_identical_ballots_are_merged_whatever_their_order():
    profile = Profile.merge(BallotType.APPROVAL, [Ballot.of("b", "a"), Ballot.of("c"), Ballot.of("a", "b")])
    assert profile.ballots == ((Ballot(("c",)), 1), (Ballot(("a", "b")), 2))
    assert profile.voters == 3


def test_the_order_of_a_ranking_is_its_choice():
    profile = Profile.merge(BallotType.ORDINAL, [Ballot.ranking("b", "a"), Ballot.ranking("a", "b")])
    assert len(profile.ballots) == 2


def test_blank_ballots_take_no_share():
    assert Profile.merge(BallotType.APPROVAL, [Ballot.of(), Ballot.of("a")]).voters == 1


@pytest.mark.parametrize(
    "cost", [Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal(10) ** 12, 5, 1.5]
)
def test_an_amount_that_is_none_is_refused(cost):
    with pytest.raises(ValueError, match="the cost of project a"):
        Project("a", cost)


def test_two_projects_with_one_id_are_refused():
    with pytest.raises(ValueError, match="used twice: a"):
        Instance((Project("a", Decimal(1)), Project("a", Decimal(2))), Decimal(5))


def test_an_exclusive_set_of_strangers_is_refused():
    with pytest.raises(ValueError, match="unknown projects: x"):
        Instance((Project("a", Decimal(1)),), Decimal(5), exclusive_sets=(frozenset("ax"),))


def test_a_ballot_is_a_set():
    with pytest.raises(ValueError, match="twice"):
        Ballot.of("a", "a")


@pytest.mark.parametrize(
    ("ballot_type", "ballot"),
    [
        (BallotType.CHOOSE_ONE, Ballot.of("a", "b")),
        (BallotType.CUMULATIVE, Ballot.of("a")),
        (BallotType.APPROVAL, Ballot.with_points({"a": 2})),
    ],
)
def test_a_ballot_of_another_type_is_refused(ballot_type, ballot):
    with pytest.raises(ValueError):
        Profile.merge(ballot_type, [ballot])


def test_a_ballot_for_an_unknown_project_is_refused(instance, approvals, counted):
    with pytest.raises(ValueError, match="names z"):
        counted(instance(10, a=1), approvals("az"))


@pytest.mark.parametrize(
    ("ballot_type", "ballots", "max_length", "expected"),
    [
        (BallotType.APPROVAL, [Ballot.of("a", "b"), Ballot.of("b")], None, {"a": 1, "b": 2, "c": 0}),
        (BallotType.CHOOSE_ONE, [Ballot.of("a"), Ballot.of("a")], None, {"a": 2, "b": 0, "c": 0}),
        # Kraków's 3-2-1, also when a voter ranks fewer.
        (BallotType.ORDINAL, [Ballot.ranking("c", "a"), Ballot.ranking("a")], 3, {"a": 5, "b": 0, "c": 3}),
        (BallotType.ORDINAL, [Ballot.ranking("c", "a"), Ballot.ranking("a")], None, {"a": 2, "b": 0, "c": 2}),
        (
            BallotType.CUMULATIVE,
            [Ballot.with_points({"a": 3, "b": Decimal("1.5")}), Ballot.with_points({"b": 4})],
            None,
            {"a": 3, "b": Fraction(11, 2), "c": 0},
        ),
    ],
)
def test_scores_by_type_of_ballot(instance, ballot_type, ballots, max_length, expected):
    profile = Profile.merge(ballot_type, ballots, max_length)
    assert scores(instance(10, a=1, b=1, c=1), profile) == expected


def test_votes_count_ballots_not_points(instance):
    profile = Profile.merge(BallotType.CUMULATIVE, [Ballot.with_points({"a": 5, "b": 0})])
    assert votes(instance(10, a=1, b=1), profile) == {"a": 1, "b": 1}


def test_the_input_fingerprint_ignores_order_and_sees_content(instance, approvals):
    one = input_fingerprint(instance(10, a=1, b=2), approvals("ab", "b"))
    assert one == input_fingerprint(instance("10.00", b=2, a=1), approvals("b", "ba"))
    others = [
        input_fingerprint(instance(11, a=1, b=2), approvals("ab", "b")),
        input_fingerprint(instance(10, a=1, b="2.01"), approvals("ab", "b")),
        input_fingerprint(instance(10, a=1, b=2), approvals("ab", "a")),
        input_fingerprint(instance(10, a=1, b=2, exclusive=["ab"]), approvals("ab", "b")),
    ]
    assert len({one, *others}) == 5


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1000000.00"), "1000000"),
        (Decimal("1741081.19"), "1741081.19"),
        (Decimal("1E+3"), "1000"),
        (Fraction(1, 3), "0.33"),
        (Fraction(2, 3), "0.66"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-5, 2), "-2.5"),
        (0, "0"),
    ],
)
def test_amounts_are_written_without_exponent_or_idle_zeros(amount, text):
    assert amount_string(amount) == text


def test_units_hold_every_decimal():
    scale = units_per_currency([Decimal("1.5"), Decimal("2.125"), Decimal("1E+2")])
    assert scale == 1000
    assert to_units(Decimal("2.125"), scale) == 2125
