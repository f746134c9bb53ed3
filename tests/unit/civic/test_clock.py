"""Days and deadlines in the city, on either side of a clock change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic import clock


def test_midnight_in_the_city_is_not_midnight_in_utc() -> None:
    assert clock.city_moment(date(2026, 7, 1)) == datetime(2026, 6, 30, 21, 0, tzinfo=UTC)
    assert clock.city_moment(date(2026, 1, 1)) == datetime(2025, 12, 31, 22, 0, tzinfo=UTC)


def test_a_day_with_a_clock_change_has_23_or_25_hours() -> None:
    assert clock.city_moment(date(2026, 3, 30)) - clock.city_moment(date(2026, 3, 29)) == timedelta(hours=23)
    assert clock.city_moment(date(2026, 10, 26)) - clock.city_moment(date(2026, 10, 25)) == timedelta(
        hours=25
    )


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_a_moment_belongs_to_the_city_day_that_contains_it(moment: datetime) -> None:
    day = clock.city_date(moment)
    assert clock.city_moment(day) <= moment < clock.city_moment(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 4, 10), False),  # Orthodox Good Friday
        (date(2026, 4, 13), False),  # Easter Monday
        (date(2026, 11, 30), False),
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 11, 27), True),
    ],
)
def test_romanian_holidays(day: date, working: bool) -> None:
    assert clock.is_working_day(day) is working


def test_working_days_skip_weekends_holidays_and_bridge_days() -> None:
    assert clock.add_working_days(date(2026, 4, 9), 1) == date(2026, 4, 14)
    assert clock.add_working_days(date(2026, 4, 9), 1, bridge_days={date(2026, 4, 14)}) == date(2026, 4, 15)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_adding_days_one_by_one_is_adding_them_at_once(day: date, count: int) -> None:
    stepwise = day
    for _ in range(count):
        stepwise = clock.add_working_days(stepwise, 1)
    assert stepwise == clock.add_working_days(day, count)
