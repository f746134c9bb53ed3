"""What moderators may decide, and by when."""

from datetime import UTC, datetime

import pytest

from civic.clock import to_city
from civic.moderation import labels
from civic.moderation.clocks import due_at
from civic.moderation.rules import REASONS, Decision, Why, decisions_for

FRIDAY = datetime(2026, 5, 15, 9, tzinfo=UTC)


def test_new_texts_have_two_working_days_and_reports_one() -> None:
    assert f"{to_city(due_at(Why.NEW, FRIDAY)):%d.%m %H:%M}" == "19.05 18:00"
    assert f"{to_city(due_at(Why.REPORTED, FRIDAY)):%d.%m %H:%M}" == "18.05 18:00"


@pytest.mark.parametrize(("why", "first"), [(Why.NEW, Decision.PUBLISH), (Why.REPORTED, Decision.DISMISS)])
def test_the_first_decision_is_the_mildest(why: Why, first: Decision) -> None:
    assert decisions_for(why, frozenset({Decision.HIDE})) == (first, Decision.HIDE)


def test_every_reason_and_decision_has_its_words() -> None:
    assert set(labels.REASONS) == set(REASONS)
    assert {str(one) for one in Decision} == set(labels.DECIDED)
