"""Arithmetic of a delivery's money. Plain values in and out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Compared:
    """A stated sum beside the sum of its parts; either may be unknown."""

    stated: Decimal | None
    parts: Decimal | None

    @property
    def difference(self) -> Decimal:
        """Stated less parts; zero when they agree or one of them is unknown.

        >>> Compared(Decimal(10), Decimal(12)).difference
        Decimal('-2')
        """
        if self.stated is None or self.parts is None:
            return Decimal(0)
        return self.stated - self.parts


def total(amounts: Iterable[Decimal]) -> Decimal | None:
    """The sum of what is listed, recoveries taken off; None where nothing is."""
    listed = list(amounts)
    return sum(listed, Decimal(0)) if listed else None


def paid(stated: Decimal | None, payments: Sequence[Decimal]) -> Compared:
    """The stated total of payments beside the payments listed."""
    return Compared(stated, total(payments))


def in_force(budget: Decimal | None, after_last: Decimal | None) -> Compared:
    """The stated budget beside what the last revision left."""
    return Compared(budget, after_last)


def breaks(steps: Sequence[tuple[Decimal | None, Decimal]]) -> set[int]:
    """Places of revisions, oldest first, that do not begin where the one before ended.

    >>> breaks([(None, Decimal(5)), (Decimal(5), Decimal(7)), (Decimal(6), Decimal(8))])
    {2}
    """
    return {at for at in range(1, len(steps)) if steps[at][0] != steps[at - 1][1]}


def follows_parts(stated: Decimal | None, parts: Decimal | None) -> bool:
    """Whether a stated total is nothing but the sum of the payments listed, and so moves with the next one."""
    return stated == parts
