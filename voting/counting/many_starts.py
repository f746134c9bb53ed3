"""Equal shares from many starts at once, on floats with proven error bounds.

`add1` counts the same ballots again and again, each time with a little more money a voter. Here a batch of such
runs goes forward together, a row of an array each. Every number carries a bound on its error; a run in which
some comparison is closer than its error is given up (None) and has to be counted exactly. What is returned is
therefore what exact arithmetic would have given: floats that are too close never decide.

What supporters pay together, Σ min(money, price · worth), is concave in the price. So its tangent at any price
gives a price the exact one is certainly not below, and a project is asked only whether it could be had at the best
price found so far: mostly not, and then the tangent is its bound for later rounds, since nobody's money grows.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from voting.counting.contest import Contest
from voting.counting.electorate import Electorate
from voting.counting.funders import Funders, Matrix
from voting.counting.purses import ULP, Floats

#: How much a price may be off, relative to it: who has more than that beyond what they pay surely pays in full.
_FIRM = 1e-6
#: After how many rounds it is looked up which supporters ran out.
_CHECKED_EVERY = 8
#: A price is looked for with so many tangents at most.
_MOST_TANGENTS = 60
#: The best ρ while none is known: below infinity, which is the ρ of what can no longer be bought.
_NO_LIMIT = float(np.finfo(np.float64).max)


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


class _Batch:
    """All runs of one batch: arrays have a row for each run, and a column for each project or ballot.

    The column after the last ballot is nobody's: it holds no money.
    """

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
        ballots = len(voters.table.weights)
        self.money: Matrix = np.repeat(self.top[:, None], ballots + 1, axis=1)
        #: How far each amount of money may be from the exact one; nothing only for those who surely ran out.
        self.error: Matrix = 2 * ULP * self.money
        self.money[:, ballots] = self.error[:, ballots] = 0.0
        self.most_error = 2 * ULP * self.top
        self.winners: list[list[int]] = [[] for _ in starts]
        self.certain = np.ones(self.size, dtype=bool)
        self.active = np.ones(self.size, dtype=bool)
        self.stage = 0
        shape = (self.size, len(contest.costs))
        #: ρ is certainly not below `low`, and infinite where a project can no longer be bought.
        self.low: Matrix = np.full(shape, np.inf)
        #: Where a project may be the cheapest of a round: the price of one unit, on floats.
        self.unit: Matrix = np.zeros(shape)
        self.scale = [float(scale) for scale in voters.worth_scale]
        first = {p: voters.first_rho(contest.costs[p], p) for p in candidates if voters.units[p]}
        for project, rho in first.items():
            self.low[:, project] = float(rho) * (1 - 4 * ULP)
        #: Among projects nobody is too poor for, the exact order of ρ and then of ties.
        places = {rho: place for place, rho in enumerate(sorted(set(first.values())))}
        self.clear_order = {p: (places[rho], ranks[p]) for p, rho in first.items()}
        #: The supporters of each project with money left, and the round in which that was looked up.
        self.funders: dict[int, tuple[int, Funders]] = {}

    def run(self, max_winners: int | None) -> list[list[int] | None]:
        """Buy until nothing can be bought any more in any run."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            while self.active.any() and (max_winners is None or self.stage < max_winners):
                for project, runs in self._choose():
                    self._buy(project, runs)
                self.stage += 1
        return [
            winners if sure else None
            for winners, sure in zip(self.winners, self.certain.tolist(), strict=True)
        ]

    def _choose(self) -> list[tuple[int, npt.NDArray[np.intp]]]:
        """The next winners, each with its runs; runs that end or cannot be told apart are no longer active."""
        limit = np.full(self.size, _NO_LIMIT)
        asked, runs = self.low.copy(), np.arange(self.size)
        while True:
            lowest = asked.argmin(axis=1)
            waiting = asked[runs, lowest] <= limit
            if not waiting.any():
                break
            project = int(np.bincount(lowest[waiting]).argmax())
            own = np.flatnonzero(asked[:, project] <= limit)
            rows = slice(int(own[0]), int(own[-1]) + 1)
            self._price(project, rows, limit[rows])
            asked[rows, project] = np.inf
        near = self.low <= limit[:, None]
        several = near.sum(axis=1)
        self.active &= several > 0
        for run in np.flatnonzero(self.active & (limit == _NO_LIMIT)).tolist():
            # Something may be affordable and nothing surely is.
            self._give_up(run)
        chosen = near.argmax(axis=1)
        for run in np.flatnonzero(self.active & (several > 1)).tolist():
            level = np.flatnonzero(near[run]).tolist()
            if all(self._is_clear(project, run) for project in level):
                chosen[run] = min(level, key=self.clear_order.__getitem__)
            else:
                self._give_up(run)
        winners = np.unique(chosen[self.active]).tolist()
        return [(project, np.flatnonzero(self.active & (chosen == project))) for project in winners]

    def _give_up(self, run: int) -> None:
        self.certain[run] = self.active[run] = False
        self.low[run] = np.inf

    def _funders(self, project: int) -> Funders:
        """The supporters of a project; those who surely ran out in all runs are left out now and then."""
        checked, found = self.funders.get(project, (0, None))
        found = found or self.voters.funders(project)
        if self.stage >= checked + _CHECKED_EVERY:
            going = np.flatnonzero(self.active)
            doubts = self.error[going[0] : going[-1] + 1].take(found.ballots, axis=1)
            # Not "above nothing": runs given up lie between these, and what they hold may be no number.
            found = found.only((doubts != 0).any(axis=0))
            self.funders[project] = self.stage, found
        return found

    def _is_clear(self, project: int, run: int) -> bool:
        """Whether surely nobody has less than a share of the cost in proportion to the worth."""
        cost = self.contest.costs[project]
        if not cost:
            return True
        own = self.voters.funders(project)
        share = cost / self.voters.units[project] * (1 if own.worth is None else own.worth)
        left = self.money[run].take(own.ballots) - share * (1 + _FIRM)
        return bool((left[: own.count] > self.error[run].take(own.ballots)[: own.count]).all())

    def _price(self, project: int, rows: slice, limit: Floats) -> None:
        """Find out whether a project can be had at ρ = `limit` in the given runs, and where it can, its price.

        Lowers `limit` to a ρ that the project's is certainly not above.
        """
        cost, low = float(self.contest.costs[project]), self.low[rows, project]
        if not cost:
            limit[low <= limit] = 0.0
            return
        own, scale = self._funders(project), self.scale[project]
        money = self.money[rows].take(own.ballots, axis=1)
        known = low * scale
        at = most = limit * (scale * (1 + 8 * ULP))
        if np.count_nonzero(given := limit < _NO_LIMIT) < len(given):
            at, most = np.where(given, most, known), np.where(given, most, _NO_LIMIT)
        noise, doubts = 2 * own.noise, own.voters * self.most_error[rows] + 4 * own.noise * cost
        pending = None
        for _ in range(_MOST_TANGENTS):
            paid, units = own.paid_at(money, at)
            lacking = cost - paid
            doubt = paid * noise + doubts
            # The tangent reaches the cost there, and the exact sum not before: never, where nobody has more.
            np.fmax(known, at + (lacking - doubt) / units, out=known)
            within = known <= most
            if not np.count_nonzero(within):
                break
            found = (lacking <= -doubt) & (lacking >= -5 * doubt)
            pending = within & ~found if pending is None else pending & within & ~found
            if not np.count_nonzero(pending):
                break
            # A bit beyond the price, so that it is surely enough.
            further = np.fmax(at + (lacking + 3 * doubt) / units, known)
            pending &= np.where(lacking > -doubt, further > at, further < at)
            if not np.count_nonzero(pending):
                break
            at = np.where(pending, further, at)
        self.low[rows, project] = known * ((1 - 8 * ULP) / scale)
        if pending is not None:
            enough = (lacking <= -doubt) & within
            self.unit[rows, project] = np.where(enough, at + lacking / units, at)
            limit[enough] = np.minimum(limit, at * ((1 + 8 * ULP) / scale))[enough]

    def _buy(self, project: int, runs: npt.NDArray[np.intp]) -> None:
        """Let the supporters of a project pay for it in the given runs."""
        self.low[runs, project] = np.inf
        for rival in self.contest.rivals[project]:
            self.low[runs, rival] = np.inf
        for run in runs.tolist():
            self.winners[run].append(project)
        if self.contest.costs[project]:
            own = self._funders(project)
            for some in _in_a_row(runs):
                self._pay(project, own, some)

    def _pay(self, project: int, own: Funders, runs: npt.NDArray[np.intp]) -> None:
        """Take the price from the supporters, in runs that follow each other."""
        rows = slice(int(runs[0]), int(runs[-1]) + 1)
        cost, unit, top = float(self.contest.costs[project]), self.unit[rows, project], self.top[rows, None]
        money, error = self.money[rows].take(own.ballots, axis=1), self.error[rows].take(own.ballots, axis=1)
        price = unit[:, None] if own.worth is None else unit[:, None] * own.worth
        paid = own.sum_of(np.minimum(money, price))
        money -= price
        # What firm supporters pay does not depend on what they have.
        firm = money > error + _FIRM * price
        solid = own.units_of(firm)
        off = own.sum_of(np.where(firm, 0.0, error)) + np.abs(paid - cost) + own.noise * (4 * cost + paid)
        off = off * (1 + own.noise) / solid
        for run in runs[~(off < _FIRM * unit / 2)].tolist():
            self._give_up(run)
        off += 4 * ULP * unit
        error += (off[:, None] if own.worth is None else off[:, None] * own.worth) + 4 * ULP * top
        error[money < -error] = 0.0
        np.maximum(money, 0.0, out=money)
        self.most_error[rows] = np.maximum(self.most_error[rows], error.max(axis=1))
        for run, all_left, all_errors in zip(runs.tolist(), money, error, strict=True):
            self.money[run][own.ballots] = all_left
            self.error[run][own.ballots] = all_errors
        self.error[rows, own.nobody] = 0.0


def _in_a_row(runs: npt.NDArray[np.intp]) -> Iterator[npt.NDArray[np.intp]]:
    """The runs in pieces without a gap."""
    yield from np.split(runs, np.flatnonzero(np.diff(runs) > 1) + 1)
