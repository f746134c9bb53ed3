"""What each project costs its supporters under equal shares: quick certain bounds, and the exact price."""

from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy as np

from voting.counting.electorate import Electorate
from voting.counting.funders import Funders
from voting.counting.profile import Ints, Points
from voting.counting.purses import ULP, Floats, Purses

#: After how many rounds it is looked up which supporters ran out, where there are more than so many.
_CHECKED_EVERY, _FEW = 6, 2000
#: A price is looked for with so many tangents at most.
_MOST_TANGENTS = 60


@dataclass(frozen=True, slots=True)
class Price:
    """What supporters pay for each unit of worth, and who pays it.

    `ballots` are those that still had money, `worth` what the project is worth to them (None for 1 each), and
    `poor` the places among them of those who have no more than they are asked for.
    """

    unit: Fraction
    ballots: Ints
    worth: Floats | None
    poor: Ints


@dataclass(frozen=True, slots=True)
class _Supporters:
    """The supporters of one project who still have money; arrays beside `ballots`.

    `load` is weight × worth, exact; `worth` are floats, None for 1 each.
    """

    ballots: Ints
    load: Points
    worth: Floats | None


class Market:
    """Prices of projects while a run goes on."""

    def __init__(self, costs: list[int], voters: Electorate, purses: Purses) -> None:
        self._costs = costs
        self._voters = voters
        self._purses = purses
        self._funders: dict[int, tuple[int, Funders]] = {}

    def buy(self, project: int, price: Price) -> None:
        """Let the supporters pay the price, found for this round."""
        self._purses.pay(project, price.unit, price.ballots, price.worth, price.poor)

    def between(self, project: int, low: float, limit: float) -> tuple[float, float] | None:
        """Numbers between which the price of one unit certainly is; None when the project surely cannot be paid.

        It is known not to be below `low`. Where it is certainly above `limit`, the second number is infinite, as
        where it is not certain that the supporters can pay.

        The sum of min(money, price · worth) over the supporters grows with the price, ever slower: its tangent
        anywhere reaches the cost no later than the sum does, the errors of the floats aside.
        """
        own, cost = self._own(project), float(self._costs[project])
        money = self._purses.approx.take(own.ballots)
        error = own.voters * self._purses.margin + 4 * own.noise * cost
        at, high = limit if limit < inf else low, inf
        for _ in range(_MOST_TANGENTS):
            paid, units = own.paid_by_all(money, at)
            lacking, doubt = cost - paid, error + 2 * own.noise * paid
            if units > 0:
                low = max(low, (at + (lacking - doubt) / units) * (1 - 4 * ULP))
            elif lacking > doubt:
                return None
            if lacking <= -doubt:
                high = min(high, at)
            if low > limit or -5 * doubt <= lacking <= -doubt:
                break
            # A bit beyond the price, so that it is surely enough.
            further = max(low, at + (lacking + 3 * doubt) / units) if units > 0 else low
            if further <= at if lacking > -doubt else further >= at:
                break
            at = further
        return low, high

    def exact(self, project: int, low: float, high: float) -> Price | None:
        """The exact price, or None when the supporters cannot pay for the project.

        `low` and `high` are what `between` found in this round.
        """
        cost, (own, money) = self._costs[project], self._alive(project)
        nobody = np.zeros(0, np.int64)
        if not cost:
            return Price(Fraction(0), own.ballots, own.worth, nobody)
        asked = money if own.worth is None else money / own.worth
        margin = self._purses.margin
        if high < inf and asked.min() > high * (1 + 1e-9) + 4 * margin:
            return Price(Fraction(cost, int(own.load.sum())), own.ballots, own.worth, nobody)
        if high == inf:
            total = self._purses.total(own.ballots)
            if total < cost:
                return None
            if total == cost:
                everybody = np.arange(len(own.ballots))
                unit = max(self._asked(own, at) for at in everybody.tolist())
                return Price(unit, own.ballots, own.worth, everybody)
        highest = float(asked.max())
        guess = min(highest, high if high == inf else (low + high) / 2)
        guard = max(1e-10 * guess, 8 * margin)
        if high < inf:
            guard = max(guard, 4 * (high - low))
        while (price := self._settle(cost, own, asked, guess, guard)) is None:
            guard *= 4096
        return price

    def _settle(self, cost: int, own: _Supporters, asked: Floats, guess: float, guard: float) -> Price | None:
        """The exact price if it is well within half of `guard` of `guess`, else None.

        Who has less than guess − guard for a unit then surely gives all, who has more than guess + guard surely
        pays in full; only those between are looked at one by one, poorest first.
        """
        poor, rich = asked < guess - guard, asked > guess + guard
        rest = cost - self._purses.total(own.ballots[poor])
        units = int(own.load[~poor].sum())
        near = sorted((self._asked(own, at), at) for at in np.flatnonzero(~poor & ~rich).tolist())
        for money, at in near:
            if not units or rest <= money * units:
                break
            rest -= money * int(own.load[at])
            units -= int(own.load[at])
        if not units:
            return None
        unit = rest / units
        if abs(float(unit) - guess) > guard / 4 and (poor.any() or rich.any()):
            return None
        broke = [at for money, at in near if money <= unit]
        return Price(
            unit, own.ballots, own.worth, np.concatenate([np.flatnonzero(poor), np.array(broke, np.int64)])
        )

    def _asked(self, own: _Supporters, at: int) -> Fraction:
        """What a supporter has for each unit of worth, exactly."""
        money = self._purses.exact(int(own.ballots[at]))
        return money if own.worth is None else money * int(self._weight(own, at)) / int(own.load[at])

    def _weight(self, own: _Supporters, at: int) -> int:
        return int(self._purses.table.weights[own.ballots[at]])

    def _alive(self, project: int) -> tuple[_Supporters, Floats]:
        """The supporters with money left, and their money."""
        ballots = self._voters.supporters[project]
        money = self._purses.approx.take(ballots)
        worth = None if self._voters.worth is None else self._voters.worth[project]
        left = money > 0
        if not left.all():
            ballots, money = ballots[left], money[left]
            worth = None if worth is None else worth[left]
        weights = self._purses.table.weights[ballots]
        if worth is None:
            return _Supporters(ballots, weights, None), money
        return _Supporters(ballots, weights.astype(worth.dtype) * worth, worth.astype(np.float64)), money

    def _own(self, project: int) -> Funders:
        """The supporters of a project; those who ran out are left out now and then."""
        rounds = len(self._purses.bought)
        checked, found = self._funders.get(project, (0, None))
        found = found or self._voters.funders(project)
        if rounds >= checked + _CHECKED_EVERY and found.count > _FEW:
            found = found.only(self._purses.approx.take(found.ballots) > 0)
            self._funders[project] = rounds, found
        return found
