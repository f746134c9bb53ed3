"""An instance and a profile turned into integers: what every rule counts with.

Projects are numbers from 0 in the instance's order of ids, money is in `scale`-ths of the currency, points in
`point_scale`-ths, so that no rule needs anything but integers and exact fractions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from voting.counting.amounts import amount_string, to_units, units_per_currency
from voting.counting.ballots import BallotType
from voting.counting.instance import Instance
from voting.counting.profile import Ints, Points, Profile
from voting.counting.scores import member_points, totals
from voting.counting.ties import TieBreak

#: The place of a project in the order of a rule by score: −score, cost, −votes, lot. Smaller is better.
Key = tuple[int, int, int, int]

#: So many entries of ballots are sorted by project at a time.
_STRETCH = 2**18


@dataclass(frozen=True)
class BallotTable:
    """The distinct ballots in columns, with project numbers: see `ballots.Profile`.

    `points` lie beside `members`; None means 1 each.
    """

    starts: Ints
    members: Ints
    weights: Ints
    points: Points | None
    size: int

    @cached_property
    def lengths(self) -> Ints:
        """How many projects each ballot names."""
        return np.diff(self.starts)

    @cached_property
    def rows(self) -> Ints:
        """The ballot each entry of `members` belongs to."""
        return np.repeat(np.arange(len(self.weights), dtype=np.int32), self.lengths)

    @cached_property
    def _by_project(self) -> tuple[list[Ints], list[Points] | None]:
        # Sorting 16-bit numbers is a radix sort, quick while a stretch of them fits the processor's memory.
        narrow = self.members.astype(np.uint16) if self.size <= 2**16 else self.members
        rows: list[list[Ints]] = []
        points: list[list[Points]] = []
        for start in range(0, max(1, len(narrow)), _STRETCH):
            stretch = slice(start, start + _STRETCH)
            order = np.argsort(narrow[stretch], kind="stable")
            bounds = np.cumsum(np.bincount(narrow[stretch], minlength=self.size))[:-1]
            rows.append(np.split(self.rows[stretch][order], bounds))
            if self.points is not None:
                points.append(np.split(self.points[stretch][order], bounds))
        return _joined(rows), _joined(points) if points else None

    @cached_property
    def mostly_single(self) -> bool:
        """Whether nearly every ballot was cast by one voter, so that writing each as often as cast costs little."""
        return 4 * int(self.weights.sum()) <= 5 * len(self.weights)

    @property
    def supporters(self) -> list[Ints]:
        """The ballots that name each project, by project number."""
        return self._by_project[0]

    @property
    def supporter_points(self) -> list[Points] | None:
        """The points those ballots give it, beside `supporters`."""
        return self._by_project[1]

    def count_of(self, projects: Iterable[int]) -> Ints:
        """How many of `projects` each ballot names."""
        wanted = np.zeros(self.size, dtype=np.int64)
        wanted[list(projects)] = 1
        return np.add.reduceat(wanted[self.members], self.starts[:-1]) if len(self.weights) else self.weights

    def entries(self, ballots: Ints) -> Ints:
        """The places in `members` of everything the given ballots name."""
        lengths = self.lengths[ballots]
        ends = np.cumsum(lengths)
        return np.arange(ends[-1] if len(ends) else 0) + np.repeat(
            self.starts[ballots] - ends + lengths, lengths
        )


def _joined(stretches: list[list[npt.NDArray[Any]]]) -> list[npt.NDArray[Any]]:
    """The parts of each project, one behind the other."""
    if len(stretches) == 1:
        return stretches[0]
    return [np.concatenate(parts) for parts in zip(*stretches, strict=True)]


@dataclass(frozen=True, slots=True)
class Contest:
    """Everything a rule reads. Lists are indexed by project number."""

    ids: tuple[str, ...]
    costs: list[int]
    budget: int
    scale: int
    scores: list[int]
    point_scale: int
    votes: list[int]
    places: list[int]
    groups: list[str | None]
    rivals: list[frozenset[int]]
    withdrawn: frozenset[int]
    ballots: BallotTable
    voters: int
    ballot_type: BallotType
    tie_break: TieBreak

    @property
    def projects(self) -> range:
        """The numbers of all projects."""
        return range(len(self.ids))

    def keys(self) -> list[Key]:
        """Every project's place in the order by score, ties broken."""
        return [self.key(project) for project in self.projects]

    def key(self, project: int, more: int = 0) -> Key:
        """The place of `project`, had it `more` votes (or points, where ballots give points)."""
        votes = self.votes[project] + (more if self.one_vote_is_one_point else 0)
        score = self.scores[project] + more * self.point_scale
        return (-score, self.costs[project], -votes, self.places[project])

    @property
    def one_vote_is_one_point(self) -> bool:
        """Whether scores count ballots, so that one more point means one more ballot."""
        return self.ballot_type in (BallotType.APPROVAL, BallotType.CHOOSE_ONE)

    def tie_ranks(self) -> list[int]:
        """The rank of every project in the tie order alone (cost, votes, lot), 0 first."""
        order = sorted(self.projects, key=lambda p: (self.costs[p], -self.votes[p], self.places[p]))
        ranks = [0] * len(order)
        for rank, project in enumerate(order):
            ranks[project] = rank
        return ranks

    def separating(self, first: int, second: int) -> str:
        """Which criterion puts two level projects in order: `cost`, `votes`, or the last one."""
        if self.costs[first] != self.costs[second]:
            return "cost"
        return "votes" if self.votes[first] != self.votes[second] else self.tie_break.last_criterion

    def money(self, units: int | Fraction) -> str:
        """Units as a decimal string in the currency."""
        return amount_string(Fraction(units) / self.scale)

    def score_string(self, score: int | Fraction) -> str:
        """A score in points as a decimal string."""
        return amount_string(Fraction(score) / self.point_scale)


