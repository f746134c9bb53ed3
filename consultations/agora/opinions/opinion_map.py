"""The whole result of a debate's votes: positions, groups if they are there, and what is shared."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from consultations.agora.opinions.clusters import CHANCE, Clusters, Labels, cluster, enough_votes
from consultations.agora.opinions.consensus import (
    Representative,
    Tally,
    divisiveness,
    group_consensus,
    representatives,
    tally,
)
from consultations.agora.opinions.projection import Floats, Projection, project
from consultations.agora.opinions.routing import priorities
from consultations.agora.opinions.structure import more_than_chance
from consultations.agora.opinions.votes import PASS, VoteTable

#: Changes when the same votes could give another result; stored with every result.
VERSION = 1
SEED = 1


@dataclass(frozen=True)
class Group:
    """A group of people by their places in the table, and what it stands for. 0 is the largest."""

    number: int
    members: NDArray[np.int64]
    stands_for: list[Representative]


@dataclass(frozen=True)
class OpinionMap:
    """The result for one table of votes, the same for the same table.

    `counted` are the places of the people with enough votes; `clusters` the groups among them, shown only if
    `clusters.refused` is None. `overall` has one row: all people. `by_group` and `groups` are those of the shown
    groups, and of everybody as one group where there are none. `consensus`, `divisive` and `priority` have a number
    a statement.
    """

    table: VoteTable
    projection: Projection
    counted: NDArray[np.int64]
    clusters: Clusters
    overall: Tally
    by_group: Tally
    groups: list[Group]
    consensus: Floats
    divisive: Floats
    priority: Floats
    seed: int
    version: int
    fingerprint: str

    @property
    def stable(self) -> bool:
        """Whether groups may be shown."""
        return self.clusters.refused is None

    def by_consensus(self) -> list[int]:
        """Places of the statements in the default order: what everybody can live with first."""
        return [int(one) for one in np.lexsort((self.table.statements, -self.consensus))]

    def by_division(self) -> list[int]:
        """Places of the statements, the most divisive first."""
        return [int(one) for one in np.lexsort((self.table.statements, -self.divisive))]

    def group_of(self, person: int) -> int | None:
        """The shown group of a person of the table, by their number; None where there is none."""
        for group in self.groups if self.stable else []:
            if person in self.table.people[group.members]:
                return group.number
        return None

    def why(self, person: int) -> list[Representative]:
        """What a person voted as their group does, of the statements that it stands for."""
        number = self.group_of(person)
        if number is None:
            return []
        row = self.table.values[np.searchsorted(self.table.people, person)]
        return [one for one in self.groups[number].stands_for if row[one.place] == one.side]


def compute(table: VoteTable, seed: int = SEED) -> OpinionMap:
    """The result for a table: a few seconds for 20,000 people and 500 statements, so never in a request."""
    projection = project(table)
    counted = np.flatnonzero(enough_votes(projection.votes, len(table.statements)))
    clusters = cluster(projection.positions[counted], seed)
    if clusters.refused is None and not more_than_chance(table, seed):
        clusters = replace(clusters, refused=CHANCE)
    everybody = np.zeros(len(table.people), dtype=np.int64)
    overall = tally(table, everybody)
    labels, places = _shown(clusters, counted, everybody)
    by_group = tally(table.rows(places), labels)
    groups = [
        Group(number, places[labels == number], representatives(by_group, number) if clusters.refused is None else [])
        for number in range(len(by_group.seen))
    ]  # fmt: skip
    passes = (table.values == PASS).sum(axis=0)
    agree, seen = (part.sum(axis=0) for part in (overall.agree, overall.seen))
    return OpinionMap(
        table=table,
        projection=projection,
        counted=counted,
        clusters=clusters,
        overall=overall,
        by_group=by_group,
        groups=groups,
        consensus=group_consensus(by_group),
        divisive=divisiveness(by_group),
        priority=priorities(agree, passes, seen, projection.extremities()),
        seed=seed,
        version=VERSION,
        fingerprint=table.fingerprint(),
    )


def _shown(
    clusters: Clusters, counted: NDArray[np.int64], everybody: Labels
) -> tuple[Labels, NDArray[np.int64]]:
    """The labels that ranking goes by, and whose they are: everybody is one group where none may be shown."""
    if clusters.refused is None:
        return clusters.labels, counted
    return everybody, np.arange(len(everybody))
