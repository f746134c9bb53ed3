"""The method of equal shares, exactly.

Every voter starts with the same money. For each remaining project find the smallest ρ such that its
supporters, each paying min(what they have, ρ · satisfaction), cover its cost; fund the project with the
smallest ρ and let them pay; stop when no project is affordable (Peters, Pierczyński, Skowron 2021;
equalshares.net).

Money is held as integers over one denominator that grows when a price needs it. Since nobody's money ever
grows, ρ only rises: the value of an earlier round is a lower bound, and only projects whose bound is at the
front are priced again.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from voting.counting.contest import Contest


class Satisfaction(StrEnum):
    """What an approved, funded project is worth to a voter."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who supports what, and how much, under one satisfaction.

    `supporters[p]` lists (worth, ballots) with equal worth together; `units[p]` is the sum of worth over all
    supporters; `worth_scale[p]` is what one unit stands for, so that ρ = price of one unit / worth_scale.
    """

    weights: list[int]
    supporters: list[list[tuple[int, list[int]]]]
    worth_scale: list[Fraction]
    units: list[int]


@dataclass(frozen=True, slots=True)
class Purchase:
    """One project bought: its ρ and what a supporter pays for each unit of worth."""

    project: int
    rho: Fraction
    unit_price: Fraction


@dataclass(slots=True)
class SharesRun:
    """One run from one start: what was bought in which order, who could not be paid for, and what is left.

    `money[b] / denominator` is what each voter of ballot b has left, in the contest's units.
    """

    start: Fraction
    purchases: list[Purchase] = field(default_factory=list)
    level: list[list[int]] = field(default_factory=list)
    excluded: dict[int, int] = field(default_factory=dict)
    money: list[int] = field(default_factory=list)
    denominator: int = 1

    @property
    def winners(self) -> list[int]:
        """The projects bought, in order."""
        return [purchase.project for purchase in self.purchases]


def electorate(contest: Contest, satisfaction: Satisfaction) -> Electorate:
    """Group the supporters of every project by what it is worth to them.

    With `cost` and `cardinality` every project a ballot names counts as approved; with `points` one given no
    points has no supporter in that ballot.
    """
    by_worth: list[dict[int, list[int]]] = [{} for _ in contest.projects]
    for number, ballot in enumerate(contest.ballots):
        if satisfaction is Satisfaction.POINTS:
            for project, points in zip(ballot.projects, ballot.points, strict=True):
                if points > 0:
                    by_worth[project].setdefault(points, []).append(number)
        else:
            for project in ballot.projects:
                by_worth[project].setdefault(1, []).append(number)
    scales = {
        Satisfaction.COST: [Fraction(cost) for cost in contest.costs],
        Satisfaction.CARDINALITY: [Fraction(1)] * len(contest.costs),
        Satisfaction.POINTS: [Fraction(1, contest.point_scale)] * len(contest.costs),
    }
    weights = [ballot.weight for ballot in contest.ballots]
    return Electorate(
        weights=weights,
        supporters=[sorted(worths.items()) for worths in by_worth],
        worth_scale=scales[satisfaction],
        units=[
            sum(worth * weights[ballot] for worth, ballots in worths.items() for ballot in ballots)
            for worths in by_worth
        ],
    )


class _Market:
    """The money of every ballot while a run goes on."""

    def __init__(self, contest: Contest, voters: Electorate, start: Fraction) -> None:
        self.costs = contest.costs
        self.weights = voters.weights
        self.denominator = start.denominator
        self.money = [start.numerator] * len(voters.weights)
        # Pricing drops those without money left, so every run needs lists of its own.
        self.supporters = [list(groups) for groups in voters.supporters]

    def price(self, project: int) -> tuple[int, int] | None:
        """What one unit of worth costs, as (numerator, divisor) in money units; None if it cannot be paid."""
        money, weights = self.money, self.weights
        groups = [(worth, [b for b in ballots if money[b]]) for worth, ballots in self.supporters[project]]
        self.supporters[project] = groups
        rest = self.costs[project] * self.denominator
        units = sum(worth * sum([weights[b] for b in ballots]) for worth, ballots in groups)
        while units:
            richer, changed = [], False
            next_rest, next_units = rest, units
            for worth, ballots in groups:
                share = -(-rest * worth // units)
                poor = [b for b in ballots if money[b] < share]
                if poor:
                    changed = True
                    next_rest -= sum([money[b] * weights[b] for b in poor])
                    next_units -= worth * sum([weights[b] for b in poor])
                    ballots = [b for b in ballots if money[b] >= share]
                richer.append((worth, ballots))
            if not changed:
                return rest, units
            groups, rest, units = richer, next_rest, next_units
        return None if rest > 0 else (0, 1)

    def buy(self, project: int, price: tuple[int, int]) -> None:
        """Let the supporters pay, after bringing all money to a denominator that can express it."""
        rest, units = price
        common = Fraction(rest, units)
        factor = common.denominator
        money = self.money
        if factor > 1:
            self.denominator *= factor
            self.money = money = [amount * factor for amount in money]
        for worth, ballots in self.supporters[project]:
            share = common.numerator * worth
            for b in ballots:
                money[b] = money[b] - share if money[b] > share else 0


def run_equal_shares(
    contest: Contest,
    voters: Electorate,
    start: Fraction,
    candidates: Iterable[int],
    ranks: Sequence[int],
    max_winners: int | None = None,
) -> SharesRun:
    """Buy projects from `start` money units a voter; ties in ρ go to the smaller rank."""
    market = _Market(contest, voters, start)
    run = SharesRun(start)
    waiting: list[tuple[float, Fraction, int, int]] = []
    for project in candidates:
        units = voters.units[project]
        if units:
            waiting.append(_entry(_rho(contest.costs[project], units, voters, project), ranks, project))
    heapq.heapify(waiting)
    prices: dict[int, tuple[int, int]] = {}

    def refresh() -> bool:
        """Price the front until it is a price of this round; False when nothing is left."""
        while waiting and waiting[0][3] not in prices:
            project = heapq.heappop(waiting)[3]
            rival = next((p for p in run.winners if p in contest.rivals[project]), None)
            if rival is not None:
                run.excluded[project] = rival
                continue
            price = market.price(project)
            if price is not None:
                prices[project] = price
                rho = _rho(price[0], price[1] * market.denominator, voters, project)
                heapq.heappush(waiting, _entry(rho, ranks, project))
        return bool(waiting)

    while (max_winners is None or len(run.purchases) < max_winners) and refresh():
        entry = heapq.heappop(waiting)
        _, rho, _, winner = entry
        equals = []
        while refresh() and waiting[0][1] == rho:
            equals.append(heapq.heappop(waiting))
        for other in equals:
            heapq.heappush(waiting, other)
        if equals:
            run.level.append([winner, *(other[3] for other in equals)])
        rest, units = prices[winner]
        run.purchases.append(Purchase(winner, rho, Fraction(rest, units * market.denominator)))
        market.buy(winner, prices[winner])
        prices.clear()
    for project in contest.projects:
        rival = next((p for p in run.winners if p in contest.rivals[project]), None)
        if rival is not None and project not in run.winners:
            run.excluded[project] = rival
    run.money, run.denominator = market.money, market.denominator
    return run


def _rho(rest: int, units: int, voters: Electorate, project: int) -> Fraction:
    """The price of one unit of satisfaction; a project without cost is free at any satisfaction."""
    return Fraction(rest, units) / voters.worth_scale[project] if rest else Fraction(0)


def _entry(rho: Fraction, ranks: Sequence[int], project: int) -> tuple[float, Fraction, int, int]:
    """A heap entry. The float only spares comparisons: rounding keeps order, and equals go to the fraction."""
    return (float(rho), rho, ranks[project], project)


def used_by(
    contest: Contest, voters: Electorate, run: SharesRun, projects: Iterable[int]
) -> dict[int, dict[int, Fraction]]:
    """For each of `projects`, how much of its supporters' money each winner used, in the contest's units."""
    asked = set(projects)
    backs: list[list[int]] = [[] for _ in voters.weights]
    for project in asked:
        for _, ballots in voters.supporters[project]:
            for ballot in ballots:
                backs[ballot].append(project)
    money = [(run.start * run.denominator).numerator] * len(voters.weights)
    spent: dict[int, dict[int, int]] = {project: {} for project in asked}
    for purchase in run.purchases:
        unit = (purchase.unit_price * run.denominator).numerator
        for worth, ballots in voters.supporters[purchase.project]:
            for ballot in ballots:
                paid = min(money[ballot], unit * worth)
                money[ballot] -= paid
                for project in backs[ballot]:
                    account = spent[project]
                    account[purchase.project] = (
                        account.get(purchase.project, 0) + paid * voters.weights[ballot]
                    )
    return {
        project: {winner: Fraction(paid, run.denominator) for winner, paid in account.items() if paid}
        for project, account in spent.items()
    }
