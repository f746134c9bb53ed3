"""What moderators may decide, and by when."""

import pytest

from civic.moderation import labels
from civic.moderation.rules import REASONS, Decision, Why, decisions_for


@pytest.mark.parametrize(("why", "first"), [(Why.NEW, Decision.PUBLISH), (Why.REPORTED, Decision.DISMISS)])
def test_the_first_decision_is_the_mildest(why: Why, first: Decision) -> None:
    assert decisions_for(why, frozenset({Decision.HIDE})) == (first, Decision.HIDE)


def test_every_reason_and_decision_has_its_words() -> None:
    assert set(labels.REASONS) == set(REASONS)
    assert {str(one) for one in Decision} == set(labels.DECIDED)
