"""Equal shares from the definition, step by step in fractions: one purse a distinct ballot, nothing clever."""

from dataclasses import dataclass, field
from fractions import Fraction


def price(cost, purses):
    """The least unit price x with Σ weight · min(money, x · worth) = cost over (money, worth, weight), or None."""
    if sum(money * weight for money, _, weight in purses) < cost:
        return None
    rest, units = Fraction(cost), sum(worth * weight for _, worth, weight in purses)
    for money, worth, weight in sorted(purses, key=lambda purse: Fraction(purse[0]) / purse[1]):
        if rest <= units * Fraction(money) / worth:
            return rest / units
        rest -= money * weight
        units -= worth * weight
    return Fraction(0)


@dataclass
class Run:
    """Purchases as (project, ρ, unit price), each ballot's money at the end, and what it paid for what."""

    purchases: list = field(default_factory=list)
    money: list = field(default_factory=list)
    paid: list = field(default_factory=list)
    capped: bool = False

    @property
    def winners(self):
        return [project for project, _, _ in self.purchases]


def run(costs, ballots, start, ranks, scale, candidates, max_winners=None, rivals=None):
    """`ballots` are ({project: worth}, weight); ρ of project p is its unit price / `scale[p]`; ties by rank."""
    found = Run(money=[Fraction(start)] * len(ballots), paid=[{} for _ in ballots])
    waiting = set(candidates)
    while max_winners is None or len(found.purchases) < max_winners:
        offers = []
        for p in waiting:
            purses = [
                (found.money[b], worth[p], weight)
                for b, (worth, weight) in enumerate(ballots)
                if worth.get(p)
            ]
            unit = price(costs[p], purses) if purses else None
            if unit is not None:
                offers.append((unit / scale[p] if unit else Fraction(0), ranks[p], p, unit))
        if not offers:
            break
        rho, _, p, unit = min(offers)
        found.purchases.append((p, rho, unit))
        waiting -= {p} | (rivals[p] if rivals else set())
        for b, (worth, _) in enumerate(ballots):
            if worth.get(p):
                asked = unit * worth[p]
                payment = min(found.money[b], asked)
                found.capped = found.capped or payment < asked
                if payment:
                    found.paid[b][p] = payment
                found.money[b] -= payment
    return found
