"""Who supports which project and what it is worth to them, under one kind of satisfaction.

Satisfaction by cost and by cardinality: Brill, Forster, Lackner, Maly, Peters, "Proportionality in Approval-Based
Participatory Budgeting", AAAI 2023; by points: the additive utilities of the paper on equal shares.
"""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from voting.counting.contest import BallotTable, Contest
from voting.counting.funders import Funders
from voting.counting.profile import Ints, Points
from voting.counting.rules import Satisfaction


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who supports what, and how much, under one satisfaction.

    `supporters[p]` are the ballots to which project p is worth something, `worth[p]` how much beside them (None
    for 1 each); `units[p]` is the exact sum of worth over all supporting voters; `worth_scale[p]` is what one
    unit stands for, so that ρ = price of one unit / worth_scale. `entry_worth` lies beside the table's members.
    """

    table: BallotTable
    supporters: list[Ints]
    worth: list[Points] | None
    entry_worth: Points | None
    worth_scale: list[Fraction]
    units: list[int]
    _funders: dict[int, Funders] = field(default_factory=dict, repr=False, compare=False)

    def first_rho(self, cost: int, project: int) -> Fraction:
        """ρ while no supporter is short of money: the least it can ever be."""
        return Fraction(cost, self.units[project]) / self.worth_scale[project] if cost else Fraction(0)

    def funders(self, project: int) -> Funders:
        """The supporters of a project in columns for sums, laid out once for all runs."""
        found = self._funders.get(project)
        if found is None:
            own = self.supporters[project]
            nobody, weights = len(self.table.weights), self.table.weights[own]
            if self.worth is None and self.table.mostly_single:
                found = Funders.of(np.repeat(own, weights), nobody, None, None)
            else:
                found = Funders.of(own, nobody, weights, None if self.worth is None else self.worth[project])
            self._funders[project] = found
        return found

    def voters_of(self, project: int) -> int:
        """How many voters support a project."""
        return int(self.table.weights[self.supporters[project]].sum())


def electorate(contest: Contest, satisfaction: Satisfaction) -> Electorate:
    """Who supports every project and what it is worth to them.

    With `cost` and `cardinality` every project a ballot names counts as approved; with `points` one given no
    points has no supporter in that ballot.
    """
    table = contest.ballots
    supporters, worth, entries = table.supporters, None, None
    if (
        satisfaction is Satisfaction.POINTS
        and table.points is not None
        and table.supporter_points is not None
    ):
        given = [np.flatnonzero(points) for points in table.supporter_points]
        supporters = [ballots[some] for ballots, some in zip(supporters, given, strict=True)]
        worth = [points[some] for points, some in zip(table.supporter_points, given, strict=True)]
        entries = table.points
    scales = {
        Satisfaction.COST: [Fraction(cost) for cost in contest.costs],
        Satisfaction.CARDINALITY: [Fraction(1)] * len(contest.costs),
        Satisfaction.POINTS: [Fraction(1, contest.point_scale)] * len(contest.costs),
    }
    return Electorate(
        table, supporters, worth, entries, scales[satisfaction],
        contest.scores if satisfaction is Satisfaction.POINTS else contest.votes,
    )  # fmt: skip
