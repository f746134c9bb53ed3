"""How short a consultation may be: the law's days on the city's calendar, 2024 to 2030."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.clock import city_date, is_working_day
from consultations import clocks
from consultations.clocks import Rule

CITY = ZoneInfo("Europe/Bucharest")
TEN, FIFTEEN, THIRTY = Rule(10, "calendar"), Rule(15, "calendar"), Rule(30, "working")


def city(text: str) -> datetime:
    """A moment on the city's clock, such as "2026-03-20 23:59"."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY).astimezone(UTC)


@pytest.mark.parametrize(
    ("rule", "opened", "bridges", "last"),
    [
        # ten calendar days: the day of opening does not count, holidays do
        (TEN, "2024-01-15 09:00", (), "2024-01-25"),
        (TEN, "2024-04-29 09:00", (), "2024-05-09"),  # over Easter of 2024 (5 May)
        (TEN, "2026-04-05 00:00", (), "2026-04-15"),  # over Easter of 2026 (12 April)
        (TEN, "2026-12-22 12:00", (), "2027-01-01"),  # ends on a holiday: a calendar day all the same
        (TEN, "2026-03-20 23:59", (), "2026-03-30"),  # a minute before midnight gives ten whole days
        (TEN, "2026-03-21 00:00", (), "2026-03-31"),
        (TEN, "2026-10-20 10:00", (), "2026-10-30"),  # over the end of summer time
        (TEN, "2028-02-25 10:00", (), "2028-03-06"),  # over 29 February
        (FIFTEEN, "2025-02-03 08:00", (), "2025-02-18"),
        # thirty working days
        (THIRTY, "2024-07-01 10:00", (), "2024-08-12"),
        (THIRTY, "2024-12-16 10:00", (), "2025-02-05"),  # 25, 26 December, 1, 2, 6, 7, 24 January
        (THIRTY, "2025-04-07 10:00", (), "2025-05-22"),  # Easter 18, 21 April and 1 May
        (THIRTY, "2026-03-16 10:00", (), "2026-04-29"),  # Easter 10, 13 April
        (THIRTY, "2027-04-05 10:00", (), "2027-05-19"),  # Easter 30 April, 3 May; 1 May on a Saturday
        (THIRTY, "2028-04-03 10:00", (), "2028-05-18"),  # Easter 14, 17 April, 1 May
        (THIRTY, "2029-03-26 10:00", (), "2029-05-10"),  # Easter 6, 9 April, 1 May
        (THIRTY, "2030-04-08 10:00", (), "2030-05-23"),  # Easter 26, 29 April, 1 May
        (THIRTY, "2026-03-14 10:00", (), "2026-04-28"),  # announced on a Saturday
        # bridge days push the end on
        (THIRTY, "2026-03-16 10:00", ("2026-04-14",), "2026-04-30"),
        (THIRTY, "2026-11-02 10:00", ("2026-12-24", "2026-11-28"), "2026-12-16"),
    ],
)
def test_the_earliest_last_day(rule: Rule, opened: str, bridges: tuple[str, ...], last: str) -> None:
    off = [date.fromisoformat(day) for day in bridges]
    earliest = clocks.earliest_close(rule, city(opened), off)
    assert clocks.last_day(earliest) == date.fromisoformat(last)
    assert earliest == city(f"{date.fromisoformat(last) + timedelta(days=1)} 00:00"), "the last day is whole"


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 1)).map(  # noqa: DTZ001 - given the city's zone next
    lambda moment: moment.replace(tzinfo=CITY).astimezone(UTC)
)


@given(MOMENTS, st.integers(1, 60))
def test_calendar_days_are_never_fewer_than_so_many_times_24_hours_but_for_the_clock_change(
    opened: datetime, days: int
) -> None:
    earliest = clocks.earliest_close(Rule(days, "calendar"), opened)
    assert earliest - opened >= timedelta(days=days) - timedelta(hours=1)
    assert clocks.days_given(opened, earliest) == days


@given(MOMENTS, st.integers(1, 40), st.sets(st.dates(date(2024, 1, 1), date(2031, 6, 1)), max_size=20))
def test_between_opening_and_end_lie_exactly_so_many_working_days(
    opened: datetime, days: int, bridges: set[date]
) -> None:
    earliest = clocks.earliest_close(Rule(days, "working"), opened, bridges)
    day, counted = city_date(opened), 0
    while day < clocks.last_day(earliest):
        day += timedelta(days=1)
        counted += is_working_day(day, bridges)
    assert counted == days
    assert is_working_day(clocks.last_day(earliest), bridges)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_the_end_of_a_day_and_the_last_day_of_an_end_agree(day: date) -> None:
    assert clocks.last_day(clocks.end_of(day)) == day
