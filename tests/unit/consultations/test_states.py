"""Where a consultation stands is told by its moments and the clock alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from consultations.rules import ENDED, OUTCOMES, State, outcomes_of, state_of

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class One:
    announced_at: datetime | None = NOON - DAY
    opens_at: datetime | None = NOON
    closes_at: datetime | None = NOON + 10 * DAY
    report_published_at: datetime | None = None
    outcome: str = ""


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (NOON - timedelta(microseconds=1), State.ANNOUNCED),
        (NOON, State.OPEN),
        (NOON + 10 * DAY - timedelta(microseconds=1), State.OPEN),
        (NOON + 10 * DAY, State.ANSWERING),
        (NOON + 400 * DAY, State.ANSWERING),
    ],
)
def test_the_clock_moves_it(now: datetime, state: State) -> None:
    assert state_of(One(), now) == state


def test_what_was_not_announced_is_a_draft_at_any_time() -> None:
    assert state_of(One(announced_at=None, opens_at=None, closes_at=None), NOON) == State.DRAFT


@pytest.mark.parametrize("outcome", ["adopted", "rejected", "withdrawn"])
def test_an_outcome_is_the_last_word(outcome: str) -> None:
    assert state_of(One(outcome=outcome, report_published_at=NOON + 11 * DAY), NOON) == outcome


def test_a_published_report_ends_the_answering() -> None:
    assert state_of(One(report_published_at=NOON + 11 * DAY), NOON + 12 * DAY) == State.REPORTED


def test_before_its_report_a_consultation_can_only_be_withdrawn_and_then_end_in_any_way() -> None:
    for state in (State.ANNOUNCED, State.OPEN, State.ANSWERING):
        assert outcomes_of(state) == ("withdrawn",)
    assert outcomes_of(State.REPORTED) == OUTCOMES
    for state in (State.DRAFT, *ENDED):
        assert outcomes_of(state) == ()
