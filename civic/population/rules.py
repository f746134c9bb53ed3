"""Reading bands of ages and adding people up. Plain values only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from civic.text import fold

_BAND = re.compile(r"(\d{1,3})\s*(?:-|\u2013|la|to)\s*(\d{1,3})")
_OPEN = re.compile(r"(\d{1,3})\s*(?:de\s+)?(?:ani\s+|years\s+)?(?:\+|si peste|sau mai mult|and over|or more)")
WHOLE = frozenset({"", "total", "toate", "toate varstele", "all", "all ages"})


@dataclass(frozen=True)
class Band:
    """Ages from one to another (None: without end), and how many people."""

    age_from: int
    age_to: int | None
    inhabitants: int


@dataclass(frozen=True)
class People:
    """A number of people; `estimated` when a band was cut in proportion to its years."""

    count: int
    estimated: bool


def ages_in(words: str) -> tuple[int, int | None]:
    """The ages a band names. Raises ValueError.

    >>> ages_in("16–24 ani"), ages_in("65+"), ages_in("Total")
    ((16, 24), (65, None), (0, None))
    """
    folded = fold(words).strip()
    if folded in WHOLE:
        return 0, None
    closed = _BAND.search(folded)
    if closed:
        first, last = int(closed[1]), int(closed[2])
        if first > last:
            raise ValueError(words)
        return first, last
    opened = _OPEN.search(folded)
    if opened:
        return int(opened[1]), None
    raise ValueError(words)


def people_from(bands: Iterable[Band], least: int) -> People | None:
    """How many are at least that old; None when the bands do not tell.

    A total that stands beside its parts is not added to them. A band that begins earlier and has an end is cut in
    proportion to its years.
    """
    known = list(bands)
    totals = [one for one in known if one.age_from == 0 and one.age_to is None]
    parts = [one for one in known if one not in totals]
    if least <= 0 and totals:
        return People(totals[0].inhabitants, False)
    counted, estimated = 0, False
    reached = [one for one in parts if one.age_to is None or one.age_to >= least]
    if not reached or min(one.age_from for one in reached) > least:
        return None
    for one in reached:
        if one.age_from >= least:
            counted += one.inhabitants
        elif one.age_to is None:
            return None
        else:
            years = one.age_to - one.age_from + 1
            counted += round(one.inhabitants * (one.age_to - least + 1) / years)
            estimated = True
    return People(counted, estimated)
