"""What makes a delivery late, what needs a reason, and which amounts cannot be."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.tracker import rules
from civic.tracker.rules import Step

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
STATUS = st.sampled_from(sorted(rules.STATUSES))


def test_the_controlled_list_has_the_thirteen_stages_and_cancelled() -> None:
    assert len(rules.STATUSES) == 14
    assert rules.CODES["sistat"] == "halted"
    assert set(rules.STATUSES) >= rules.NEEDS_REASON | rules.ENDED


@given(STATUS, st.none() | DAYS, DAYS)
def test_late_is_counted_from_the_planned_end_and_never_negative(
    status: str, planned: date | None, today: date
) -> None:
    late = rules.days_late(status, planned, today)
    assert late >= 0
    open_and_past = status not in rules.ENDED and planned is not None and planned < today
    assert (late > 0) is open_and_past
    if open_and_past:
        assert planned is not None
        assert planned + timedelta(days=late) == today
        assert rules.days_late(status, planned, today + timedelta(days=1)) == late + 1


@pytest.mark.parametrize(
    ("planned", "today", "late"),
    [
        (date(2026, 5, 12), date(2026, 5, 11), 0),
        (date(2026, 5, 12), date(2026, 5, 12), 0),  # the last day is not late
        (date(2026, 5, 12), date(2026, 5, 13), 1),
        (date(2024, 2, 29), date(2024, 3, 1), 1),
    ],
)
def test_the_last_day_is_not_late(planned: date, today: date, late: int) -> None:
    assert rules.days_late("in_execution", planned, today) == late


@given(st.none() | DAYS, st.none() | DAYS)
def test_early_and_late_ends(planned: date | None, done: date | None) -> None:
    off = rules.days_off_plan(planned, done)
    if planned is None or done is None:
        assert off is None
    else:
        assert off is not None
        assert planned + timedelta(days=off) == done


@given(STATUS, STATUS, st.text(" \n\t", max_size=3))
def test_some_stages_say_nothing_without_a_reason(old: str, new: str, blank: str) -> None:
    needed = new in {"halted", "cancelled", "other"} or (old in rules.ENDED and new not in rules.ENDED)
    assert rules.reason_missing(old, new, blank) is needed
    assert not rules.reason_missing(old, new, "contestație la licitație")


@given(st.lists(st.builds(Step, st.text(max_size=5), DAYS, st.none() | DAYS), max_size=8))
def test_the_next_step_is_the_earliest_not_reached(steps: list[Step]) -> None:
    following = rules.next_step(steps)
    waiting = [step for step in steps if step.done_on is None]
    reached, total = rules.share_done(steps)
    assert total - reached == len(waiting)
    if following is None:
        assert not waiting
    else:
        assert following in waiting
        assert all(following.due_on <= step.due_on for step in waiting)


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_impossible_amounts(amount: str) -> None:
    assert rules.money_problem(Decimal(amount))


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal("0.01"), rules.MAX_MONEY])
def test_possible_amounts(amount: Decimal | None) -> None:
    assert not rules.money_problem(amount)


def test_groups_hold_known_stages_once() -> None:
    grouped = [status for stages in rules.GROUPS.values() for status in stages]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(rules.STATUSES)
    assert not set(rules.GROUPS) & set(rules.STATUSES)
    assert rules.stages_of("") == ()
