"""How many votes losers were missing: recounted for the nearest first, as far as the effort goes."""

from voting.counting.missing_votes import OVERHEAD, missing_votes
from voting.counting.rules import Rule
from voting.counting.what_if import Change, what_if


def contest(instance, approvals):
    pot = instance(100, a=40, b=45, c=90, d=95)
    return pot, approvals(a=10, b=8, c=4, d=1)


def test_the_number_found_is_enough_and_one_less_is_not(instance, approvals, counted):
    pot, profile = contest(instance, approvals)
    for name in ("equal-shares", "phragmen"):
        rule, outcome = Rule.named(name), counted(pot, profile, name)
        found = missing_votes(pot, profile, rule, outcome)
        assert set(found) == {rejection.project for rejection in outcome.rejected}
        answered = {project: one["votes"] for project, one in found.items() if one["search"] == "found"}
        assert answered
        for project, votes in answered.items():
            more = what_if(pot, profile, rule, Change(more_votes={project: votes}))
            less = what_if(pot, profile, rule, Change(more_votes={project: votes - 1}))
            assert project in more.selected
            assert project not in less.selected


def test_a_small_effort_answers_for_the_nearest_and_says_so_of_the_others(instance, approvals, counted):
    pot, profile = contest(instance, approvals)
    rule, outcome = Rule.named("equal-shares"), counted(pot, profile, "equal-shares")
    whole = missing_votes(pot, profile, rule, outcome)
    nearest = next(iter(whole))
    some = missing_votes(pot, profile, rule, outcome, effort=14 * OVERHEAD)
    assert [one["search"] for one in some.values()].count("not_tried") == len(some) - 1
    assert some[nearest]["search"] != "not_tried"
    none = missing_votes(pot, profile, rule, outcome, effort=0)
    assert {one["search"] for one in none.values()} == {"not_tried"}
    assert missing_votes(pot, profile, rule, outcome, effort=14 * OVERHEAD) == some


def test_rules_by_score_need_no_search_and_the_withdrawn_get_none(instance, approvals, counted):
    pot, profile = contest(instance, approvals)
    assert missing_votes(pot, profile, Rule.named("greedy"), counted(pot, profile)) == {}
    gone = instance(100, a=40, b=45, c=90, withdrawn="c")
    outcome = counted(gone, approvals(a=3, b=2, c=1), "equal-shares")
    assert "c" not in missing_votes(gone, approvals(a=3, b=2, c=1), Rule.named("equal-shares"), outcome)
