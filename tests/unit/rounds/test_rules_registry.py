"""The counting rule as it is stored, from what was typed."""

import pytest

from civic.rounds import rules_registry
from civic.rounds.rules_registry import read_parameters
from voting.counting.rules import RULE_NAMES, Rule


def rule(name: str) -> rules_registry.RegisteredRule:
    found = rules_registry.find_rule({"name": name})
    assert found is not None
    return found


def test_a_rule_is_stored_with_its_settings() -> None:
    typed = {"min_score": "50", "max_winners": "15", "group_winners_first": "y", "top_up_share": "80"}
    stored, problems = read_parameters(rule("greedy"), typed)
    assert problems == {}
    assert stored == {
        "version": 1, "name": "greedy", "min_score": "50", "max_winners": 15, "group_winners_first": True,
        "top_up_share": "0.8",
    }  # fmt: skip


def test_what_is_not_set_is_not_stored() -> None:
    assert read_parameters(rule("equal-shares"), {})[0] == {"version": 1, "name": "equal-shares"}


@pytest.mark.parametrize(
    ("name", "field", "text"),
    [
        ("greedy", "max_winners", "0"), ("greedy", "max_winners", "²"), ("greedy", "min_score", "-1"),
        ("greedy", "min_score", "NaN"), ("greedy", "top_up_share", "101"), ("greedy", "top_up_share", "0"),
        ("greedy", "min_score", "multe"), ("equal-shares", "completion", "magic"),
        ("greedy-threshold", "min_score", ""), ("greedy", "top_up_limit", "0"), ("greedy", "top_up_limit", "mult"),
        ("equal-shares", "increment", "0"), ("equal-shares", "start", "zero"),
        # An increment is for shares that are raised; the rule of the near miss needs to know what is near.
        ("equal-shares", "increment", "5"), ("equal-shares", "stop_when_exhaustive", "y"),
        ("greedy-custom", "top_up_share", ""), ("phragmen", "rank_scores", "1, 3"), ("greedy", "rank_scores", "0"),
        ("greedy", "rank_scores", "5,,1"), ("greedy", "rank_scores", "cinci"), ("greedy", "rank_scores", "5, -1"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(name: str, field: str, text: str) -> None:
    problems = read_parameters(rule(name), {field: text})[1]
    assert str(problems[field])


def test_a_point_groups_thousands_in_settings_as_in_amounts() -> None:
    typed = {"min_score": "1.000", "top_up_limit": "100.000,50 lei", "top_up_share": "79,5 %"}
    stored, problems = read_parameters(rule("greedy-no-skip"), typed)
    assert problems == {}
    assert (stored["min_score"], stored["top_up_limit"], stored["top_up_share"]) == (
        "1000", "100000.5", "0.795",
    )  # fmt: skip


@pytest.mark.parametrize("given", [{"top_up_share": "80"}, {"top_up_limit": "100.000"}])
def test_the_rule_of_the_near_miss_takes_a_share_or_an_amount(given: dict[str, str]) -> None:
    assert read_parameters(rule("greedy-custom"), given)[1] == {}


@pytest.mark.parametrize("registered", rules_registry.list_rules(), ids=lambda one: one.name)
def test_every_rule_offered_with_all_it_takes_can_be_counted(
    registered: rules_registry.RegisteredRule,
) -> None:
    typed = {
        "places": "5, 3, 1",
        "integer": "15",
        "decimal": "50",
        "amount": "100.000",
        "share": "80",
        "flag": "y",
    }
    given = {
        one.name: one.choices[-1][0] if one.kind == "choice" else typed[one.kind]
        for one in registered.parameters
    }
    stored, problems = read_parameters(registered, given)
    assert problems == {}
    assert set(stored) == {"version", "name", *given}
    counted = Rule.from_json(stored)
    # Nothing that belongs to the rule is missing from the form; ties are settled elsewhere.
    assert set(counted.parameters()) == {*given, "tie_break"}
    assert rules_registry.problem_of(stored) is None


def test_every_rule_that_can_be_counted_is_offered() -> None:
    assert {one.name for one in rules_registry.list_rules()} == set(RULE_NAMES)


def test_a_stored_rule_whose_settings_contradict_each_other_is_refused_with_the_reason() -> None:
    problem = rules_registry.problem_of({"version": 1, "name": "greedy-custom"})
    assert "without them nothing is added" in str(problem)


def test_an_unknown_rule_is_refused_and_a_check_may_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rules_registry.problem_of({"name": "lottery"}) is not None
    assert rules_registry.problem_of({"version": 1, "name": "greedy"}) is None

    def refuse(stored: object) -> None:
        raise ValueError

    monkeypatch.setattr(rules_registry, "_CHECKS", [refuse])
    assert "do not go together" in str(rules_registry.problem_of({"version": 1, "name": "greedy"}))


def test_registering_again_keeps_the_explanation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_registry, "_RULES", dict(rules_registry._RULES))
    before = rule("greedy")
    rules_registry.register_rule("greedy", "Altfel", [])
    assert rule("greedy").label == "Altfel"
    assert rule("greedy").explanation == before.explanation
