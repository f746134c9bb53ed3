"""Rules by score: who is funded, and what each of the others is told."""

from decimal import Decimal

import pytest

from voting.counting.ballots import Ballot, BallotType
from voting.counting.profile import Profile


def test_what_does_not_fit_is_skipped_and_the_count_goes_on(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=60, b=50, c=40), approvals(a=5, b=4, c=3))
    assert outcome.selected == ("a", "c")
    assert [(s.project, s.score, s.price, s.remaining) for s in outcome.steps] == [
        ("a", "5", "60", "40"),
        ("c", "3", "40", "0"),
    ]
    assert (outcome.budget, outcome.spent) == ("100", "100")
    assert rejection(outcome, "b") == {
        "id": "b",
        "reason": "did_not_fit",
        "cost": "50",
        "remaining": "40",
        "lacking": "10",
        "more_needed": 1,  # level with a, and cheaper
    }


def test_no_skip_stops_at_the_first_that_does_not_fit(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=60, b=50, c=40), approvals(a=5, b=4, c=3), "greedy-no-skip")
    assert outcome.selected == ("a",)
    assert rejection(outcome, "b")["reason"] == "did_not_fit"
    assert rejection(outcome, "c") == {
        "id": "c",
        "reason": "stopped_before",
        "stopped_at": "b",
        "more_needed": 1,
    }


def test_a_project_nobody_voted_for_is_never_funded(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=10, b=10), approvals(a=1))
    assert outcome.selected == ("a",)
    assert rejection(outcome, "b") == {"id": "b", "reason": "no_support", "more_needed": 1}


def test_a_project_given_only_zero_points_has_no_support(instance, counted, reasons):
    profile = Profile.merge(BallotType.CUMULATIVE, [Ballot.with_points({"a": 2, "b": 0})])
    assert reasons(counted(instance(100, a=10, b=10), profile)) == {"b": "no_support"}


def test_a_withdrawn_project_neither_wins_nor_stops_the_count(instance, approvals, counted, rejection):
    outcome = counted(
        instance(100, a=60, b=999999999, c=40, withdrawn="b"), approvals(a=5, b=9, c=3), "greedy-no-skip"
    )
    assert outcome.selected == ("a", "c")
    assert rejection(outcome, "b") == {"id": "b", "reason": "withdrawn", "more_needed": None}


def test_the_minimum_score_is_enough(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=10, b=10, c=10), approvals(a=5, b=4, c=1), min_score=4)
    assert outcome.selected == ("a", "b")
    assert rejection(outcome, "c") == {
        "id": "c",
        "reason": "below_min_score",
        "score": "1",
        "min_score": "4",
        "short": "3",
        "more_needed": 3,
    }


def test_a_project_under_the_minimum_may_need_more_than_the_minimum(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=90, b=20), approvals(a=9, b=1), min_score=4)
    assert rejection(outcome, "b")["short"] == "3"
    assert rejection(outcome, "b")["more_needed"] == 8  # level with a and cheaper


def test_a_project_under_the_minimum_does_not_stop_the_count(instance, approvals, counted):
    outcome = counted(
        instance(100, a=60, b=50, c=40), approvals(a=5, b=1, c=3), "greedy-no-skip", min_score=2
    )
    assert outcome.selected == ("a", "c")


def test_most_winners(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=10, b=10, c=10), approvals(a=5, b=4, c=3), max_winners=2)
    assert outcome.selected == ("a", "b")
    assert rejection(outcome, "c") == {
        "id": "c",
        "reason": "max_winners_reached",
        "max_winners": 2,
        "more_needed": 2,
    }


def test_the_best_of_each_group_comes_first(instance, approvals, counted):
    pot = instance(100, groups={"a": "parks", "b": "parks", "c": "roads"}, a=40, b=40, c=40, d=20)
    profile = approvals(a=9, b=8, c=2, d=5)
    assert counted(pot, profile).selected == ("a", "b", "d")
    outcome = counted(pot, profile, group_winners_first=True)
    assert outcome.selected == ("a", "c", "d")
    assert [step.phase.value for step in outcome.steps] == ["group_winner", "group_winner", "score"]


