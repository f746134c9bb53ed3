"""Which statement a person is asked about next: the ones that tell most and have been seen least."""

import numpy as np

from consultations.agora.opinions.consensus import Counts
from consultations.agora.opinions.projection import Floats


def priorities(agree: Counts, passes: Counts, seen: Counts, extremities: Floats) -> Floats:
    """The weight of each statement in the draw.

    [ (1 − (P+1)/(S+2)) · (E+1) · (A+1)/(S+2) · (1 + 8·2^(−S/5)) ]², with A agree votes, P passes and S votes in all,
    E the length of the projection of a single agree vote.
    """
    undecided = 1 - (passes + 1) / (seen + 2)
    liked = (agree + 1) / (seen + 2)
    new = 1 + 8 * 2.0 ** (-np.asarray(seen) / 5)
    return np.asarray((undecided * (extremities + 1) * liked * new) ** 2)
