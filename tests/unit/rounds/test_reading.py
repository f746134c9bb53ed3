"""What staff type for moments and days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.rounds import reading

ZONE = ZoneInfo("Europe/Bucharest")


@given(st.datetimes(datetime(2005, 1, 1), datetime(2100, 1, 1)), st.booleans())
def test_a_moment_comes_back_as_it_was(local: datetime, is_end: bool) -> None:
    moment = local.replace(second=0, microsecond=0, tzinfo=ZONE).astimezone(UTC)
    back = reading.read_moment(reading.write_moment(moment, ZONE, is_end), ZONE)
    # In the hour that the clocks repeat, the first of the two is meant.
    assert back in (moment, moment - timedelta(hours=1))


@given(st.dates(date(2005, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_day_is_the_midnight_after_it(day: date) -> None:
    moment = reading.read_moment(f"{day:%d.%m.%Y} 24:00", ZONE)
    assert moment.astimezone(ZONE).replace(tzinfo=None) == datetime(day.year, day.month, day.day) + timedelta(
        days=1
    )


def test_a_time_the_clocks_jump_over_is_refused() -> None:
    with pytest.raises(reading.NoSuchTime):
        reading.read_moment("28.03.2027 03:30", ZONE)
    assert reading.read_moment("28.03.2027 04:00", ZONE) == datetime(2027, 3, 28, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "mâine", "31.02.2027 10:00", "12.03.2027", "12.03.2027 25:00", "12.03.2027 24:01", "1.1.1900 10:00"],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError):
        reading.read_moment(text, ZONE)
