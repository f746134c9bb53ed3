"""What time it is. Only views, jobs and the command line ask; everything else is told.

Times are stored in UTC and shown in the city's zone. Working days follow the Romanian public
holidays of the `holidays` library plus the bridge days that staff add.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session, scoped_session

CITY_ZONE = ZoneInfo("Europe/Bucharest")

# Moved by tests alone, through `travel`.
_offset = timedelta(0)


def now() -> datetime:
    """The current moment, timezone-aware, in UTC."""
    return datetime.now(UTC) + _offset


def database_now(session: Session | scoped_session) -> datetime:
    """The database's wall clock at this statement, not at the start of its transaction.

    A cast that waited for a lock must be compared with the moment the wait ended.
    """
    return shifted(session.execute(text("SELECT clock_timestamp()")).scalar_one())


def shifted(moment: datetime) -> datetime:
    """A moment read from the database's clock together with other things, as `database_now` would tell it."""
    return moment + _offset


def on_database(moment: datetime) -> datetime:
    """What the database's clock shows when it is this moment here: the other way round."""
    return moment - _offset


def travel(offset: timedelta) -> None:
    """Shift both clocks. For tests and the demo generator, which cast ballots 'last spring'."""
    global _offset
    _offset = offset


def to_city(moment: datetime) -> datetime:
    """The same moment on the city's wall clock."""
    return moment.astimezone(CITY_ZONE)


def city_date(moment: datetime) -> date:
    """The calendar day in the city at that moment."""
    return to_city(moment).date()


def city_moment(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A wall-clock time in the city as a UTC moment, whichever side of a clock change it falls."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=CITY_ZONE).astimezone(UTC)


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    # The calendars of all religions come with it, and no public page counts working days.
    import holidays

    return frozenset(holidays.country_holidays("RO", years=year))


def is_working_day(day: date, bridge_days: Collection[date] = ()) -> bool:
    """Monday to Friday, neither a public holiday nor a bridge day declared by the city."""
    return day.weekday() < 5 and day not in _public_holidays(day.year) and day not in bridge_days


def add_working_days(day: date, count: int, bridge_days: Collection[date] = ()) -> date:
    """The `count`-th working day after `day` (count ≥ 0; the day itself does not count)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day, bridge_days):
            count -= 1
    return day
