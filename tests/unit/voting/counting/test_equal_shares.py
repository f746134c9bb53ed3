"""The method of equal shares by hand: prices, completions, what the others are told."""

from decimal import Decimal
from fractions import Fraction

import pytest

from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.profile import Profile
from voting.counting.rules import Rule


def test_supporters_pay_equally_and_the_poor_pay_what_they_have(instance, approvals, counted):
    # Everyone starts with 30. a: 4 × 15. Then b: one supporter has 15 left, two have 30: 15 + 2 × 22.50.
    pot, profile = instance(180, a=60, b=60), approvals("a", "a", "a", "ab", "b", "b")
    outcome = counted(pot, profile, "equal-shares")
    assert outcome.selected == ("a", "b")
    first, second = outcome.steps
    assert (first.effective_votes, first.paid_at_most) == (4, 15)
    assert (second.effective_votes, second.paid_at_most) == (
        Fraction(60) / Fraction("22.5"),
        Fraction("22.5"),
    )
    assert [step.remaining for step in outcome.steps] == ["120", "60"]


def test_an_unpayable_project_says_what_its_supporters_had_and_who_used_it(
    instance, approvals, counted, rejection
):
    pot, profile = instance(180, a=60, b="80.5"), approvals("a", "a", "a", "ab", "b", "b")
    outcome = counted(pot, profile, "equal-shares")
    assert outcome.selected == ("a",)
    assert rejection(outcome, "b") == {
        "id": "b",
        "reason": "supporters_ran_out_of_money",
        "cost": "80.5",
        "remaining": "120",
        "lacking": "0",
        "supporters": 3,
        "supporters_money": "75",
        "supporters_lacking": "5.5",
        "used_by": {"a": "15"},
    }


def test_cost_satisfaction_prefers_more_supporters_and_cardinality_the_cheaper(instance, approvals, counted):
    pot, profile = (
        instance(100, big=60, small=30),
        Profile.merge(BallotType.APPROVAL, {Ballot.of("big"): 3, Ballot.of("small"): 2}),
    )
    assert counted(pot, profile, "equal-shares").selected == ("big", "small")
    by_number = counted(pot, profile, "equal-shares", satisfaction="cardinality")
    assert by_number.selected == ("small", "big")
    assert by_number.steps[0].rho == 15


def test_points_satisfaction_charges_by_points(instance, counted):
    ballots = [Ballot.with_points({"a": 3, "b": 1}), Ballot.with_points({"a": 1, "b": 1})]
    profile = Profile.merge(BallotType.CUMULATIVE, ballots)
    outcome = counted(instance(80, a=40, b=40), profile, "equal-shares", satisfaction="points")
    # a costs 10 a point: 30 and 10. Then 10 and 30 are left for b: the first pays all, the second the rest.
    assert outcome.selected == ("a", "b")
    assert [(step.rho, step.paid_at_most) for step in outcome.steps] == [(10, 30), (30, 30)]


def test_points_satisfaction_has_no_supporter_without_points(instance, counted, reasons):
    profile = Profile.merge(BallotType.CUMULATIVE, [Ballot.with_points({"a": 3, "b": 0})])
    pot = instance(80, a=40, b=40)
    assert reasons(counted(pot, profile, "equal-shares", satisfaction="points")) == {"b": "no_support"}
    # With cost, a named project counts as approved.
    assert counted(pot, profile, "equal-shares").selected == ("a", "b")
    assert reasons(counted(pot, profile, "equal-shares", min_score=1)) == {"b": "below_min_score"}


def test_thirds_are_exact(instance, approvals, counted):
    # Three voters with 100/3 each pay exactly for a project that costs 100.
    assert counted(instance(100, a=100), approvals(a=3), "equal-shares").selected == ("a",)
    assert counted(instance("99.99", a=100), approvals(a=3), "equal-shares").selected == ()


def test_whole_units_lose_the_fraction(instance, approvals, counted):
    pot, profile = instance(100, a=100, b=99), approvals(a=2, b=1)
    assert counted(pot, approvals(ab=3), "equal-shares", start="floor").selected == ("b",)
    assert counted(pot, profile, "equal-shares").record["start"] == "100/3"
    assert counted(pot, profile, "equal-shares", start="floor").record["start"] == "33"


