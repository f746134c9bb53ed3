"""Groups of people who stand near each other, and whether they are there at all: the honesty rule.

k-means++ and the silhouette are scikit-learn's. A map of groups is shown only where the same groups would be found
again with a fifth of the people missing. That alone lets votes cast by dice pass, for k-means cuts any cloud in the
same places again; so the votes must also hang together more than chance would have it (`structure`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.metrics.pairwise import euclidean_distances
from threadpoolctl import threadpool_limits

from consultations.agora.opinions.projection import Floats

Labels = NDArray[np.int64]

#: Who voted on fewer statements stands where chance put them (all statements, where there are fewer).
ENOUGH_VOTES = 7
GROUPS = range(2, 6)
STARTS = 10
#: People whose silhouette is measured: all of them would be the square of their number.
SILHOUETTE_SAMPLE = 3000
#: The honesty rule.
FEWEST_PEOPLE, SMALLEST_GROUP, SMALLEST_SHARE = 50, 5, 0.05
RESAMPLES, RESAMPLE_SHARE, STABLE = 12, 0.8, 0.7

#: Why no groups are shown; words for people are the page's.
TOO_FEW_PEOPLE, GROUP_TOO_SMALL, UNSTABLE, ALL_ALIKE, CHANCE = (
    "people",
    "group",
    "unstable",
    "alike",
    "chance",
)


@dataclass(frozen=True)
class Clusters:
    """`labels` of each clustered person (0 is the largest group), and what speaks for and against showing them.

    `stability` is the mean adjusted Rand index over the resamples, None where nothing could be clustered. `refused`
    says why the groups must not be shown, None when they may.
    """

    labels: Labels
    centres: Floats
    silhouette: float | None
    stability: float | None
    refused: str | None

    @property
    def sizes(self) -> list[int]:
        """How many people are in each group."""
        return [int(size) for size in np.bincount(self.labels, minlength=len(self.centres))]


def enough_votes(votes: NDArray[np.int64], statements: int) -> NDArray[np.bool_]:
    """Who voted on enough statements to stand somewhere."""
    return np.asarray(votes >= max(1, min(ENOUGH_VOTES, statements)))


def cluster(positions: Floats, seed: int) -> Clusters:
    """Two to five groups of the positions given, by the best silhouette, with the honesty rule's verdict."""
    choices = [count for count in GROUPS if count < len(positions)]
    distinct = len(np.unique(positions, axis=0))
    if not choices or distinct < 2:
        refused = TOO_FEW_PEOPLE if len(positions) < FEWEST_PEOPLE else ALL_ALIKE
        centres = positions.mean(axis=0, keepdims=True) if len(positions) else np.zeros((0, 2))
        return Clusters(np.zeros(len(positions), dtype=np.int64), centres, None, None, refused)
    tried = [_one(positions, count, seed) for count in choices if count <= distinct]
    measured = _Measured(positions, seed)
    scored = [(measured.silhouette(model.labels_), model) for model in tried]
    silhouette, best = max(scored, key=lambda pair: (pair[0], -pair[1].n_clusters))
    labels, centres = _largest_first(best)
    steady = stability(positions, labels, seed)
    return Clusters(labels, centres, silhouette, steady, _verdict(np.bincount(labels), steady))


def stability(positions: Floats, labels: Labels, seed: int) -> float:
    """Mean adjusted Rand index between the groups and those found again among 80 % of the people, 12 times."""
    chance = np.random.default_rng(seed)
    count = int(labels.max()) + 1
    found = []
    for turn in range(RESAMPLES):
        some = chance.permutation(len(positions))[: max(count, int(RESAMPLE_SHARE * len(positions)))]
        again = min(count, len(np.unique(positions[some], axis=0)))
        found.append(adjusted_rand_score(labels[some], _one(positions[some], again, seed + turn + 1).labels_))
    return float(np.mean(found))


def _one(positions: Floats, count: int, seed: int) -> KMeans:
    # Positions have two columns: threads wait for each other longer than they count.
    with threadpool_limits(1):
        return KMeans(count, init="k-means++", n_init=STARTS, random_state=seed).fit(positions)


class _Measured:
    """The distances between people, or some of them, taken once for every number of groups that is tried."""

    def __init__(self, positions: Floats, seed: int) -> None:
        size = len(positions)
        all_of_them = size <= SILHOUETTE_SAMPLE
        self.some = (
            np.arange(size)
            if all_of_them
            else np.random.default_rng(seed).permutation(size)[:SILHOUETTE_SAMPLE]
        )
        self.distances = euclidean_distances(positions[self.some])

    def silhouette(self, labels: Labels) -> float:
        """How well a way of grouping fits, −1 to 1."""
        chosen = labels[self.some]
        if not 1 < len(np.unique(chosen)) < len(chosen):
            return -1.0
        return float(silhouette_score(self.distances, chosen, metric="precomputed"))


def _largest_first(model: KMeans) -> tuple[Labels, Floats]:
    """Labels in falling order of the groups' sizes; equal ones by where their centres stand."""
    sizes = np.bincount(model.labels_, minlength=model.n_clusters)
    order = sorted(range(model.n_clusters), key=lambda one: (-sizes[one], *model.cluster_centers_[one]))
    renamed = np.empty(model.n_clusters, dtype=np.int64)
    renamed[order] = np.arange(model.n_clusters)
    return renamed[model.labels_], model.cluster_centers_[order]


def _verdict(sizes: Labels, steady: float) -> str | None:
    people = int(sizes.sum())
    if people < FEWEST_PEOPLE:
        return TOO_FEW_PEOPLE
    if sizes.min() < max(SMALLEST_GROUP, SMALLEST_SHARE * people):
        return GROUP_TOO_SMALL
    return None if steady >= STABLE else UNSTABLE
