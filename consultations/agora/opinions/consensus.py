"""What everybody can live with, what divides, and what each group stands for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consultations.agora.opinions.clusters import Labels
from consultations.agora.opinions.projection import Floats
from consultations.agora.opinions.votes import AGREE, DISAGREE, MISSING, VoteTable

Counts = NDArray[np.int64]

#: One-sided 90 % of the normal distribution.
Z_ENOUGH = 1.2816
#: A group is described by a handful of statements.
MOST_NAMED = 5


@dataclass(frozen=True)
class Tally:
    """Votes by group: a row a group, a column a statement. `seen` counts agree, disagree and pass."""

    agree: Counts
    disagree: Counts
    seen: Counts


@dataclass(frozen=True)
class Representative:
    """A statement that a group stands for (or against, when `side` is DISAGREE), at `place` among the statements.

    `share` is the smoothed share of the group's votes on that side, `ratio` that share over the others', `z` how sure
    the difference from the others is and `pat` how sure the share is above a half.
    """

    place: int
    side: int
    share: float
    ratio: float
    z: float
    pat: float

    @property
    def weight(self) -> float:
        """What representative statements are ordered by."""
        return self.ratio * self.z * self.share * self.pat


def tally(table: VoteTable, labels: Labels) -> Tally:
    """Votes of the people of a table by their groups (`labels`: a number from 0 a person)."""
    groups = int(labels.max()) + 1 if len(labels) else 0
    agree, disagree, seen = (np.zeros((groups, len(table.statements)), dtype=np.int64) for _ in range(3))
    for group in range(groups):
        values = table.values[labels == group]
        agree[group] = (values == AGREE).sum(axis=0)
        disagree[group] = (values == DISAGREE).sum(axis=0)
        seen[group] = (values != MISSING).sum(axis=0)
    return Tally(agree, disagree, seen)


def group_consensus(counts: Tally) -> Floats:
    """Group-informed consensus of each statement: the product over groups of (A + 1) / (S + 2)."""
    return np.asarray(((counts.agree + 1) / (counts.seen + 2)).prod(axis=0))


def divisiveness(counts: Tally) -> Floats:
    """How far the most and the least agreeing group stand apart on each statement, 0 to 1 (smoothed shares)."""
    if len(counts.agree) < 2:
        return np.zeros(counts.agree.shape[1])
    shares = (counts.agree + 1) / (counts.seen + 2)
    return np.asarray(shares.max(axis=0) - shares.min(axis=0))


def representatives(counts: Tally, group: int) -> list[Representative]:
    """What a group stands for against all others, the most telling first, at most five.

    Of a side with A votes among S: p = (A+1)/(S+2), R = p_in/p_out, pat = 2√(S+1)·((A+1)/(S+1) − ½), and z of two
    proportions with one added to all four counts. Both must pass Z_ENOUGH; ordered by R·z·p·pat.
    """
    others = [one for one in range(len(counts.seen)) if one != group]
    found = []
    for side, votes in ((AGREE, counts.agree), (DISAGREE, counts.disagree)):
        inside, outside = votes[group], votes[others].sum(axis=0)
        seen_in, seen_out = counts.seen[group], counts.seen[others].sum(axis=0)
        share = (inside + 1) / (seen_in + 2)
        ratio = share / ((outside + 1) / (seen_out + 2))
        pat = 2 * np.sqrt(seen_in + 1) * ((inside + 1) / (seen_in + 1) - 0.5)
        z = two_proportions(inside, seen_in, outside, seen_out)
        for place in np.flatnonzero((z > Z_ENOUGH) & (pat > Z_ENOUGH)):
            measured = (float(one[place]) for one in (share, ratio, z, pat))
            found.append(Representative(int(place), side, *measured))
    return sorted(found, key=lambda one: (-one.weight, one.place))[:MOST_NAMED]


def two_proportions(inside: Counts, seen_in: Counts, outside: Counts, seen_out: Counts) -> Floats:
    """z of the difference of two shares, with one added to all four counts; 0 where both are certain."""
    hits_in, hits_out, all_in, all_out = inside + 1, outside + 1, seen_in + 1, seen_out + 1
    pooled = (hits_in + hits_out) / (all_in + all_out)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / all_in + 1 / all_out))
    difference = hits_in / all_in - hits_out / all_out
    return np.divide(difference, spread, out=np.zeros_like(difference), where=spread > 0)
