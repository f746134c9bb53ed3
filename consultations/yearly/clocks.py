"""When a year begins and ends, on the city's calendar."""

from datetime import date, datetime

from civic.clock import city_moment


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of a year, and of the next one."""
    return city_moment(date(year, 1, 1)), city_moment(date(year + 1, 1, 1))
