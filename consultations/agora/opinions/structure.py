"""Whether votes hang together more than chance would have it, before anybody is put into a group.

Parallel analysis (Horn, A rationale and test for the number of factors, Psychometrika 30, 1965): the first component
must explain more than it does in tables where each statement has the same votes, dealt anew among those who voted.
"""

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import LinearOperator, eigsh

from consultations.agora.opinions.votes import VoteTable

#: With 39 tables, chance alone passes once in forty debates.
DEALS = 39
#: More people tell nothing that these do not.
PEOPLE = 1500
#: Up to so many statements all eigenvalues are found at once; beyond, the first one alone is much faster.
SMALL = 20


def more_than_chance(table: VoteTable, seed: int) -> bool:
    """Whether the first component explains more than in each of the tables dealt anew.

    Dealing leaves each statement's mean as it was: only the votes change places, so the tables are held as the votes
    there are, a statement after the other.
    """
    chance = np.random.default_rng(seed)
    some = table.rows(np.sort(chance.permutation(len(table.people))[:PEOPLE]))
    voted = some.voted
    centre = np.where(voted, some.values, 0).sum(axis=0, dtype=np.int64) / np.maximum(voted.sum(axis=0), 1)
    given = csc_array(voted.astype(np.float64))
    given.data = some.values.T[voted.T] - np.repeat(centre, np.diff(given.indptr))
    first = _first(given)
    return all(first > _first(_dealt(given, chance)) for _ in range(DEALS))


def _first(votes: csc_array) -> float:
    """The largest eigenvalue of the scatter matrix of centred votes."""
    size = votes.shape[1]
    if size <= SMALL:
        dense = votes.toarray()
        return float(np.linalg.eigvalsh(dense.T @ dense)[-1]) if size else 0.0
    turned = votes.T.tocsr()
    spread = LinearOperator((size, size), matvec=lambda one: turned @ (votes @ one), dtype=np.float64)
    return float(eigsh(spread, k=1, which="LA", v0=np.ones(size), return_eigenvectors=False)[0])


def _dealt(votes: csc_array, chance: np.random.Generator) -> csc_array:
    columns = np.split(votes.data, votes.indptr[1:-1])
    data = np.concatenate([chance.permutation(column) for column in columns]) if columns else votes.data
    return csc_array((data, votes.indices, votes.indptr), shape=votes.shape)
