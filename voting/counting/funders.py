"""Who pays for a project, in columns laid out for sums over all of them that are quick and of known error."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from voting.counting.profile import Ints, Points
from voting.counting.purses import ULP, Floats

Matrix = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: Sums over more ballots go block by block, so that their rounding errors grow with the blocks, not the ballots.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Funders:
    """Supporters of one project: `ballots`, filled up to whole blocks with `nobody`, a ballot without money.

    A ballot may stand there more than once, for voters of its own. `weights`, `worth` and `load` (weight × worth) lie beside them; None means 1 each. `count` of the ballots are
    real, `voters` is the sum of their weights. `noise` bounds the error of the sums, relative to them.
    """

    ballots: npt.NDArray[np.intp]
    count: int
    nobody: int
    weights: Floats | None
    worth: Floats | None
    load: Floats | None
    voters: float
    noise: float

    @classmethod
    def of(cls, ballots: Ints, nobody: int, weights: Ints | None, worth: Points | None) -> "Funders":
        """The supporters `ballots`, with their weights (None for 1 each) and what the project is worth to them."""
        return cls._filled(
            ballots.astype(np.intp, copy=False),
            nobody,
            None if weights is None else weights.astype(np.float64),
            None if worth is None else worth.astype(np.float64),
        )

    @classmethod
    def _filled(
        cls, ballots: npt.NDArray[np.intp], nobody: int, weights: Floats | None, worth: Floats | None
    ) -> "Funders":
        count = len(ballots)
        noise = (2 * (min(count, _BLOCK) + count // _BLOCK) + 32) * ULP
        voters = float(count if weights is None else weights.sum()) * (1 + noise)
        if count > _BLOCK and (room := -count % _BLOCK):
            ballots = np.concatenate([ballots, np.full(room, nobody)])
            weights = None if weights is None else np.concatenate([weights, np.zeros(room)])
            worth = None if worth is None else np.concatenate([worth, np.zeros(room)])
        load = weights if worth is None else worth if weights is None else weights * worth
        return cls(ballots, count, nobody, weights, worth, load, voters, noise)

    def only(self, some: Bools) -> "Funders":
        """Those of them that `some` marks."""
        some = some[: self.count]
        if some.all():
            return self
        return self._filled(
            self.ballots[: self.count][some],
            self.nobody,
            None if self.weights is None else self.weights[: self.count][some],
            None if self.worth is None else self.worth[: self.count][some],
        )

    def sum_of(self, money: Matrix) -> Floats:
        """By row, the sum over all voters of what lies beside each ballot."""
        return _sums(money, self.weights)

    def units_of(self, some: Bools) -> Floats:
        """By row, the units of worth that the voters of the marked ballots hold."""
        marks = some.view(np.uint8)
        if self.load is None:
            return marks.sum(axis=1, dtype=np.int32).astype(np.float64)
        return _sums(marks, self.load)

    def paid_at(self, money: Matrix, prices: Floats) -> tuple[Floats, Floats]:
        """What all pay together at a price a unit, by row, and the units of those who have more than that."""
        asked = prices[:, None] if self.worth is None else prices[:, None] * self.worth
        return self.sum_of(np.minimum(money, asked)), self.units_of(money > asked)

    def paid_by_all(self, money: Floats, price: float) -> tuple[float, float]:
        """`paid_at` for one row."""
        asked = price if self.worth is None else price * self.worth
        paid = np.minimum(money, asked)
        rich = money > asked
        if self.load is None:
            units = float(np.count_nonzero(rich))
        else:
            units = float(_sums(rich.view(np.uint8)[None], self.load)[0])
        return float(_sums(paid[None], self.weights)[0]), units


def _sums(values: npt.NDArray[Any], weights: Floats | None) -> Floats:
    """By row, the sum of weight × value. Not by BLAS, whose threads wait for each other on a busy machine."""
    rows, width = values.shape
    if width <= _BLOCK:
        return values.sum(axis=1) if weights is None else np.einsum("ri,i->r", values, weights)
    blocks = values.reshape(rows, -1, _BLOCK)
    if weights is None:
        return blocks.sum(axis=2).sum(axis=1)
    return np.einsum("rbi,bi->rb", blocks, weights.reshape(-1, _BLOCK)).sum(axis=1)
