"""What staff type for moments and days, read as they write it and written back as they typed it."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

_MOMENT = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})[ ,T]+(?:ora )?(\d{1,2})[:.](\d{2})")


class NoSuchTime(ValueError):
    """The wall clock never shows this time: the clocks jump over it."""


def read_moment(text: str, zone: tzinfo) -> datetime:
    """`12.03.2027 23:59` on the city's clock as a moment in UTC; `24:00` is the end of that day.

    Raises NoSuchTime for a time the clocks jump over, ValueError for anything else that is no moment.
    """
    found = _MOMENT.fullmatch(" ".join(text.split()))
    if not found or not text.isascii():
        raise ValueError(text)
    day_, month, year, hour, minute = (int(part) for part in found.groups())
    end_of_day = (hour, minute) == (24, 0)
    local = datetime(year, month, day_, 0 if end_of_day else hour, minute, tzinfo=zone)
    if not 2000 <= year <= 2200:
        raise ValueError(text)
    if end_of_day:
        local = (local.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(text)
    return moment


def write_moment(moment: datetime | None, zone: tzinfo, is_end: bool = False) -> str:
    """The moment as staff type it; an end at midnight as 24:00 of the day before."""
    if moment is None:
        return ""
    local = moment.astimezone(zone)
    if is_end and (local.hour, local.minute) == (0, 0):
        return f"{local.date() - timedelta(days=1):%d.%m.%Y} 24:00"
    return f"{local:%d.%m.%Y %H:%M}"


def read_day(text: str) -> date:
    """`12.03.2027` as a day. Raises ValueError for anything else."""
    found = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text.strip())
    if not found or not text.isascii():
        raise ValueError(text)
    day = date(int(found[3]), int(found[2]), int(found[1]))
    if not 2000 <= day.year <= 2200:
        raise ValueError(text)
    return day
