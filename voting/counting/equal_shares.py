"""The method of equal shares, exactly.

Every voter starts with the same money. For each remaining project find the smallest ρ such that its
supporters, each paying min(what they have, ρ · satisfaction), cover its cost; fund the project with the
smallest ρ and let them pay; stop when no project is affordable (Peters, Pierczyński, Skowron, "Proportional
Participatory Budgeting with Additive Utilities", NeurIPS 2021; equalshares.net).

Since nobody's money ever grows, ρ only rises: the value of an earlier round is a lower bound, and only projects
whose bound is at the front are priced again. Pricing works on floats and gives a lower bound that is certain;
whatever is close enough to be the least is then priced exactly, so that no decision rests on a float.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from voting.counting.contest import Contest
from voting.counting.electorate import Electorate
from voting.counting.market import Market, Price
from voting.counting.purses import ULP, Purses


@dataclass(frozen=True, slots=True)
class Purchase:
    """One project bought: its ρ and what a supporter pays for each unit of worth."""

    project: int
    rho: Fraction
    unit_price: Fraction


@dataclass(slots=True)
class SharesRun:
    """One run from one start: what was bought in which order, what was level, and what everybody has left."""

    start: Fraction
    purses: Purses
    purchases: list[Purchase] = field(default_factory=list)
    level: list[list[int]] = field(default_factory=list)
    excluded: dict[int, int] = field(default_factory=dict)

    @property
    def winners(self) -> list[int]:
        """The projects bought, in order."""
        return [purchase.project for purchase in self.purchases]


def run_equal_shares(
    contest: Contest,
    voters: Electorate,
    start: Fraction,
    candidates: Iterable[int],
    ranks: Sequence[int],
    max_winners: int | None = None,
) -> SharesRun:
    """Buy projects from `start` money units a voter; ties in ρ go to the smaller rank."""
    purses = Purses(voters.table, voters.entry_worth, start)
    market = Market(contest.costs, voters, purses)
    run = SharesRun(start, purses)
    waiting = [
        (_at_best(contest, voters, project), ranks[project], project)
        for project in candidates
        if voters.units[project]
    ]
    heapq.heapify(waiting)
    won: set[int] = set()
    while max_winners is None or len(run.purchases) < max_winners:
        level = _cheapest(contest, voters, market, waiting, won, run)
        if not level:
            break
        rho, _, winner, price = level[0]
        if len(level) > 1:
            run.level.append([project for _, _, project, _ in level])
        for _, rank, project, _ in level[1:]:
            heapq.heappush(waiting, (_below(rho), rank, project))
        run.purchases.append(Purchase(winner, rho, price.unit))
        won.add(winner)
        market.buy(winner, price)
    for project in contest.projects:
        rival = next((p for p in run.winners if p in contest.rivals[project]), None)
        if rival is not None and project not in won:
            run.excluded[project] = rival
    return run


def _cheapest(
    contest: Contest,
    voters: Electorate,
    market: Market,
    waiting: list[tuple[float, int, int]],
    won: set[int],
    run: SharesRun,
) -> list[tuple[Fraction, int, int, Price]]:
    """The projects with the least ρ of this round, by rank; takes them from the heap, and for good those who
    can no longer be paid or whose rival won."""
    near: list[tuple[float, int, int, float, float]] = []
    limit = inf
    while waiting and waiting[0][0] <= limit:
        bound, rank, project = heapq.heappop(waiting)
        if won and contest.rivals[project] & won:
            continue
        scale = float(voters.worth_scale[project])
        if not contest.costs[project]:
            near.append((0.0, rank, project, 0.0, 0.0))
            limit = 0.0
            continue
        found = market.between(project, bound * scale * (1 - 4 * ULP), limit * scale * (1 + 8 * ULP))
        if found is not None:
            low, high = found
            near.append((max(bound, low / scale * (1 - 4 * ULP)), rank, project, low, high))
            limit = min(limit, high / scale * (1 + 4 * ULP))
    priced: list[tuple[Fraction, int, int, Price]] = []
    for bound, rank, project, low, high in near:
        if bound > limit:
            heapq.heappush(waiting, (bound, rank, project))
        elif (price := market.exact(project, low, high)) is not None:
            rho = price.unit / voters.worth_scale[project] if price.unit else Fraction(0)
            priced.append((rho, rank, project, price))
    priced.sort(key=lambda entry: entry[:2])
    level = [entry for entry in priced if entry[0] == priced[0][0]]
    for rho, rank, project, _ in priced[len(level) :]:
        heapq.heappush(waiting, (_below(rho), rank, project))
    return level


def _at_best(contest: Contest, voters: Electorate, project: int) -> float:
    """A float not above ρ while no supporter is short of money."""
    scale = float(voters.worth_scale[project])
    return contest.costs[project] / voters.units[project] / scale * (1 - 8 * ULP) if scale else 0.0


def _below(rho: Fraction) -> float:
    """A float not above ρ."""
    return float(rho) * (1 - 2 * ULP)


def used_by(voters: Electorate, run: SharesRun, projects: Iterable[int]) -> dict[int, dict[int, Fraction]]:
    """For each of `projects`, how much of its supporters' money each winner used, in the contest's units."""
    return {
        project: {
            purchase.project: paid
            for purchase, paid in zip(
                run.purchases, run.purses.payments(voters.supporters[project]), strict=True
            )
            if paid
        }
        for project in projects
    }