def test_greedy_completion_spends_what_is_left(instance, approvals, counted, rejection):
    pot, profile = instance(100, a=50, b=60, c=40), approvals(a=3, b=2, c=1)
    assert counted(pot, profile, "equal-shares").selected == ("a",)
    outcome = counted(pot, profile, "equal-shares", completion="greedy")
    assert outcome.selected == ("a", "c")
    assert [step.phase.value for step in outcome.steps] == ["equal_shares", "completion"]
    lost = rejection(outcome, "b")
    assert (lost["reason"], lost["remaining"], lost["supporters_money"]) == ("did_not_fit", "10", "33.33")


def test_add1_keeps_the_last_outcome_within_the_limit(instance, approvals, counted):
    # Start 100/6; c needs 20 each from two voters, b 25 from two: c is bought at 17 + 4 more, b would exceed.
    pot, profile = instance(100, a=40, b=60, c=40), approvals(a=2, b=2, c=2)
    assert counted(pot, profile, "equal-shares").selected == ()
    outcome = counted(pot, profile, "equal-shares", completion="add1")
    assert outcome.selected == ("a", "c")
    # 30 each for b comes at 100/6 + 14: the outcome before it stands.
    assert outcome.record["final_start"] == str(Fraction(100, 6) + 13)
    assert outcome.record["runs"] == 15


def test_add1_may_stop_as_soon_as_nothing_fits(instance, approvals, counted):
    pot, profile = instance(100, a=40, b=60, c=40), approvals(a=2, b=2, c=2)
    outcome = counted(pot, profile, "equal-shares", completion="add1", stop_when_exhaustive=True)
    assert outcome.selected == ("a", "c")
    assert outcome.record["final_start"] == str(Fraction(100, 6) + 4)


def test_the_increment_is_an_amount(instance, approvals, counted):
    pot, profile = instance(100, a=40, b=60, c=40), approvals(a=2, b=2, c=2)
    outcome = counted(
        pot, profile, "equal-shares", completion="add1", increment=Decimal("2.5"), stop_when_exhaustive=True
    )
    assert outcome.record["final_start"] == str(Fraction(100, 6) + 5)


def test_add1_ends_when_everything_is_bought(instance, approvals, counted):
    outcome = counted(instance(100, a=60, b=10), approvals(a=2, b=8), "equal-shares", completion="add1")
    assert outcome.selected == ("b", "a")


def test_add1_ends_when_nobody_can_run_out(instance, approvals, counted, reasons):
    pot = instance(100, a=60, b=10, c=10, exclusive=["bc"])
    outcome = counted(pot, approvals(a=2, b=8, c=1), "equal-shares", completion="add1")
    assert outcome.selected == ("b", "a")
    assert reasons(outcome) == {"c": "excluded_by_rival"}


def test_add1u_completes_add1(instance, approvals, counted):
    pot, profile = instance(100, a=60, b=50, c=50, d=30), approvals("c", "d", a=5, b=4)
    assert counted(pot, profile, "equal-shares", completion="add1").selected == ("a",)
    assert counted(pot, profile, "equal-shares", completion="add1u").selected == ("a", "d")


def test_comparison_replaces_for_strictly_more_voters(instance, counted):
    # One increment takes equal shares from nothing to too much; greedy gives three voters their project.
    pot = instance(100, big=90, one=40, two=40)
    ballots = {Ballot.of("big"): 3, Ballot.of("one"): 1, Ballot.of("two"): 1}
    profile = Profile.merge(BallotType.APPROVAL, ballots)
    outcome = counted(pot, profile, "equalshares/add1-comparison", increment=Decimal(20))
    assert outcome.selected == ("big",)
    assert outcome.steps[0].phase.value == "score"
    assert outcome.record["comparison"] == {
        "prefer_equal_shares": 0,
        "prefer_greedy": 3,
        "greedy_replaces": True,
    }


def test_the_plain_method_can_be_compared_without_raising(instance, counted):
    # 20 each pays for nothing; raised by 20 once, two of them could have paid for one.
    pot = instance(100, big=90, one=40, two=40)
    voters = {Ballot.of("big"): 1, Ballot.of("one"): 2, Ballot.of("two"): 2}
    few = counted(pot, Profile.merge(BallotType.APPROVAL, voters), "equalshares-comparison")
    assert (few.selected, few.record["runs"]) == (("one", "two"), 1)
    many = counted(
        pot, Profile.merge(BallotType.APPROVAL, voters | {Ballot.of("big"): 5}), "equalshares-comparison"
    )
    assert many.selected == ("big",)
    assert many.record["comparison"] == {
        "prefer_equal_shares": 0,
        "prefer_greedy": 5,
        "greedy_replaces": True,
    }


