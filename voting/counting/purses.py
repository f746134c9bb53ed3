"""What every ballot has left under equal shares, exactly, without an exact number for every ballot.

A ballot's money is the start less the price of everything it paid for in full, or nothing once it ran out.
So the exact total of many ballots needs only how many of them paid each price, and those are integers. Beside
that each ballot carries a float, whose error is bounded, that settles all comparisons it can settle.
"""

from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

from voting.counting.contest import BallotTable
from voting.counting.profile import Ints, Points
from voting.counting.scores import exact_sums

Floats = npt.NDArray[np.float64]

#: Twice the rounding error of one operation on floats, relative.
ULP = 2.0**-52


class Purses:
    """The money of all ballots while projects are bought.

    `approx[b]` is ballot b's money in money units, 0.0 exactly when it ran out, else within `margin` of the
    exact amount; after the last ballot stands nobody's, without money. `worth` lies beside `table.members`: what one entry is worth to its ballot; None means 1.
    """

    def __init__(self, table: BallotTable, worth: Points | None, start: Fraction) -> None:
        self.table = table
        self.worth = worth
        self.start = start
        self.approx: Floats = np.full(len(table.weights) + 1, float(start))
        self.approx[-1] = 0.0
        self.bought: list[int] = []
        self.ran_out_at: Ints = np.full(len(table.weights), -1, dtype=np.int32)
        self._place = np.full(table.size, -1, dtype=np.int32)
        self._prices: list[int] = []
        self._denominator = start.denominator
        self._start = start.numerator

    @property
    def margin(self) -> float:
        """How far `approx` may be from the exact money. Payments sum to the start at most, and each purchase
        rounds a price, a product and a difference."""
        return (len(self.bought) + 4) * ULP * float(self.start)

    def price(self, purchase: int) -> Fraction:
        """What the purchase with this number cost for each unit of worth."""
        return Fraction(self._prices[purchase], self._denominator)

    def total(self, ballots: Ints) -> Fraction:
        """The exact money of all voters of `ballots`, each weighted; those who ran out have none."""
        alive = ballots[self.approx[ballots] > 0]
        voters = int(self.table.weights[alive].sum())
        spent = 0
        if self.bought and voters:
            spent = sum(
                price * times for price, times in zip(self._prices, self.paid(alive), strict=True) if times
            )
        return Fraction(voters * self._start - spent, self._denominator)

    def paid(self, ballots: Ints) -> list[int]:
        """By purchase, how many units of worth the voters of `ballots` hold in it (none of them ran out)."""
        entries = self.table.entries(ballots)
        places = self._place[self.table.members[entries]]
        mine = places >= 0
        weights = np.repeat(self.table.weights[ballots], self.table.lengths[ballots])[mine]
        worth = None if self.worth is None else self.worth[entries[mine]]
        return exact_sums(places[mine], weights, worth, len(self.bought))

    def exact(self, ballot: int) -> Fraction:
        """The exact money of each voter of one ballot."""
        if self.approx[ballot] <= 0:
            return Fraction(0)
        first, last = int(self.table.starts[ballot]), int(self.table.starts[ballot + 1])
        left = self._start
        for entry in range(first, last):
            place = int(self._place[self.table.members[entry]])
            if place >= 0:
                left -= self._prices[place] * (1 if self.worth is None else int(self.worth[entry]))
        return Fraction(left, self._denominator)

    def pay(
        self, project: int, unit_price: Fraction, ballots: Ints, worth: Floats | None, poor: Ints
    ) -> None:
        """Let `ballots` pay `unit_price` for each unit of their `worth`; those in `poor` give all they have.

        `poor` holds places in `ballots`: exactly those who have no more than they are asked for.
        """
        common = lcm(self._denominator, unit_price.denominator)
        factor = common // self._denominator
        if factor > 1:
            self._prices = [price * factor for price in self._prices]
            self._start *= factor
            self._denominator = common
        price = float(unit_price)
        left = self.approx[ballots] - (price if worth is None else price * worth)
        left[poor] = 0.0
        self.approx[ballots] = left
        self.ran_out_at[ballots[poor]] = len(self.bought)
        self._place[project] = len(self.bought)
        self.bought.append(project)
        self._prices.append(unit_price.numerator * (common // unit_price.denominator))
        left[poor] = np.inf
        for ballot in ballots[left <= self.margin]:
            # Something is left, but the float may have lost it.
            self.approx[ballot] = 1.0
            self.approx[ballot] = float(self.exact(int(ballot)))

    def payments(self, ballots: Ints) -> list[Fraction]:
        """By purchase, what all voters of `ballots` paid for it, exactly.

        Everybody pays the full price until they run out; the last thing they pay for takes all that was left.
        """
        paid = [Fraction(0)] * len(self.bought)
        ended = self.ran_out_at[ballots]
        for last in np.unique(ended).tolist():
            some = ballots[ended == last]
            if last < 0:
                units = self.paid(some)
            else:
                units = self.paid(some)[:last]
                rest = int(self.table.weights[some].sum()) * self._start - sum(
                    price * times for price, times in zip(self._prices, units, strict=False)
                )
                paid[last] += Fraction(rest, self._denominator)
            for place, times in enumerate(units):
                if times:
                    paid[place] += Fraction(self._prices[place] * times, self._denominator)
        return paid
