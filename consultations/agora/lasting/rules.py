"""When a visit is a new one, what of a debate's health may be shown, and how heated it is. Plain values only.

Who takes part in a debate may be a political opinion: nothing here tells of fewer than five people, and what is shown
is of the day before, so that nobody's step can be read from how a figure changes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from civic.suppression import suppress_line

#: A page opened again within so long is of the same visit.
SAME_VISIT = timedelta(minutes=30)
#: Fewer people are not shown, nor what would tell their number.
LEAST = 5
#: An area is quiet below this part of what its residents would make.
QUIET = Fraction(1, 2)

#: A debate is fast with so many texts in a day, when that is so many times its usual day.
FAST_FROM, FAST_TIMES = 10, 2
#: It is divisive when its known arguments convince the camps so differently, on average.
APART = 0.4


@dataclass(frozen=True)
class Area:
    """How many people of an area take part; `people` is None where it is not shown."""

    area_id: int
    name: str
    people: int | None
    population: int | None


@dataclass(frozen=True)
class Age:
    """How many people of an age band take part; `population` is None where the city's figures do not tell."""

    band: str
    people: int | None
    population: int | None


_Part = TypeVar("_Part", Area, Age)


def shown_areas(counted: Sequence[Area], unknown: int) -> tuple[list[Area], int | None]:
    """The areas, and those of no known area, as they may be shown: what is hidden cannot be computed from the rest.

    >>> areas = [Area(1, "A", 9, None), Area(2, "B", 2, None), Area(3, "C", 7, None)]
    >>> [area.people for area in shown_areas(areas, 0)[0]]
    [9, None, 7]
    """
    cells = [*(area.people or 0 for area in counted), unknown]
    shown = _suppressed(cells)
    areas = [
        Area(area.area_id, area.name, people, area.population)
        for area, people in zip(counted, shown, strict=False)
    ]
    return areas, shown[-1]


def _suppressed(cells: Sequence[int]) -> list[int | None]:
    return suppress_line(cells, LEAST)


def shown_pair(one: int, other: int) -> tuple[int | None, int | None]:
    """Two parts of a whole that is known: both, or none where one of them is a handful.

    >>> shown_pair(8, 20), shown_pair(2, 20)
    ((8, 20), (None, None))
    """
    first, second = _suppressed([one, other])
    return first, second


def is_quiet(part: Area | Age, shown: int, residents: int) -> bool:
    """Whether the voices of an area or an age are missing: few take part, or half of what its part of the city would make.

    `shown` and `residents` are the people and the population of all areas, or all ages, together.
    """
    if part.people is None:
        return True
    if not part.population or not residents or not shown:
        return False
    return Fraction(part.people, shown) < QUIET * Fraction(part.population, residents)


def quiet_of(parts: Sequence[_Part]) -> list[_Part]:
    """The areas, or the ages, whose voices are missing so far, as far as that may be shown."""
    shown, residents = sum(one.people or 0 for one in parts), sum(one.population or 0 for one in parts)
    return [one for one in parts if is_quiet(one, shown, residents)]


class Heat(StrEnum):
    """How a debate goes."""

    CALM = "calm"
    FAST = "fast"
    DIVISIVE = "divisive"
    HOT = "hot"


def heat_of(last_day: int, total: int, days: int, apart: float | None) -> Heat:
    """How fast it goes (texts of the last day against a usual one) and how far the camps are apart, 0 to 1.

    >>> heat_of(30, 60, 6, 0.5), heat_of(3, 60, 6, None)
    (<Heat.HOT: 'hot'>, <Heat.CALM: 'calm'>)
    """
    fast = last_day >= FAST_FROM and last_day * max(days, 1) >= FAST_TIMES * total
    divisive = apart is not None and apart >= APART
    if fast and divisive:
        return Heat.HOT
    return Heat.FAST if fast else Heat.DIVISIVE if divisive else Heat.CALM
