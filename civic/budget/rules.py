"""Sums of a budget and whether they are the sums of their parts. Plain values in and out; exact, never rounded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

KINDS = ("expenditure", "revenue")
LEVELS = ("total", "title", "item")
ROLES = ("approved", "revised")
#: What is shown first where it is stated.
MEASURES = ("executed", "revised", "approved")


@dataclass(frozen=True)
class Sum:
    """What some amounts make together, of how many of them it is the sum, and of how many there are."""

    amount: Decimal
    stated: int
    of: int

    @property
    def whole(self) -> bool:
        """Whether every part states its amount."""
        return self.stated == self.of and self.of > 0


def sum_of(amounts: Iterable[Decimal | None]) -> Sum:
    """The sum of those that are stated."""
    listed = list(amounts)
    stated = [one for one in listed if one is not None]
    return Sum(sum(stated, Decimal(0)), len(stated), len(listed))


@dataclass(frozen=True)
class Mismatch:
    """A stated amount that is not the sum of its parts: by how much the parts are more (or, negative, less)."""

    stated: Decimal
    parts: Decimal

    @property
    def difference(self) -> Decimal:
        """Parts less stated."""
        return self.parts - self.stated


def mismatch(stated: Decimal | None, parts: Sequence[Decimal | None]) -> Mismatch | None:
    """What does not add up; None when it does, or when something is not stated so that nobody can tell."""
    made = sum_of(parts)
    if stated is None or not made.whole or made.amount == stated:
        return None
    return Mismatch(stated, made.amount)


def change(now: Decimal | None, before: Decimal | None) -> tuple[Decimal, Decimal | None] | None:
    """(difference, share of what it was before; None when that was nothing); None when one of them is unknown."""
    if now is None or before is None:
        return None
    return now - before, (now - before) / before if before > 0 else None


def share_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part's share of a whole; None of nothing."""
    return part / whole if whole > 0 else None
