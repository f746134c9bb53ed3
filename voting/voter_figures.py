"""What the voters of a round got, over all its pots: how many of their projects won, and lei for each. Pure.

The lei of a voter are the winners' costs, each divided equally among those who chose it. They add up to what
was spent, so that they can be set against an equal share of it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

#: Lei are added up in millionths and compared rounded to the smallest coin.
MILLION = 1_000_000


@dataclass
class VoterFigures:
    """Gathered ballot by ballot: `prices` is what each winner cost, `chosen` how many voters named it."""

    prices: Mapping[str, Decimal]
    chosen: Mapping[str, int]
    ballots: int = 0
    named: int = 0
    winners: Counter[int] = field(default_factory=Counter)
    money: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._parts = {
            code: int(price * MILLION) // self.chosen[code] if self.chosen.get(code) else 0
            for code, price in self.prices.items()
        }

    def add(self, choices: Iterable[str]) -> None:
        """One more ballot."""
        own = set(choices)
        won = own & self.prices.keys()
        self.ballots += 1
        if own:
            self.named += 1
            self.winners[len(won)] += 1
            self.money[sum(self._parts[code] for code in won)] += 1

    def bands(self) -> list[dict[str, Any]]:
        """Voters by the lei they got: nothing, then four bands around an equal share, with round bounds."""
        spent = sum(amount * voters for amount, voters in self.money.items())
        if not spent:
            return []
        step = round_amount(Decimal(spent) / self.named / MILLION / 2)
        bounds = [Decimal(0), step, 2 * step, 4 * step]
        counts = [0] * (len(bounds) + 1)
        for amount, voters in self.money.items():
            lei = (Decimal(amount) / MILLION).quantize(Decimal("0.01"), ROUND_HALF_UP)
            counts[sum(lei > bound for bound in bounds)] += voters
        tops: list[Decimal | None] = [*bounds, None]
        return [
            {
                "over": str(bounds[at - 1]) if at else None,
                "to": None if top is None else str(top),
                "voters": n,
            }
            for at, (top, n) in enumerate(zip(tops, counts, strict=True))
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures as they are stored with the result."""
        return {
            "by_winners": {str(number): voters for number, voters in sorted(self.winners.items())},
            "by_money": self.bands(),
        }


def round_amount(amount: Decimal) -> Decimal:
    """The nearest amount that is 1, 2 or 5 times a power of ten, at least one hundredth."""
    if amount <= Decimal("0.01"):
        return Decimal("0.01")
    power = Decimal(10) ** amount.adjusted()
    best = min((Decimal(step) * power for step in (1, 2, 5, 10)), key=lambda one: abs(one - amount))
    return best.quantize(Decimal("0.01")) if best < 1 else best.quantize(Decimal(1))