def test_more_votes_make_the_best_of_the_group(instance, approvals, counted, rejection):
    pot = instance(80, groups={"a": "parks", "b": "parks", "c": "roads"}, a=40, b=41, c=40)
    outcome = counted(pot, approvals(a=9, b=8, c=2), group_winners_first=True)
    assert outcome.selected == ("a", "c")
    # Nine is level with a, which is cheaper; ten makes b the best of its group, before c and a.
    assert rejection(outcome, "b")["more_needed"] == 2


def test_a_winner_excludes_its_rivals(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=10, b=10, c=10, exclusive=["ab"]), approvals(a=5, b=4, c=3))
    assert outcome.selected == ("a", "c")
    assert rejection(outcome, "b") == {
        "id": "b",
        "reason": "excluded_by_rival",
        "rival": "a",
        "more_needed": 2,
    }


def test_a_near_miss_is_funded_from_elsewhere_and_ends_the_count(instance, approvals, counted, reasons):
    outcome = counted(instance(100, a=60, b=50, c=1), approvals(a=5, b=4, c=3), "greedy-custom")
    assert outcome.selected == ("a", "b")
    assert (outcome.spent, outcome.topped_up) == ("100", "10")
    assert [step.phase.value for step in outcome.steps] == ["score", "top_up"]
    assert reasons(outcome) == {"c": "stopped_before"}


def test_a_miss_that_is_not_near_is_not_funded(instance, approvals, counted):
    outcome = counted(instance(100, a=60, b="50.01", c=1), approvals(a=5, b=4, c=3), "greedy-custom")
    assert outcome.selected == ("a",)
    assert outcome.topped_up == "0"


@pytest.mark.parametrize(
    ("parameters", "funded", "topped_up"),
    [
        ({"top_up_limit": "10"}, ("a", "b"), "10"),
        ({"top_up_limit": "9.99"}, ("a", "c"), "0"),
        ({"top_up_limit": "10", "top_up_share": "0.8"}, ("a", "b"), "10"),
        ({"top_up_limit": "10", "top_up_share": "0.81"}, ("a", "c"), "0"),
        ({"top_up_limit": "9", "top_up_share": "0.8"}, ("a", "c"), "0"),
    ],
)
def test_a_near_miss_lacks_at_most_the_stated_amount(
    instance, approvals, counted, parameters, funded, topped_up
):
    values = {name: Decimal(value) for name, value in parameters.items()}
    outcome = counted(instance(100, a=60, b=50, c=1), approvals(a=5, b=4, c=3), **values)
    assert (outcome.selected, outcome.topped_up) == (funded, topped_up)


def test_the_stated_amount_is_currency_whatever_the_scale(instance, approvals, counted):
    pot = instance("100.25", a="60.125", b="50.125")
    near, short = (counted(pot, approvals(a=5, b=4), top_up_limit=Decimal(x)) for x in ("10", "9.9999"))
    assert (near.selected, near.topped_up, near.spent) == (("a", "b"), "10", "100.25")
    assert short.selected == ("a",)


def test_a_project_is_not_paid_whole_by_a_top_up(instance, approvals, counted, reasons):
    outcome = counted(instance(60, a=60, b=50), approvals(a=5, b=4), top_up_limit=Decimal(100))
    assert (outcome.selected, outcome.topped_up) == (("a",), "0")
    assert reasons(outcome) == {"b": "did_not_fit"}


def test_the_votes_missing_for_a_top_up_are_recounted(instance, approvals, counted, rejection):
    outcome = counted(instance(100, a=60, b=35, c=70), approvals(a=5, b=4, c=2), top_up_limit=Decimal(30))
    assert outcome.selected == ("a", "b")
    # Third, 5 are left and 65 are lacking; second, 40 are left and 30 are lacking.
    assert rejection(outcome, "c")["more_needed"] == 3


