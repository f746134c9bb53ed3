"""What the law and the house say about debates: when at the earliest, in what order, when it ends. Plain values.

Law 52/2003, art. 7(9): a debate is held when a legally constituted association or another public authority asks for
one in writing. Art. 7(10): its date and place are announced, it ends when every registered speaker has spoken (b),
and its minutes are public within ten calendar days (d).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

ANNOUNCE = "consultation.debate.announce"
NOTICE = "consultation.debate.notice"
MINUTES = "consultation.debate.minutes"

#: In the place of a name whose owner deleted the account; pages say it in the reader's language.
NO_NAME = "deleted account"

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


def open_requests(requests: Sequence[Request], ended_at: Sequence[datetime]) -> list[Request]:
    """The requests no debate has been held for yet: those that came after the last one ended."""
    last = max(ended_at, default=None)
    return [one for one in requests if last is None or one.requested_at >= last]
