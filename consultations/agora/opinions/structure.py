"""Whether votes hang together more than chance would have it, before anybody is put into a group.

Parallel analysis (Horn, A rationale and test for the number of factors, Psychometrika 30, 1965): the first component
must explain more than it does in tables where each statement has the same votes, dealt anew among those who voted.
"""

import numpy as np
from scipy.sparse.linalg import eigsh

from consultations.agora.opinions.projection import scatter
from consultations.agora.opinions.votes import VoteTable

#: With 39 tables, chance alone passes once in forty debates.
DEALS = 39
#: More people tell nothing that these do not.
PEOPLE = 1500
#: Up to so many statements all eigenvalues are found at once; beyond, the first one alone is much faster.
SMALL = 20


def more_than_chance(table: VoteTable, seed: int) -> bool:
    """Whether the first component explains more than in each of the tables dealt anew."""
    chance = np.random.default_rng(seed)
    some = table.rows(np.sort(chance.permutation(len(table.people))[:PEOPLE]))
    first = _first(some)
    return all(first > _first(_dealt(some, chance)) for _ in range(DEALS))


def _first(table: VoteTable) -> float:
    spread = scatter(table)[1]
    if len(spread) > SMALL:
        start = np.ones(len(spread))
        return float(eigsh(spread, k=1, which="LA", v0=start, return_eigenvectors=False)[0])
    return float(np.linalg.eigvalsh(spread)[-1]) if len(spread) else 0.0


def _dealt(table: VoteTable, chance: np.random.Generator) -> VoteTable:
    values = table.values.copy(order="F")
    for column, voted in zip(values.T, table.voted.T, strict=True):
        column[voted] = chance.permutation(column[voted])
    return VoteTable(table.people, table.statements, values)
