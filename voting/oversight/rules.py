"""Where a vote stands for whoever watches it, and what its paper adds up to. Plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stand(StrEnum):
    """Where a vote stands."""

    PLANNED = "planned"  # nothing is frozen yet
    PREPARED = "prepared"  # frozen, and voting has not begun
    OPEN = "open"
    ENDED = "ended"  # voting is over, the close has not begun: validation, or waiting for two people
    CLOSING = "closing"
    PUBLISHED = "published"


def stand(voting: tuple[datetime, datetime] | None, closed: bool, published: bool, now: datetime) -> Stand:
    """Where a vote stands at `now`; `voting` is when it opens and ends as it was frozen, None while it is not."""
    if voting is None:
        return Stand.PLANNED
    if published:
        return Stand.PUBLISHED
    if closed:
        return Stand.CLOSING
    opens_at, ends_at = voting
    if now < opens_at:
        return Stand.PREPARED
    return Stand.OPEN if now < ends_at else Stand.ENDED


@dataclass(frozen=True)
class Urn:
    """What was counted in one urn; the counts are None until somebody wrote them down."""

    marks: int | None
    returned: int | None
    spoilt: int | None
    not_returned: int | None

    @property
    def missing(self) -> int | None:
        """Sheets handed out of which nobody says where they are; negative: there are more than were handed out."""
        if self.marks is None or self.returned is None:
            return None
        return self.marks - self.returned - (self.spoilt or 0) - (self.not_returned or 0)


@dataclass(frozen=True)
class Sampled:
    """What the samples of one urn came to: how many were drawn, of the newest how many sheets it compared with how
    many readings, and how many differed (None: not compared yet)."""

    drawn: int
    sheets: int
    population: int
    different: int | None


def sampled(samples: Sequence[tuple[int, int, int | None]]) -> Sampled | None:
    """The samples of an urn, oldest first, as (sheets, readings there were, different) in one line."""
    return Sampled(len(samples), *samples[-1]) if samples else None
