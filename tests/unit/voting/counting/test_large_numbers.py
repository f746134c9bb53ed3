"""Amounts and points larger than 64 bits."""

from decimal import Decimal
from fractions import Fraction

from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.instance import Instance, Project
from voting.counting.profile import Profile
from voting.counting.rules import Rule
from voting.counting.what_if import Change, what_if


def test_shares_of_more_than_64_bits_end_raising_the_start():
    pot = Instance(
        (Project("a", Decimal("100000000000.00000001")), Project("b", Decimal(1))), Decimal("100000000001")
    )
    profile = Profile.merge(BallotType.APPROVAL, [Ballot.of("a"), Ballot.of("b")])
    rule = Rule.named("equalshares/add1", increment=Decimal(10**9))
    assert count(pot, profile, rule).selected == ("b",)


def test_more_votes_may_make_points_outgrow_64_bits():
    pot = Instance((Project("a", Decimal(10)), Project("b", Decimal(10))), Decimal(12))
    most = Fraction(10**18)
    ballots = [Ballot.with_points({"a": most}), Ballot.with_points({"b": most - 1})]
    rule = Rule.named("equal-shares", satisfaction="points")
    told = what_if(pot, Profile.merge(BallotType.CUMULATIVE, ballots), rule, Change(more_votes={"b": 10}))
    raised = Profile.merge(BallotType.CUMULATIVE, [*ballots, *[Ballot.with_points({"b": most})] * 10])
    assert told.as_json() == count(pot, raised, rule, explain=False).as_json()
    assert told.steps[0].rho == Fraction(10, 11 * 10**18 - 1)


def test_the_price_of_a_project_is_told_in_currency_whatever_the_increment():
    pot = Instance((Project("a", Decimal(1)),), Decimal(1))
    profile = Profile.merge(BallotType.APPROVAL, [Ballot.of("a")])
    for increment in ("1", "0.5", "0.01"):
        rule = Rule.named("equal-shares", satisfaction="cardinality", increment=Decimal(increment))
        assert count(pot, profile, rule).steps[0].rho == 1