def test_comparison_keeps_equal_shares_for_as_many_voters(instance, counted):
    # 22.50 each buys one and two; big needs 23 from each of four.
    pot = instance(92, big=92, one=45, two=45)
    ballots = {Ballot.of("big"): 4, Ballot.of("one"): 2, Ballot.of("two"): 2}
    profile = Profile.merge(BallotType.APPROVAL, ballots)
    outcome = counted(pot, profile, "equalshares/add1-comparison")
    assert outcome.selected == ("one", "two")
    assert outcome.record["comparison"] == {
        "prefer_equal_shares": 4,
        "prefer_greedy": 4,
        "greedy_replaces": False,
    }


def test_comparison_counts_voters_without_any_winner_as_zero(instance, counted):
    pot = instance(90, big=90, one=45, two=45)
    ballots = {Ballot.of("big"): 3, Ballot.of("one"): 2, Ballot.of("two"): 2}
    profile = Profile.merge(BallotType.APPROVAL, ballots)
    outcome = counted(pot, profile, "equalshares/add1-comparison")
    # The four voters of one and two get nothing from greedy and still count: 4 against 3.
    assert outcome.record["comparison"] == {
        "prefer_equal_shares": 4,
        "prefer_greedy": 3,
        "greedy_replaces": False,
    }
    assert outcome.selected == ("one", "two")


def test_most_winners_hold_for_equal_shares_too(instance, approvals, counted, reasons):
    pot, profile = instance(100, a=10, b=10, c=10), approvals(abc=3)
    outcome = counted(pot, profile, "equal-shares", completion="add1u", max_winners=2)
    assert outcome.selected == ("a", "b")
    assert reasons(outcome) == {"c": "max_winners_reached"}


def test_a_rival_is_not_bought(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=10, b=10, exclusive=["ab"]), approvals(ab=3), "equal-shares")
    assert outcome.selected == ("a",)
    assert rejection(outcome, "b")["rival"] == "a"


@pytest.mark.parametrize("completion", ["none", "greedy", "add1", "add1u", "comparison", "plain-comparison"])
def test_a_free_project_with_support_is_funded(instance, approvals, counted, completion):
    outcome = counted(
        instance(10, a=0, b=0, c=10), approvals(a=1, c=1), "equal-shares", completion=completion
    )
    assert "a" in outcome.selected
    assert "b" not in outcome.selected


@pytest.mark.parametrize("completion", ["none", "greedy", "add1", "add1u", "comparison", "plain-comparison"])
def test_nobody_voted(instance, approvals, counted, completion):
    outcome = counted(instance(10, a=1), approvals(), "equal-shares", completion=completion)
    assert outcome.selected == ()


def test_level_projects_follow_the_tie_order_and_are_recorded(instance, approvals, counted):
    # Each voter of ab can pay for one of the two only.
    pot, profile = instance(40, a=40, b=40), approvals(ab=2)
    outcome = counted(pot, profile, "equal-shares", tie_break="order:b,a")
    assert outcome.selected == ("b",)
    assert [tie.as_json() for tie in outcome.ties] == [{"projects": ["b", "a"], "level": "", "by": ["order"]}]


def test_level_projects_that_are_both_bought_are_no_tie_that_mattered(instance, approvals, counted):
    outcome = counted(instance(80, a=40, b=40), approvals(ab=2), "equal-shares")
    assert outcome.selected == ("a", "b")
    assert outcome.ties == ()


def test_progress_is_told_of_every_run(instance, approvals):
    told = []
    outcome = count(
        instance(100, a=60, b=10, c=45),
        approvals(a=2, b=8, c=3),
        Rule.named("equalshares/add1"),
        progress=lambda runs, spent: told.append((runs, spent)),
    )
    assert [runs for runs, _ in told] == list(range(2, outcome.record["runs"] + 1))
    assert all(0 <= spent <= 2 for _, spent in told)
