"""When a deadline ends."""

from datetime import UTC, date, datetime

import pytest

from civic.clock import to_city
from civic.deadlines.clocks import ends_at

FRIDAY = datetime(2026, 5, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "unit", "hour", "off", "expected"),
    [
        (1, "working", 18, (), "18.05 18:00"),
        (2, "working", 18, (), "19.05 18:00"),
        (1, "working", 18, (date(2026, 5, 18),), "19.05 18:00"),
        (1, "calendar", 18, (), "16.05 18:00"),
        # Until midnight: the last day is whole.
        (7, "calendar", 24, (), "23.05 00:00"),
        # 31 May and 1 June are public holidays; the 30th is a Saturday.
        (10, "working", 18, (), "29.05 18:00"),
        (11, "working", 18, (), "02.06 18:00"),
    ],
)
def test_the_day_it_begins_does_not_count(
    days: int, unit: str, hour: int, off: tuple[date, ...], expected: str
) -> None:
    assert f"{to_city(ends_at(days, unit, hour, FRIDAY, off)):%d.%m %H:%M}" == expected


def test_a_working_day_is_counted_on_the_citys_calendar() -> None:
    late_on_sunday_in_london = datetime(2026, 5, 17, 21, 30, tzinfo=UTC)
    assert f"{to_city(ends_at(1, 'working', 18, late_on_sunday_in_london)):%d.%m}" == "19.05"
