"""What the platform can compute: each feature registers the indicators whose data it owns.

A computation is a question about a span of days, told in words beside its figure. When the question changes its
`version` is raised: figures of periods that are over keep the version they were computed with.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Select

from civic.indicators.periods import KINDS, Span
from civic.suppression import LEAST_CELL, suppress_line

#: Why there is no figure: nothing to compute it from, or so few people that they could be recognised.
MISSING = ("", "no_data", "too_few")


@dataclass(frozen=True)
class Figure:
    """What a computation comes to. A share keeps its two parts; a mean keeps how many it is of, in `of`."""

    value: Decimal | None
    part: int | None = None
    of: int | None = None
    missing: str = ""


NO_DATA = Figure(None, missing="no_data")
TOO_FEW = Figure(None, missing="too_few")


def count(number: int | None) -> Figure:
    """A number of things that are public by themselves."""
    return Figure(Decimal(number or 0))


def people(number: int) -> Figure:
    """A number of people: told from ten on, and when there is nobody.

    >>> people(9).missing, people(10).value
    ('too_few', Decimal('10'))
    """
    return TOO_FEW if 0 < number < LEAST_CELL else Figure(Decimal(number))


def people_share(number: int, population: int | None) -> Figure:
    """Which part of the inhabitants a number of people is, in per cent; a few people are not told."""
    if not population:
        return NO_DATA
    return TOO_FEW if 0 < number < LEAST_CELL else _percent(number, population)


def share(part: int, whole: int) -> Figure:
    """A part of a whole in per cent; nothing when there is no whole.

    >>> share(1, 3).value, share(0, 0).missing
    (Decimal('33.33'), 'no_data')
    """
    return _percent(part, whole) if whole else NO_DATA


def _percent(part: int, whole: int) -> Figure:
    return Figure((Decimal(part) * 100 / whole).quantize(Decimal("0.01")), part, whole)


def people_part(part: int, whole: int, authors: int) -> Figure:
    """A number of people's proposals among all: told unless it, or what is left of the whole, is about a few, or it is
    of few `authors`, who wrote several each.

    >>> people_part(12, 40, 12).value, people_part(3, 40, 3).missing, people_part(35, 40, 35).missing
    (Decimal('12'), 'too_few', 'too_few')
    >>> people_part(12, 40, 4).missing
    'too_few'
    """
    if part == 0:
        return count(0)
    if authors < LEAST_CELL:
        return TOO_FEW
    shown = suppress_line([part, whole - part])[0] if whole > part else (part if part >= LEAST_CELL else None)
    return Figure(None, missing="too_few") if shown is None else Figure(Decimal(shown), of=whole)


def mean(total: Decimal | float | None, number: int) -> Figure:
    """A mean with one decimal, and of how many."""
    if not number or total is None:
        return NO_DATA
    return Figure((Decimal(str(total)) / number).quantize(Decimal("0.1")), of=number)


@dataclass(frozen=True)
class Computed:
    """An indicator of the platform's own catalogue. Without `compute` its figures are entered by hand.

    `catalogue` is its place in the list of indicators the platform promises: K1 … K11, B7. `unit` is one of
    `labels.UNITS`. `better` says which way is good: "up", "down", or "" for a figure that is neither.
    """

    code: str
    catalogue: str
    name: Any
    how: Any
    unit: str
    compute: Callable[[Span], Figure] | None = None
    kinds: Sequence[str] = KINDS
    version: int = 1
    better: str = "up"
    #: per cent or number to reach, as the city's strategy promises it
    target: Decimal | None = None
    position: int = field(default=50)


_KNOWN: dict[str, Computed] = {}


def register_indicator(*indicators: Computed) -> None:
    """Offer indicators, at registration of the feature that owns their data."""
    _KNOWN.update({one.code: one for one in indicators})


def catalogue() -> list[Computed]:
    """Every indicator of the platform's own, in the order of the catalogue."""
    return sorted(_KNOWN.values(), key=lambda one: (one.position, one.code))


def find_computed(code: str) -> Computed | None:
    """The indicator of a code."""
    return _KNOWN.get(code)


# --- who uses the platform ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Activity:
    """Something verified people do here. `people` selects the ids of persons who did it within a span.

    `participates`: whether it is taking part in what the city decides (a vote, a comment, a signature), not only
    using the site.
    """

    key: str
    people: Callable[[Span], Select[Any]]
    participates: bool = True


_ACTIVITIES: dict[str, Activity] = {}


def register_activity(*activities: Activity) -> None:
    """Say what a feature's people do, at its registration."""
    _ACTIVITIES.update({one.key: one for one in activities})


def activities(*, participating: bool = False) -> list[Activity]:
    """Everything people do, or only what is taking part."""
    return [one for one in _ACTIVITIES.values() if one.participates or not participating]


# --- how people reach the city hall -------------------------------------------------------------------------

#: Given a span, how many came online and how many by any way.
Interactions = Callable[[Span], tuple[int, int]]
_INTERACTIONS: dict[str, Interactions] = {}


def register_interactions(key: str, count_them: Interactions) -> None:
    """Count what people send to the city hall through a feature, online and by all ways."""
    _INTERACTIONS[key] = count_them


def interactions() -> list[Interactions]:
    """Everything people send."""
    return list(_INTERACTIONS.values())
