"""The counting rule as it is stored, from what was typed."""

import pytest

from civic.rounds import rules_registry
from civic.rounds.rules_registry import read_parameters


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
        ("greedy-threshold", "min_score", ""),
    ],
)  # fmt: skip
def test_settings_that_cannot_be(name: str, field: str, text: str) -> None:
    problems = read_parameters(rule(name), {field: text})[1]
    assert str(problems[field])


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
