"""When a debate may be at the earliest, and by how much something about it is late, on the city's calendar."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from civic.clock import city_date
from civic.deadlines.clocks import ends_at


def earliest_start(days: int, unit: str, announced_at: datetime, off: Collection[date] = ()) -> datetime:
    """The first moment at which a debate announced now may begin: so many whole days lie between."""
    return ends_at(days, unit, 24, announced_at, off)


def days_late(due_at: datetime, done_at: datetime | None, now: datetime) -> int:
    """How many days late something is or was; 0 when it came in time or is not due yet."""
    until = done_at or now
    if until <= due_at:
        return 0
    return max(1, (city_date(until) - city_date(due_at)) // timedelta(days=1))
