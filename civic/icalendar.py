"""Events as iCalendar (RFC 5545), which calendars import and subscribe to. The small part of it that events need."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

MEDIA_TYPE = "text/calendar; charset=utf-8"
#: A content line has at most 75 octets before its break (section 3.1).
MOST_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """One event. `uid` is the same for ever; `sequence` rises with every change that calendars have to take over."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def _escaped(text: str) -> str:
    """A value of type TEXT (section 3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def fold(line: str) -> str:
    """A content line broken so that no part is longer than 75 octets; no character is cut in two.

    >>> fold("SUMMARY:short")
    'SUMMARY:short'
    """
    parts, part, size = [], "", 0
    for character in line:
        octets = len(character.encode())
        # A part that goes on begins with a space, which counts.
        if size + octets > MOST_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += character
        size += octets
    return "\r\n".join([*parts, part])


def _lines(event: Event) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(event.uid)}"
    yield f"DTSTAMP:{_moment(event.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(event.changed_at)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.ends_at)}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    for name, value in (("DESCRIPTION", event.description), ("LOCATION", event.location)):
        if value:
            yield f"{name}:{_escaped(value)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def calendar(name: str, events: Iterable[Event]) -> str:
    """A whole calendar, its lines ended as the format asks."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Civic//Meetings//RO", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]  # fmt: skip
    for event in events:
        lines += _lines(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)