def prepare(
    instance: Instance,
    profile: Profile,
    tie_break: TieBreak,
    other_amounts: Sequence[Decimal] = (),
    rank_scores: Sequence[int] = (),
) -> Contest:
    """The contest of an instance and a profile; `other_amounts` are money parameters of the rule.

    Raises ValueError when a ballot names a project that is not in the instance.
    """
    projects = sorted(instance.projects, key=lambda project: project.id)
    number = {project.id: place for place, project in enumerate(projects)}
    amounts = [project.cost for project in projects]
    scale = units_per_currency([instance.budget_limit, *amounts, *other_amounts])
    strangers = [project_id for project_id in profile.ids if project_id not in number]
    if strangers:
        raise ValueError(f"a ballot names {', '.join(strangers)}, which the instance does not have")
    members = np.array([number[project_id] for project_id in profile.ids], dtype=np.int32)[profile.members]
    points = member_points(profile, rank_scores)
    votes = totals(members, None, profile, len(projects))
    places = tie_break.places(number)
    rivals: list[set[int]] = [set() for _ in projects]
    for ids in instance.exclusive_sets:
        rivalling = {number[project_id] for project_id in ids}
        for project in rivalling:
            rivals[project] |= rivalling - {project}
    return Contest(
        ids=tuple(number),
        costs=[to_units(amount, scale) for amount in amounts],
        budget=to_units(instance.budget_limit, scale),
        scale=scale,
        scores=votes if points is None else totals(members, points, profile, len(projects)),
        point_scale=profile.point_scale,
        votes=votes,
        places=[places[project_id] for project_id in number],
        groups=[project.group for project in projects],
        rivals=[frozenset(members) for members in rivals],
        withdrawn=frozenset(number[project.id] for project in projects if project.withdrawn),
        ballots=BallotTable(profile.starts, members, profile.weights, points, len(projects)),
        voters=profile.voters,
        ballot_type=profile.ballot_type,
        tie_break=tie_break,
    )