def test_no_number_of_votes_makes_a_too_dear_project_fit(instance, approvals, counted, rejection):
    assert rejection(counted(instance(100, a=101), approvals(a=5)), "a")["more_needed"] is None


def test_with_points_the_missing_votes_are_points(instance, counted, rejection):
    profile = Profile.merge(BallotType.CUMULATIVE, [Ballot.with_points({"a": "7.5", "b": 1})])
    outcome = counted(instance(10, a=10, b=10), profile)
    assert rejection(outcome, "b")["more_needed"] == 7


@pytest.mark.parametrize(
    ("rule", "expected"), [("greedy", ("b", "a", "c")), ("greedy-no-skip", ("b", "a", "c"))]
)
def test_equal_scores_go_cheaper_first(instance, approvals, counted, rule, expected):
    outcome = counted(instance(100, a=50, b=30, c=20), approvals(a=2, b=2, c=1), rule)
    assert outcome.selected == expected
    assert outcome.ties == ()  # all fit: the tie changed nothing


def test_a_tie_that_mattered_is_recorded(instance, approvals, counted):
    outcome = counted(instance(100, a=80, b=60, c=60, d=5), approvals(a=2, b=2, c=2, d=9))
    assert outcome.selected == ("d", "b")
    assert [tie.as_json() for tie in outcome.ties] == [
        {"projects": ["b", "c", "a"], "level": "2", "by": ["cost", "id"]}
    ]


def test_under_no_skip_a_tie_with_the_misfit_matters(instance, approvals, counted):
    outcome = counted(instance(100, a=50, b=120), approvals(a=2, b=2), "greedy-no-skip")
    assert outcome.selected == ("a",)
    assert [tie.projects for tie in outcome.ties] == [("a", "b")]


def test_a_tie_is_broken_by_votes_before_the_id(instance, counted):
    ballots = [Ballot.with_points({"a": 4}), Ballot.with_points({"b": 2}), Ballot.with_points({"b": 2})]
    outcome = counted(instance(10, a=10, b=10), Profile.merge(BallotType.CUMULATIVE, ballots))
    assert outcome.selected == ("b",)
    assert outcome.ties[0].by == ("votes",)


def test_without_explanation_only_the_recounts_are_left_out(instance, approvals):
    from voting.counting.count import count
    from voting.counting.rules import Rule

    pot, profile = instance(100, a=60, b=60), approvals(a=2, b=2)
    full, short = (count(pot, profile, Rule(name="greedy"), explain=on) for on in (True, False))
    assert short.fingerprint == full.fingerprint
    assert (len(full.ties), len(short.ties)) == (1, 0)
    assert "more_needed" not in short.rejected[0].data


def test_nobody_voted(instance, approvals, counted, reasons):
    assert reasons(counted(instance(100, a=1), approvals())) == {"a": "no_support"}


def test_under_a_rule_that_skips_each_misfit_is_looked_at_until_one_is_near(
    instance, approvals, counted, reasons
):
    # The example of docs/counting.md: 40 are left when B and C come up.
    city = instance(100, A=60, B=90, C=45, D=10)
    profile = approvals("ABCD", "ABC", "AB", "A")
    skipping = counted(city, profile, "greedy", top_up_share=Decimal("0.8"))
    assert (skipping.selected, skipping.spent, skipping.topped_up) == (("A", "C"), "100", "5")
    assert reasons(skipping) == {"B": "did_not_fit", "D": "stopped_before"}
    stopping = counted(city, profile, "greedy-custom")
    assert (stopping.selected, stopping.topped_up) == (("A",), "0")
    assert reasons(stopping) == {"B": "did_not_fit", "C": "stopped_before", "D": "stopped_before"}
    exactly = instance(100, A=60, C=50, D=10)
    assert counted(exactly, approvals("ACD", "AC", "A"), "greedy", top_up_share=Decimal("0.8")).selected == (
        "A",
        "C",
    )
    dearer = instance(100, A=60, C="50.01", D=10)
    assert counted(dearer, approvals("ACD", "AC", "A"), "greedy", top_up_share=Decimal("0.8")).selected == (
        "A",
        "D",
    )
