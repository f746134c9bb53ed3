"""Who took part, in cells large enough to say nothing about anybody. Plain values in, plain values out."""

from collections.abc import Iterable, Sequence
from datetime import date

from civic.accounts.verifying.methods import PUBLISHED
from civic.rounds.rules import age_on

#: A cell of the turnout with fewer people is merged with others.
LEAST_CELL = 10

#: The first age of every band after the youngest.
BANDS = (18, 25, 35, 45, 55, 65)

#: The youngest age and the oldest of a band (None: no end), people on the roll, people who voted.
Band = tuple[int | None, int | None, int, int]


def age_cells(rows: Iterable[tuple[date, int, int]], day: date, bands: Sequence[int] = BANDS) -> list[Band]:
    """The bands of (birth date, people on the roll, people who voted), by the age on the last voting day."""
    rolls, votes = [0] * (len(bands) + 1), [0] * (len(bands) + 1)
    for born, roll, voted in rows:
        at = sum(age_on(born, day) >= first for first in bands)
        rolls[at] += roll
        votes[at] += voted
    return [
        (bands[at - 1] if at else None, bands[at] - 1 if at < len(bands) else None, rolls[at], votes[at])
        for at in range(len(bands) + 1)
    ]


#: Ways of being verified, people on the roll and people who voted, the strongest way first.
ProofCell = tuple[tuple[str, ...], int, int]


def proof_cells(rows: Iterable[tuple[str, int, int]]) -> list[ProofCell]:
    """The ways that may be told apart: a small or unanimous one is joined to the next in strength.

    Nothing is left out, so nothing follows by subtraction; empty when even all together are too few.
    """
    order = sorted(rows, key=lambda row: PUBLISHED.index(row[0]) if row[0] in PUBLISHED else len(PUBLISHED))
    bands: list[Band] = [(at, at, row[1], row[2]) for at, row in enumerate(order)]
    return [
        (tuple(order[at][0] for at in range(first or 0, (last or 0) + 1)), roll, voted)
        for first, last, roll, voted in merge_bands(bands)
    ]


def _may_be_shown(band: Band) -> bool:
    return band[3] >= LEAST_CELL and band[3] < band[2]


def merge_bands(bands: Sequence[Band]) -> list[Band]:
    """The bands that may be published: a small or unanimous one is joined to the smaller of its neighbours.

    Nothing is left out, so nothing follows by subtraction from the total; empty when even all together are
    too few. Bands without anybody on the roll at either end are dropped.
    """
    left = list(bands)
    while left and not left[0][2]:
        left.pop(0)
    while left and not left[-1][2]:
        left.pop()
    while len(left) > 1 and not all(map(_may_be_shown, left)):
        at = next(at for at, band in enumerate(left) if not _may_be_shown(band))
        beside = min((n for n in (at - 1, at + 1) if 0 <= n < len(left)), key=lambda n: left[n][3])
        low, high = sorted((at, beside))
        young, old = left[low], left[high]
        left[low : high + 1] = [(young[0], old[1], young[2] + old[2], young[3] + old[3])]
    return left if left and _may_be_shown(left[0]) else []
