"""What each project costs its supporters under equal shares: quick certain bounds, and the exact price."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from voting.counting.profile import Ints, Points
from voting.counting.purses import ULP, Floats, Purses, weighted


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
    """The supporters of one project who still had money when it was last priced; arrays beside `ballots`.

    `load` is weight × worth, exact; the others are floats.
    """

    ballots: Ints
    load: Points
    weights: Floats
    worth: Floats | None

    def only(self, some: npt.NDArray[np.bool_]) -> "_Supporters":
        return _Supporters(
            self.ballots[some],
            self.load[some],
            self.weights[some],
            None if self.worth is None else self.worth[some],
        )


@dataclass(frozen=True, slots=True)
class _Estimate:
    """A price on floats: `unit` for those who pay in full, who hold `units`, and the error in what is paid.

    `clear`: nobody has less than they are asked for. `ample`: together they surely have more than the cost.
    """

    own: _Supporters
    asked: Floats
    unit: float
    units: float
    error: float
    clear: bool
    ample: bool


class Market:
    """Prices of projects while a run goes on."""

    def __init__(
        self, costs: list[int], supporters: list[Ints], worth: list[Points] | None, purses: Purses
    ) -> None:
        self._costs = costs
        self._all = supporters
        self._worth = worth
        self._purses = purses
        self._left: dict[int, _Supporters] = {}
        self._estimates: dict[int, _Estimate] = {}
        self._bounds: dict[int, float] = {}

    def buy(self, project: int, price: Price) -> None:
        """Let the supporters pay the price, found for this round."""
        self._purses.pay(project, price.unit, price.ballots, price.worth, price.poor)
        self._estimates.clear()

    def bound(self, project: int) -> float | None:
        """A number the price of one unit is certainly not below; None when the project surely cannot be paid.

        The sum of min(money, price · worth) over the supporters grows with the price. At the float price it
        differs from the cost by the floats' error at most; below it, those who pay in full make it fall by at
        least their units.
        """
        if not self._costs[project]:
            return 0.0
        found = self._estimate(project)
        if found is None:
            return None
        if found.units <= 0:
            return 0.0
        bound = max(0.0, found.unit - found.error / found.units) * (1 - 4 * ULP)
        self._bounds[project] = bound
        return bound

    def exact(self, project: int) -> Price | None:
        """The exact price, or None when the supporters cannot pay for the project."""
        cost = self._costs[project]
        if not cost:
            own, _ = self._alive(project)
            return Price(Fraction(0), own.ballots, own.worth, np.zeros(0, np.int64))
        found = self._estimate(project)
        if found is None:
            return None
        own, asked = found.own, found.asked
        if found.clear:
            return Price(Fraction(cost, int(own.load.sum())), own.ballots, own.worth, np.zeros(0, np.int64))
        if not found.ample and (total := self._purses.total(own.ballots)) <= cost:
            if total < cost:
                return None
            everybody = np.arange(len(own.ballots))
            unit = max(self._asked(own, at) for at in everybody.tolist())
            return Price(unit, own.ballots, own.worth, everybody)
        highest = float(asked.max())
        guess = min(found.unit, highest) if found.units > 0 else highest
        guard = max(1e-10 * highest, 8 * self._purses.margin)
        if found.units > 0:
            guard = max(guard, min(highest, 8 * found.error / found.units))
        while (price := self._settle(cost, own, asked, guess, guard)) is None:
            guard *= 4096
        return price

    def _settle(self, cost: int, own: _Supporters, asked: Floats, guess: float, guard: float) -> Price | None:
        """The exact price if it is within half of `guard` of `guess`, else None.

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
        low, high = Fraction(guess) - Fraction(guard) / 2, Fraction(guess) + Fraction(guard) / 2
        if (poor.any() and unit < low) or (rich.any() and unit > high):
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
        own = self._left.get(project)
        if own is None:
            ballots = self._all[project]
            weights = self._purses.table.weights[ballots]
            if self._worth is None:
                own = _Supporters(ballots, weights, weights.astype(np.float64), None)
            else:
                worth = self._worth[project]
                load = weights.astype(worth.dtype) * worth
                own = _Supporters(ballots, load, weights.astype(np.float64), worth.astype(np.float64))
        money = self._purses.approx[own.ballots]
        left = money > 0
        if not left.all():
            own, money = own.only(left), money[left]
        self._left[project] = own
        return own, money

    def _estimate(self, project: int) -> _Estimate | None:
        """The price on floats; None when the supporters surely have less than the cost."""
        if project in self._estimates:
            return self._estimates[project]
        own, money = self._alive(project)
        cost, margin = float(self._costs[project]), self._purses.margin
        voters = float(own.weights.sum())
        noise = (2 * len(money) + 16) * ULP
        total, doubt = weighted(own.weights, money), voters * margin + noise * cost
        if total * (1 + noise) + doubt < cost:
            return None
        asked, load, units = money, own.weights, voters
        if own.worth is not None:
            asked, load = money / own.worth, own.weights * own.worth
            units = float(load.sum())
        unit = cost / units if units > 0 else 0.0
        clear = bool(units > 0 and asked.min() > unit * (1 + noise) + 2 * margin)
        if not clear:
            # What bounded the price in an earlier round bounds it now: climb from there.
            unit = max(unit, self._bounds.get(project, 0.0))
        left_asked, left_load, rest = asked, load, cost
        while not clear and units > 0:
            rich = left_asked >= unit
            poor = len(rich) - int(np.count_nonzero(rich))
            if poor:
                rest -= weighted(left_load[~rich], left_asked[~rich])
                left_asked, left_load = left_asked[rich], left_load[rich]
                units = float(left_load.sum())
            higher = rest / units if units > 0 else unit
            if not poor and higher <= unit:
                break
            unit = max(unit, higher)
        found = _Estimate(own, asked, unit, units, doubt, clear, total * (1 - noise) - doubt > cost)
        self._estimates[project] = found
        return found
