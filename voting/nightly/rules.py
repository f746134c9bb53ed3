"""When a night is, and which ballots go into its batch. Plain values in, plain values out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from random import Random

#: A batch holds the ballots of at least as many voters, and as many wait for the next one.
LEAST_BATCH = 25

#: The night's work is done between these hours of the city's clock, once. They hold a moment of every night, also of
#: those in which the clock changes.
NIGHT_BEGINS, NIGHT_ENDS = time(3, 10), time(6)


def night_of(local: datetime) -> date | None:
    """The date of the night that it is on the city's wall clock, or None by day."""
    return local.date() if NIGHT_BEGINS <= local.time() < NIGHT_ENDS else None


def batch_of(live: Iterable[bytes], others: Iterable[bytes], final: bool, lot: Random) -> Sequence[bytes]:
    """The leaves of the next batch, sorted by hash; none while too few have voted.

    `live` are ballots that count and are in no batch yet, one a voter; `others` are replaced ones and voids. Of the
    live ones `LEAST_BATCH`, drawn by lot, wait for the next batch: so that the last one, whatever comes on the last
    day, holds the ballots of that many too (or those of everybody who voted), and a night is not quite the night of
    a vote. In a `final` batch, after which nothing comes but what two people void, nobody waits. Counted are voters, not leaves: who replaces their ballot twenty times does not fill a batch.
    """
    waiting = sorted(live)
    if not final:
        if len(waiting) < 2 * LEAST_BATCH:
            return []
        lot.shuffle(waiting)
        del waiting[:LEAST_BATCH]
    return sorted([*waiting, *others])


def in_order(batched: Iterable[tuple[int, bytes]]) -> list[bytes]:
    """Leaves with their batch in the order of the log: batch by batch, inside a batch by hash."""
    return [leaf for _batch, leaf in sorted(batched)]
