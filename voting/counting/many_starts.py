"""Equal shares from many starts at once, on floats with proven error bounds.

`add1` counts the same ballots again and again, each time with a little more money a voter. Here a batch of such
runs goes forward together, a column of an array each. Every number carries a bound on its error; a run in which
some comparison is closer than its error is given up (None) and has to be counted exactly. What is returned is
therefore what exact arithmetic would have given: floats that are too close never decide.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from voting.counting.contest import Contest
from voting.counting.electorate import Electorate
from voting.counting.purses import ULP, Floats

#: Who has so much more than a price, relative to it, surely pays it in full; as much less, surely not.
_FIRM = 1e-6
#: The error of a price of which nothing is known: finite, so that nobody's share in it is nothing.
_UNKNOWN = 1e200


def run_many(
    contest: Contest,
    voters: Electorate,
    starts: Sequence[Fraction],
    candidates: Sequence[int],
    ranks: Sequence[int],
    max_winners: int | None = None,
) -> list[list[int] | None]:
    """The winners from each start (money units a voter), in the order bought; None where floats cannot tell."""
    return _Batch(contest, voters, starts, candidates, ranks).run(max_winners)


#: Sums over more ballots go block by block, so that their rounding errors grow with the blocks, not the ballots.
_BLOCK = 256


def _sums(weights: Floats, values: npt.NDArray[Any]) -> Floats:
    """For each run the sum of weight × value over the supporters. Not by BLAS, whose threads wait for each other
    on a busy machine."""
    whole = len(weights) // _BLOCK * _BLOCK
    sums: Floats = np.einsum("i,ij->j", weights[whole:], values[whole:])
    if whole:
        blocks = values[:whole].reshape(-1, _BLOCK, values.shape[1])
        sums = sums + np.einsum("bi,bij->bj", weights[:whole].reshape(-1, _BLOCK), blocks).sum(axis=0)
    return sums


def _roundings(ballots: int) -> float:
    """How many roundings of one operation, relative to the sum, `_sums` over so many ballots may be off by."""
    return 2 * (min(ballots, _BLOCK) + ballots // _BLOCK) + 32


class _Batch:
    """All runs of one batch; arrays have a row for each project and a column for each run."""

    def __init__(
        self,
        contest: Contest,
        voters: Electorate,
        starts: Sequence[Fraction],
        candidates: Sequence[int],
        ranks: Sequence[int],
    ) -> None:
        self.contest = contest
        self.voters = voters
        self.size = len(starts)
        self.top = np.array([float(start) for start in starts])
        self.money: Floats = np.tile(self.top, (len(voters.table.weights), 1))
        #: How far each amount of money may be from the exact one; nothing for those who surely ran out.
        self.error: Floats = np.tile(2 * ULP * self.top, (len(voters.table.weights), 1))
        self.winners: list[list[int]] = [[] for _ in starts]
        self.certain = np.ones(self.size, dtype=bool)
        self.active = np.ones(self.size, dtype=bool)
        self.order = np.array(ranks)
        self.scale = [float(scale) for scale in voters.worth_scale]
        shape = (len(contest.costs), self.size)
        #: ρ is certainly not below `low` and, where `fresh`, not above `high`; `unit` is the price on floats.
        self.low: Floats = np.full(shape, np.inf)
        self.high: Floats = np.full(shape, np.inf)
        self.unit: Floats = np.zeros(shape)
        self.unit_low: Floats = np.zeros(shape)
        self.unit_error: Floats = np.zeros(shape)
        self.fresh = np.zeros(shape, dtype=bool)
        self.clear = np.zeros(shape, dtype=bool)
        first = {p: voters.first_rho(contest.costs[p], p) for p in candidates if voters.units[p]}
        self.low[list(first)] = 0.0
        #: Among projects nobody is too poor for, the exact order of ρ and then of ties.
        places = {rho: place for place, rho in enumerate(sorted(set(first.values())))}
        self.clear_order = np.zeros(len(contest.costs), dtype=np.int64)
        for project, rho in first.items():
            self.clear_order[project] = places[rho] * len(contest.costs) + ranks[project]
        self.supporters: dict[int, tuple[npt.NDArray, Floats, Floats, Floats | None]] = {}

    def run(self, max_winners: int | None) -> list[list[int] | None]:
        """Buy until nothing can be bought any more in any run."""
        while self.active.any() and (max_winners is None or self._bought() < max_winners):
            chosen = self._choose()
            for project in np.unique(chosen[self.active]).tolist():
                self._buy(project, np.flatnonzero(self.active & (chosen == project)))
        return [
            winners if sure else None
            for winners, sure in zip(self.winners, self.certain.tolist(), strict=True)
        ]

    def _bought(self) -> int:
        """How many projects each active run has bought: the same number in all of them."""
        return len(self.winners[int(np.flatnonzero(self.active)[0])])

    def _choose(self) -> npt.NDArray[np.int64]:
        """The next winner of every run; runs that end or cannot be told apart are no longer active."""
        self.fresh[:] = False
        runs = np.arange(self.size)
        while True:
            best = np.argmin(np.where(self.fresh, self.high, np.inf), axis=0)
            limit = np.where(self.fresh[best, runs], self.high[best, runs], np.inf)
            stale = (self.low <= limit) & ~self.fresh & (self.low < np.inf) & self.active
            if not stale.any():
                break
            lowest = np.argmin(np.where(stale, self.low, np.inf), axis=0)
            for project in np.unique(lowest[stale.any(axis=0)]).tolist():
                self._price(project)
        self.active &= (self.low < np.inf).any(axis=0)
        near = (self.low <= limit) & (self.low < np.inf) & self.active
        told = (near.sum(axis=0) <= 1) | (self.clear | ~near).all(axis=0)
        self._give_up(self.active & ~told)
        return np.argmin(np.where(near, self.clear_order[:, None], np.iinfo(np.int64).max), axis=0)

    def _give_up(self, runs: npt.NDArray[np.bool_]) -> None:
        self.certain[runs] = False
        self.active[runs] = False

    def _own(self, project: int) -> tuple[npt.NDArray, Floats, Floats, Floats | None]:
        """The supporters with money left in some run, their weights, loads and worth."""
        if project in self.supporters:
            return self.supporters[project]
        ballots = self.voters.supporters[project]
        weights = self.voters.table.weights[ballots].astype(np.float64)
        worth = None if self.voters.worth is None else self.voters.worth[project].astype(np.float64)
        own = (ballots, weights, weights if worth is None else weights * worth, worth)
        self.supporters[project] = own
        return own

    def _price(self, project: int) -> None:
        """Price one project in all active runs where it may still be bought."""
        runs = np.flatnonzero(self.active & (self.low[project] < np.inf) & ~self.fresh[project])
        self.fresh[project, runs] = True
        self.high[project, runs] = np.inf
        cost = float(self.contest.costs[project])
        if not cost:
            self.low[project, runs] = self.high[project, runs] = 0.0
            self.clear[project, runs] = True
            return
        ballots, weights, load, worth = self._own(project)
        everywhere = len(runs) == self.size
        money = self.money[ballots] if everywhere else self.money[np.ix_(ballots, runs)]
        alive = money.any(axis=1)
        if 2 * np.count_nonzero(alive) < len(ballots) and len(runs) == np.count_nonzero(self.active):
            ballots, weights, load = ballots[alive], weights[alive], load[alive]
            worth = None if worth is None else worth[alive]
            self.supporters[project] = (ballots, weights, load, worth)
            money = money[alive]
        error = self.error[ballots] if everywhere else self.error[np.ix_(ballots, runs)]
        noise = _roundings(len(ballots)) * ULP * cost
        total, doubt = _sums(weights, money), _sums(weights, error) + noise
        self.low[project, runs[total + doubt < cost]] = np.inf
        unsure = np.abs(total - cost) <= doubt
        lost = np.zeros(self.size, dtype=bool)
        lost[runs[unsure]] = True
        self._give_up(lost)
        kept = (total > cost) & ~unsure
        if not kept.any():
            return
        if not kept.all():
            runs, money, error = runs[kept], money[:, kept], error[:, kept]
        asked, wide = money, 8 * error
        if worth is not None:
            asked, wide = money / worth[:, None], wide / worth[:, None]
        # What bounded the price in an earlier round bounds it now: climb from there.
        unit = np.maximum(self.unit_low[project, runs], cost / load.sum() * (1 - 8 * ULP))
        while True:
            poor = asked < unit
            units = load.sum() - _sums(load, poor)
            paid = _sums(load, np.where(poor, asked, 0.0))
            higher = np.where(units > 0, (cost - paid) / np.where(units > 0, units, 1.0), unit)
            if not (higher > unit * (1 + ULP)).any():
                break
            unit = np.maximum(unit, higher)
        firm = asked > unit * (1 + _FIRM) + wide
        clear = firm.all(axis=0)
        solid = _sums(load, firm)
        # What firm supporters pay does not depend on what they have.
        doubt = _sums(weights, np.where(firm, 0.0, error)) + noise
        down = doubt / np.where(units > 0, units, 1.0) + 8 * ULP * unit
        up = doubt / np.where(solid > 0, solid, 1.0) + 8 * ULP * unit
        broad = (solid <= 0) | (units <= 0) | (up > _FIRM * unit / 2)
        scale = self.scale[project]
        low = np.where(units > 0, np.maximum(unit - down, 0.0), 0.0)
        self.unit_low[project, runs] = np.maximum(self.unit_low[project, runs], low)
        self.low[project, runs] = self.unit_low[project, runs] / scale * (1 - 4 * ULP)
        self.high[project, runs] = np.where(broad, np.inf, (unit + up) / scale * (1 + 4 * ULP))
        self.unit[project, runs] = unit
        self.unit_error[project, runs] = np.where(broad, _UNKNOWN, np.maximum(down, up))
        self.clear[project, runs] = clear

    def _buy(self, project: int, runs: npt.NDArray) -> None:
        """Let the supporters of a project pay for it in the given runs."""
        self.low[project, runs] = np.inf
        for rival in self.contest.rivals[project]:
            self.low[rival, runs] = np.inf
        for run in runs.tolist():
            self.winners[run].append(project)
        if not self.contest.costs[project]:
            return
        ballots, _, _, worth = self._own(project)
        unit = self.unit[project, runs]
        price = unit if worth is None else unit * worth[:, None]
        at = np.ix_(ballots, runs)
        money = self.money[at]
        left = money - np.minimum(money, price)
        old = self.error[at]
        paying = self.unit_error[project, runs]
        paying = paying if worth is None else paying * worth[:, None]
        # Who is so close to the price may in truth have something left: a trace keeps them in the count.
        close = (money > 0) & (left == 0) & (money >= price * (1 - _FIRM) - 8 * old)
        left = np.where(close, old, left)
        self.money[at] = left
        self.error[at] = np.where(left > 0, old + paying + 4 * ULP * self.top[runs], 0.0)
