"""Kinds of meetings, how early each is announced, and where one stands. Plain values in, plain values out.

Administrative Code, art. 134: the council is convened at least five days before an ordinary meeting, three before an
extraordinary one, at once for good reason. Law 52/2003, art. 8: a public meeting is announced at least three days before,
with its date, time, place and agenda. The days are data (`civic.deadlines`), no part of this module.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

ORDINARY = "meeting.notice.ordinary"
EXTRAORDINARY = "meeting.notice.extraordinary"
OPEN = "meeting.notice.open"
MINUTES = "meeting.minutes"

MAX_TITLE, MAX_PLACE, MAX_TEXT, MAX_MINUTES, MAX_REASON = 300, 300, 10_000, 50_000, 2_000
MAX_LINK = 500
#: Points of an agenda and documents of a meeting, at most.
MOST_ITEMS, MOST_DOCUMENTS = 200, 200


@dataclass(frozen=True)
class Kind:
    """What a kind of meeting must do. `notice` is the key of a deadline; None where it may be announced at once."""

    name: str
    notice: str | None
    #: whether a published reason is asked for why it is announced at once
    reasoned: bool = False


_KINDS = (
    Kind("council", ORDINARY),
    Kind("council_extraordinary", EXTRAORDINARY),
    Kind("council_urgent", None, reasoned=True),
    Kind("committee", OPEN),
    Kind("workshop", OPEN),
    Kind("assembly", OPEN),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}
#: A meeting of the council itself -> how the council's records call it.
COUNCIL = {"council": "ordinary", "council_extraordinary": "extraordinary", "council_urgent": "urgent"}


class State(StrEnum):
    """Where a meeting stands."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    GOING_ON = "going_on"
    HELD = "held"
    CANCELLED = "cancelled"


class Moments(Protocol):
    """The moments of a meeting that say where it stands."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def announced_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def state_of(one: Moments, now: datetime) -> State:
    """Where it stands at a moment; its planned end makes it a meeting that was held."""
    if one.cancelled_at is not None:
        return State.CANCELLED
    if one.announced_at is None:
        return State.DRAFT
    if now < one.starts_at:
        return State.ANNOUNCED
    return State.GOING_ON if now < one.ends_at else State.HELD
