"""What the law and the house say about debates: when at the earliest, in what order, when it ends. Plain values.

Law 52/2003, art. 7(9): a debate is held when a legally constituted association or another public authority asks for
one in writing. Art. 7(10): its date and place are announced, it ends when every registered speaker has spoken (b),
and its minutes are public within ten calendar days (d).
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from civic.clock import city_date
from civic.deadlines.clocks import ends_at

ANNOUNCE = "consultation.debate.announce"
NOTICE = "consultation.debate.notice"
MINUTES = "consultation.debate.minutes"

MAX_TEXT = 5_000
MAX_NOTE = 8_000
MAX_MINUTES = 50_000
MOST_PEOPLE = 100_000

WAITING, SPOKEN, ABSENT, WITHDRAWN = "waiting", "spoken", "absent", "withdrawn"
#: How a registered speaker's turn can end.
HEARD = (SPOKEN, ABSENT)


class Speaker(Protocol):
    """The part of a speaker that the order and the end of a debate depend on."""

    id: int
    position: int
    state: str


class RequestMoment(Protocol):
    """When a request was made."""

    @property
    def requested_at(self) -> datetime: ...


Request = TypeVar("Request", bound=RequestMoment)


def earliest_start(days: int, unit: str, announced_at: datetime, off: Collection[date] = ()) -> datetime:
    """The first moment at which a debate announced now may begin: so many whole days lie between."""
    return ends_at(days, unit, 24, announced_at, off)


def in_order(speakers: Sequence[Speaker]) -> list[Speaker]:
    """Those who are to speak, in the order of speaking."""
    return sorted((one for one in speakers if one.state != WITHDRAWN), key=lambda one: one.position)


def neighbour(speakers: Sequence[Speaker], speaker_id: int, step: int) -> Speaker | None:
    """Who stands one place before (-1) or after (1) somebody among those who wait; None at the ends.

    Whoever has been heard keeps the place in which they spoke.
    """
    waiting = [one for one in in_order(speakers) if one.state == WAITING]
    places = [one.id for one in waiting]
    if speaker_id not in places:
        return None
    place = places.index(speaker_id) + step
    return waiting[place] if 0 <= place < len(waiting) else None


def still_waiting(speakers: Sequence[Speaker]) -> int:
    """How many registered speakers have neither spoken nor been marked absent: the debate goes on for them."""
    return sum(1 for one in speakers if one.state == WAITING)


def days_late(due_at: datetime, done_at: datetime | None, now: datetime) -> int:
    """How many days late something is or was; 0 when it came in time or is not due yet."""
    until = done_at or now
    if until <= due_at:
        return 0
    return max(1, (city_date(until) - city_date(due_at)) // timedelta(days=1))


def open_requests(requests: Sequence[Request], ended_at: Sequence[datetime]) -> list[Request]:
    """The requests no debate has been held for yet: those that came after the last one ended."""
    last = max(ended_at, default=None)
    return [one for one in requests if last is None or one.requested_at >= last]
