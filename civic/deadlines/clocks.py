"""When a deadline ends, on the city's calendar."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from civic.clock import add_working_days, city_date, city_moment
from civic.deadlines.rules import Unit


def ends_at(days: int, unit: Unit | str, hour: int, begun: datetime, off: Collection[date] = ()) -> datetime:
    """The moment a deadline of so many days ends. The day on which it begins does not count.

    Hours run by the clock, at night and on days off too: `days` is then their number.

    `hour` is when the last day ends: 24 for what a person may still do until midnight, the end of the
    office's hours for what the office owes. `off` are the city's bridge days.
    """
    if unit == Unit.HOURS:
        return begun + timedelta(hours=days)
    first = city_date(begun)
    last = add_working_days(first, days, off) if unit == Unit.WORKING else first + timedelta(days=days)
    return city_moment(last + timedelta(days=1)) if hour == 24 else city_moment(last, hour)
