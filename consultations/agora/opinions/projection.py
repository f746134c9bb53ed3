"""Where people stand: two principal components of the votes, with allowance for what each has not voted on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from consultations.agora.opinions.votes import AGREE, VoteTable

Floats = NDArray[np.float64]

COMPONENTS = 2
#: Rows taken at once, so that a large debate is never held as one table of floats.
_ROWS = 4096


@dataclass(frozen=True)
class Projection:
    """The plane people are shown on.

    `centre` (a number a statement) is the mean vote; `components` has a row for each of the two axes and a column a
    statement; `positions` a row a person and two columns. `votes` is how many statements each person voted on.
    """

    centre: Floats
    components: Floats
    positions: Floats
    votes: NDArray[np.int64]

    def extremities(self) -> Floats:
        """How far a single agree vote on each statement moves a person from the middle."""
        one = np.sqrt(len(self.centre)) * (AGREE - self.centre) * self.components
        return np.sqrt((one**2).sum(axis=0))


def project(table: VoteTable) -> Projection:
    """Centre, components and positions of a table.

    A missing vote counts as the mean of its statement, so it adds nothing to the components. A person's position is
    √(S / max(n, 1)) · Σ (v − mean) · component over the n statements they voted on, of S: who voted on little is not
    drawn to the middle for it. The sign of a component is chosen so that its largest entry is positive.
    """
    size = len(table.statements)
    centre, spread = scatter(table)
    components = _leading(spread)
    given = table.voted.sum(axis=1, dtype=np.int64)
    positions = np.zeros((len(table.people), COMPONENTS))
    for rows in _slices(len(table.people)):
        positions[rows] = _centred(table, centre, rows) @ components.T
    positions *= np.sqrt(size / np.maximum(given, 1))[:, None]
    return Projection(centre, components, positions, given)


def scatter(table: VoteTable) -> tuple[Floats, Floats]:
    """The mean vote on each statement, and the scatter matrix of the votes about it (missing ones add nothing)."""
    voted = table.voted
    sums = np.where(voted, table.values, 0).sum(axis=0, dtype=np.int64)
    centre = sums / np.maximum(voted.sum(axis=0), 1)
    spread = np.zeros((len(centre), len(centre)))
    for rows in _slices(len(table.people)):
        part = _centred(table, centre, rows)
        spread += part.T @ part
    return centre, spread


def _slices(length: int) -> list[slice]:
    return [slice(start, start + _ROWS) for start in range(0, length, _ROWS)]


def _centred(table: VoteTable, centre: Floats, rows: slice) -> Floats:
    values = table.values[rows]
    return np.where(table.voted[rows], values - centre, 0.0)


def _leading(spread: Floats) -> Floats:
    """The eigenvectors of the largest eigenvalues, as rows; rows of zeros where there are fewer statements."""
    found = np.zeros((COMPONENTS, len(spread)))
    if len(spread):
        # Of hundreds of eigenvectors two are wanted.
        first = max(len(spread) - COMPONENTS, 0)
        _values, vectors = eigh(spread, subset_by_index=(first, len(spread) - 1), driver="evr")
        kept = vectors[:, ::-1].T
        largest = np.abs(kept).argmax(axis=1)
        signs = np.where(kept[np.arange(len(kept)), largest] < 0, -1.0, 1.0)
        found[: len(kept)] = kept * signs[:, None]
    return found
