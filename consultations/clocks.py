"""When a consultation may end, on the city's calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from civic.clock import city_date, city_moment
from civic.deadlines.clocks import ends_at

#: The shortest time there is: what came within a day came before the next one's first moment.
INSTANT = timedelta(microseconds=1)
#: The hour at which the office's answers are due on their last day.
OFFICE_CLOSES = 18


class Length(Protocol):
    """A deadline's version, as much of it as counting needs."""

    @property
    def days(self) -> int: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class Rule:
    """A length that is in no table."""

    days: int
    unit: str


def earliest_close(window: Length, opens_at: datetime, bridge_days: Collection[date] = ()) -> datetime:
    """The first moment at which it may end: the last day whole, the day of opening not counted."""
    return ends_at(window.days, window.unit, 24, opens_at, bridge_days)


def end_of(day: date) -> datetime:
    """The moment a last day is over, in the city."""
    return city_moment(day + timedelta(days=1))


def last_day(closes_at: datetime) -> date:
    """The last day of what ends at a moment."""
    return city_date(closes_at - INSTANT)


def days_left(due_at: datetime, now: datetime) -> int:
    """A clock as staff read it: whole days until the day something is due, 0 on that day, below 0 when late."""
    days = (last_day(due_at) - city_date(now)).days
    return min(days, -1) if now >= due_at else days


def days_given(opens_at: datetime, closes_at: datetime) -> int:
    """Calendar days people have, the day of opening not counted, as the law counts."""
    return (last_day(closes_at) - city_date(opens_at)).days


def answers_due(length: Length, closes_at: datetime, off: Collection[date]) -> datetime:
    """Until when contributions are to be answered: counted from the last day they were received."""
    return ends_at(length.days, length.unit, OFFICE_CLOSES, closes_at - INSTANT, off)
