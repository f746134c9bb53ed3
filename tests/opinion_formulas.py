"""The formulas of opinion groups written out plainly, one number at a time, to compare the product with.

Shares nothing with it: the axes come from a singular value decomposition of the whole imputed table, everything else
from loops over lists.
"""

from math import prod, sqrt

import numpy as np

Row = list[int | None]


def centres(rows: list[Row]) -> list[float]:
    """The mean vote on each statement."""
    given = [[row[at] for row in rows if row[at] is not None] for at in range(len(rows[0]))]
    return [sum(column) / len(column) if column else 0.0 for column in given]


def axes(rows: list[Row]) -> list[list[float]]:
    """Two principal components of the votes, missing ones imputed by the mean of their statement."""
    means = centres(rows)
    full = [[mean if vote is None else vote for vote, mean in zip(row, means, strict=True)] for row in rows]
    table = np.array(full, dtype=float)
    found = np.linalg.svd(table - table.mean(axis=0), full_matrices=False)[2][:2].tolist()
    return [[-x for x in axis] if min(axis) < -max(axis) else axis for axis in found]


def positions(rows: list[Row]) -> list[tuple[float, float]]:
    """Where each person stands: √(S / max(n, 1)) · Σ (v − mean) · component."""
    means, (first, second) = centres(rows), axes(rows)
    found = []
    for row in rows:
        voted = [at for at, vote in enumerate(row) if vote is not None]
        scale = sqrt(len(row) / max(len(voted), 1))
        x, y = (scale * sum((row[at] - means[at]) * axis[at] for at in voted) for axis in (first, second))
        found.append((x, y))
    return found


def extremity(rows: list[Row], at: int) -> float:
    """How far one agree vote on a statement, and no other vote, moves a person."""
    mean, (first, second) = centres(rows)[at], axes(rows)
    x, y = (sqrt(len(rows[0]) / 1) * (1 - mean) * axis[at] for axis in (first, second))
    return sqrt(x * x + y * y)


def consensus(rows: list[Row], groups: list[int], at: int) -> float:
    """Π over groups of (A + 1) / (S + 2)."""
    factors = []
    for group in sorted(set(groups)):
        votes = _votes(rows, groups, at, [group])
        factors.append((votes.count(1) + 1) / (len(votes) + 2))
    return prod(factors)


def stands_for(rows: list[Row], groups: list[int], group: int) -> list[tuple[int, int, float]]:
    """(statement, side, R·z·p·pat) of at most five statements, the most telling first."""
    others = [one for one in set(groups) if one != group]
    found = []
    for at in range(len(rows[0])):
        inside, outside = _votes(rows, groups, at, [group]), _votes(rows, groups, at, others)
        for side in (1, -1):
            a_in, s_in, a_out, s_out = inside.count(side), len(inside), outside.count(side), len(outside)
            p = (a_in + 1) / (s_in + 2)
            ratio = p / ((a_out + 1) / (s_out + 2))
            pat = 2 * sqrt(s_in + 1) * ((a_in + 1) / (s_in + 1) - 0.5)
            z = _z(a_in + 1, s_in + 1, a_out + 1, s_out + 1)
            if z > 1.2816 and pat > 1.2816:
                found.append((at, side, ratio * z * p * pat))
    return sorted(found, key=lambda one: -one[2])[:5]


def priority(rows: list[Row], at: int) -> float:
    """The weight with which a statement is drawn to be shown next."""
    votes = [row[at] for row in rows if row[at] is not None]
    a, p, s = votes.count(1), votes.count(0), len(votes)
    known = (1 - (p + 1) / (s + 2)) * (extremity(rows, at) + 1) * (a + 1) / (s + 2)
    return (known * (1 + 8 * 2 ** (-s / 5))) ** 2


def _votes(rows: list[Row], groups: list[int], at: int, chosen: list[int]) -> list[int]:
    return [
        row[at] for row, group in zip(rows, groups, strict=True) if group in chosen and row[at] is not None
    ]


def _z(hits: int, size: int, other_hits: int, other_size: int) -> float:
    pooled = (hits + other_hits) / (size + other_size)
    if pooled == 1:
        return 0.0
    return (hits / size - other_hits / other_size) / sqrt(pooled * (1 - pooled) * (1 / size + 1 / other_size))
