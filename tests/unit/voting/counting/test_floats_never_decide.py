"""Equal shares on floats with bounds and on exact money, against fractions all the way."""

import random
from fractions import Fraction

import pytest

from tests.unit.voting.counting import slow_shares
from tests.unit.voting.counting.effort import seeded
from tests.unit.voting.counting.hostile import Case, exact_edges, hard_instance, starts
from voting.counting.equal_shares import run_equal_shares, used_by
from voting.counting.many_starts import run_many

SATISFACTIONS = ["cost", "cardinality", "points"]


def slow(case, start, max_winners=None):
    return slow_shares.run(
        case.contest.costs, case.ballots, start, case.ranks, case.scale, case.candidates, max_winners
    )


def check_exactly(case, start, name):
    """One run step by step: who, at which ρ and unit price, what everybody has left and who paid whom."""
    expected = slow(case, start)
    found = run_equal_shares(case.contest, case.voters, start, case.candidates, case.ranks)
    bought = [(one.project, one.rho, one.unit_price) for one in found.purchases]
    assert bought == expected.purchases, (name, start)
    assert [found.purses.exact(b) for b in range(len(case.ballots))] == expected.money, (name, start)
    for p in case.candidates:
        own = [b for b, (worth, _) in enumerate(case.ballots) if worth.get(p)]
        left = sum(expected.money[b] * case.ballots[b][1] for b in own)
        assert found.purses.total(case.voters.supporters[p]) == left, (name, start)
    for p, used in used_by(case.voters, found, case.candidates).items():
        own = [b for b, (worth, _) in enumerate(case.ballots) if worth.get(p)]
        paid = {}
        for b in own:
            for winner, payment in expected.paid[b].items():
                paid[winner] = paid.get(winner, 0) + payment * case.ballots[b][1]
        assert used == paid, (name, start)
    return expected


def check_many(case, wanted, name, exact=None):
    """A batch of starts at once: what it does not give up on is what exact money gives."""
    batch = run_many(case.contest, case.voters, wanted, case.candidates, case.ranks)
    given_up = 0
    for start, winners in zip(wanted, batch, strict=True):
        if winners is None:
            given_up += 1
            continue
        expected = (exact or {}).get(start)
        if expected is None:
            expected = run_equal_shares(case.contest, case.voters, start, case.candidates, case.ranks).winners
        assert winners == expected, (name, start)
    return given_up


def crossing(case, low, high):
    """Two starts as close as floats lie, between which the outcome changes; None when it is the same."""

    def winners(start):
        return run_equal_shares(case.contest, case.voters, start, case.candidates, case.ranks).winners

    first = winners(low)
    if first == winners(high):
        return None
    while high - low > high * Fraction(1, 2**56):
        middle = (low + high) / 2
        if winners(middle) == first:
            low = middle
        else:
            high = middle
    return low, high


def attack(rng, name, satisfaction, **sizes):
    case = Case(*hard_instance(rng, **sizes), satisfaction)
    tried, exact = [], {}
    for start in starts(rng, case, []):
        tried.append(start)
    for start in tried[:4]:
        expected = check_exactly(case, start, name)
        exact[start] = expected.winners
        edges = list(exact_edges(case, start, expected))
        for edge in rng.sample(edges, min(2, len(edges))):
            exact[edge] = check_exactly(case, edge, name).winners
            tried += [edge, edge * (1 + Fraction(1, 10**16)), edge * (1 - Fraction(1, 10**16))]
    check_many(case, tried, name, exact)
    found = crossing(case, case.share / 2, case.share * 2) if case.share else None
    if found:
        low, high = found
        for start in found:
            exact[start] = check_exactly(case, start, name).winners
        step = (high - low) * 8
        near = [low - step, low, high, high + step, low - 9 * step, high + 99 * step]
        check_many(case, near, name, exact)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
def test_small_hostile_instances_are_counted_exactly(satisfaction):
    for name, rng in seeded(f"floats.{satisfaction}", 40, 0.5):
        attack(rng, name, satisfaction, projects=10, voters=25)


@pytest.mark.parametrize(
    "name",
    [
        # Worth from 1 to 10³⁹ side by side: all less the poor was noise, and a dearer project won.
        "floats.points:1:190",
        # A run given up held what is no number, and with it the others lost all their supporters.
        "floats.points:2:1752",
    ],
)
def test_what_was_once_counted_wrong(name):
    attack(random.Random(name), name, "points", projects=10, voters=25)


@pytest.mark.parametrize("satisfaction", SATISFACTIONS)
def test_large_hostile_instances_are_counted_exactly(satisfaction):
    for name, rng in seeded(f"floats_large.{satisfaction}", 1, 0.01):
        attack(rng, name, satisfaction, projects=40, voters=300)
