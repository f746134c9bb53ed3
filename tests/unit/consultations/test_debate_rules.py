"""A debate is announced early enough, its order is kept, and it ends when everyone has spoken."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from civic.clock import city_moment
from consultations.debates.clocks import days_late, earliest_start
from consultations.debates.rules import in_order, neighbour, open_requests, still_waiting

#: A Thursday noon in the city.
THURSDAY = datetime(2026, 5, 14, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class One:
    id: int
    position: int
    state: str = "waiting"


@dataclass
class Asked:
    requested_at: datetime


def test_whole_days_lie_between_the_announcement_and_the_debate() -> None:
    # Friday, Monday and Tuesday lie between; Wednesday is the first possible day.
    assert earliest_start(3, "working", THURSDAY) == city_moment((THURSDAY + 6 * DAY).date())
    assert earliest_start(3, "calendar", THURSDAY) == city_moment((THURSDAY + 4 * DAY).date())


def test_a_bridge_day_does_not_count() -> None:
    off = [(THURSDAY + DAY).date()]
    assert earliest_start(3, "working", THURSDAY, off) == city_moment((THURSDAY + 7 * DAY).date())


def test_who_withdrew_is_not_in_the_order() -> None:
    people = [One(1, 3), One(2, 1, "withdrawn"), One(3, 2, "spoken")]
    assert [one.id for one in in_order(people)] == [3, 1]
    assert still_waiting(people) == 1


@pytest.mark.parametrize(
    ("who", "step", "found"),
    [(1, -1, None), (1, 1, 4), (4, -1, 1), (4, 1, None), (2, 1, None), (3, -1, None), (9, 1, None)],
)
def test_places_change_only_among_those_who_wait(who: int, step: int, found: int | None) -> None:
    people = [One(1, 1), One(2, 2, "withdrawn"), One(3, 3, "spoken"), One(4, 4)]
    other = neighbour(people, who, step)
    assert (other.id if other else None) == found


@pytest.mark.parametrize(
    ("done", "now", "days"),
    [
        (None, THURSDAY, 0),
        (None, THURSDAY + timedelta(hours=1), 1),
        (None, THURSDAY + 3 * DAY, 3),
        (THURSDAY - DAY, THURSDAY + 9 * DAY, 0),
        (THURSDAY, THURSDAY + 9 * DAY, 0),
        (THURSDAY + 2 * DAY, THURSDAY + 9 * DAY, 2),
    ],
)
def test_lateness_is_counted_until_it_was_done(done: datetime | None, now: datetime, days: int) -> None:
    assert days_late(THURSDAY, done, now) == days


def test_a_request_after_the_last_debate_is_open() -> None:
    before, after = Asked(THURSDAY - DAY), Asked(THURSDAY + DAY)
    assert open_requests([before, after], []) == [before, after]
    assert open_requests([before, after], [THURSDAY]) == [after]
    assert open_requests([before, after], [THURSDAY, THURSDAY + 2 * DAY]) == []
