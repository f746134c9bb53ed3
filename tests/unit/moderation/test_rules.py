"""What moderators may decide, and by when."""

import pytest

from civic.moderation import labels, reasons
from civic.moderation.rules import FORMERLY, HOUSE_RULES, REASONS, Decision, Why, decisions_for


@pytest.mark.parametrize(("why", "first"), [(Why.NEW, Decision.PUBLISH), (Why.REPORTED, Decision.DISMISS)])
def test_the_first_decision_is_the_mildest(why: Why, first: Decision) -> None:
    assert decisions_for(why, frozenset({Decision.HIDE})) == (first, Decision.HIDE)


def test_every_reason_and_decision_has_its_words() -> None:
    assert set(reasons.NAMES) == set(REASONS) | set(FORMERLY)
    assert set(reasons.SENTENCES) == set(reasons.RULES) == set(HOUSE_RULES)
    assert {str(one) for one in Decision} == set(labels.DECIDED)


def test_rules_keep_their_numbers() -> None:
    """Letters of earlier years name rules by number."""
    assert list(HOUSE_RULES.values()) == list(range(1, len(HOUSE_RULES) + 1))
    assert (HOUSE_RULES["threat"], HOUSE_RULES["personal_data"], HOUSE_RULES["off_topic"]) == (1, 2, 10)


@pytest.mark.parametrize(("old", "now"), FORMERLY.items())
def test_a_reason_of_earlier_years_leads_to_its_rule(old: str, now: str) -> None:
    assert reasons.rule_path(old) == f"/rules-of-conduct#rule-{HOUSE_RULES[now]}"
    assert reasons.NAMES[old] == reasons.NAMES[now]


def test_another_reason_has_no_rule() -> None:
    assert reasons.rule_number("other") is None
    assert reasons.rule_path("other") == "/rules-of-conduct"
