"""Instances made to be hard for floats: ties everywhere, purses that end exactly, amounts of every size."""

from decimal import Decimal
from fractions import Fraction

from voting.counting.ballots import Ballot, BallotType
from voting.counting.contest import prepare
from voting.counting.electorate import Electorate, electorate
from voting.counting.instance import Instance, Project
from voting.counting.profile import Profile
from voting.counting.rules import Satisfaction
from voting.counting.ties import TieBreak


def _equal(rng, size):
    cost = Decimal(rng.choice(["1", "3", "7", "0.01", "99999999999.99", "1000", "0.1"]))
    return [cost] * size


def _few_values(rng, size):
    values = [
        Decimal(v) for v in rng.choice([("1", "3"), ("2", "4", "6"), ("1", "3", "9", "27"), ("0", "5", "10")])
    ]
    return [rng.choice(values) for _ in range(size)]


def _far_apart(rng, size):
    return [
        Decimal(rng.choice(["0.01", "0.02", "1", "33.33", "100000000000", "99999999999.99"]))
        for _ in range(size)
    ]


def _halves(rng, size):
    return [Decimal(3 * 2 ** rng.randrange(12)) for _ in range(size)]


def _neighbours(rng, size):
    base = Decimal(rng.choice([10**6, 10**9, 10**11, 999_999]))
    return [base + Decimal(rng.randrange(-2, 3)) / 100 for _ in range(size)]


def _any(rng, size):
    return [Decimal(rng.randrange(1, 10 ** rng.randrange(1, 9))) / 100 for _ in range(size)]


def _many_decimals(rng, size):
    return [Decimal(rng.randrange(10**22)).scaleb(-rng.choice([10, 12])) for _ in range(size)]


def _zeros(rng, size):
    return [Decimal(rng.choice([0, 0, 1, 2])) for _ in range(size)]


COSTS = [_equal, _few_values, _far_apart, _halves, _neighbours, _any, _many_decimals, _zeros]


def _sets(rng, ids, voters):
    """What voters approve, with weights."""
    kind = rng.choice(["random", "sparse", "blocks", "chain", "rich", "copies", "all"])
    found = []
    for voter in range(voters):
        weight = 1
        if kind == "random":
            own = [p for p in ids if rng.random() < 0.4]
        elif kind == "sparse":
            own = rng.sample(ids, min(len(ids), rng.randrange(1, 4)))
        elif kind == "blocks":
            block = voter % 3
            own = [p for at, p in enumerate(ids) if at % 3 == block or rng.random() < 0.1]
        elif kind == "chain":
            at = voter % len(ids)
            own = ids[at : at + 3]
        elif kind == "rich":
            own = rng.sample(ids, min(len(ids), rng.randrange(1, 6)))
            weight = rng.choice([10**6, 10**4]) if voter == 0 else 1
        elif kind == "copies":
            own = rng.sample(ids[: max(1, len(ids) // 2)], min(max(1, len(ids) // 2), 2))
            weight = rng.choice([1, 1, 3])
        else:
            own = ids
        if own:
            found.append((own, weight))
    return found


def _points(rng, kind):
    if kind == "small":
        return Fraction(rng.randrange(0, 4))
    if kind == "same":
        return Fraction(3)
    if kind == "thirds":
        return Fraction(rng.choice([3, 6, 9, 1]))
    if kind == "decimals":
        return Fraction(rng.randrange(1, 10**6), 10**5)
    return Fraction(rng.choice([1, 10**30, 10**15, 2**53 + 1, 2**62, 7])) / rng.choice([1, 1, 10**9])


def ballot_counts(rng, ballot_type, ids, voters):
    """Ballots of a type with their numbers of voters."""
    counts = {}
    kind = rng.choice(["small", "same", "thirds", "decimals", "vast"])
    for own, weight in _sets(rng, ids, voters):
        if ballot_type is BallotType.CHOOSE_ONE:
            ballot = Ballot.of(own[0])
        elif ballot_type is BallotType.ORDINAL:
            ballot = Ballot.ranking(*rng.sample(own, len(own)))
        elif ballot_type.has_points:
            ballot = Ballot.with_points({p: _points(rng, kind) for p in own})
        else:
            ballot = Ballot.of(*own)
        counts[ballot] = counts.get(ballot, 0) + weight
    return counts


def hard_instance(rng, *, projects=12, voters=60):
    """An instance and a profile, of any type of ballot."""
    size = rng.randrange(1, projects + 1)
    ids = [f"p{at:02d}" for at in range(size)]
    costs = rng.choice(COSTS)(rng, size)
    ballot_type = rng.choice([BallotType.APPROVAL] * 3 + list(BallotType))
    counts = ballot_counts(rng, ballot_type, ids, rng.randrange(1, voters + 1))
    total = sum(costs)
    budget = rng.choice(
        [total, total / 2, total / 4, costs[0], Decimal(0), Decimal("99999999999.99"), total / 3]
    )
    budget = min(budget, Decimal("999999999999")).quantize(Decimal("0.01"))
    instance = Instance(tuple(Project(p, c) for p, c in zip(ids, costs, strict=True)), budget)
    max_length = rng.choice([None, 3, len(ids)]) if ballot_type is BallotType.ORDINAL else None
    return instance, Profile.merge(ballot_type, counts, max_length)


class Case:
    """An instance prepared for counting under one satisfaction, and what a slow count needs of it."""

    def __init__(self, instance, profile, satisfaction):
        self.instance, self.profile = instance, profile
        self.contest = prepare(instance, profile, TieBreak())
        self.voters: Electorate = electorate(self.contest, Satisfaction(satisfaction))
        self.ranks = self.contest.tie_ranks()
        self.candidates = [
            p for p in self.contest.projects if self.voters.units[p] and p not in self.contest.withdrawn
        ]
        self.ballots = slow_ballots(self.contest, profile, satisfaction)
        self.scale = [
            Fraction(cost) if satisfaction == "cost" else Fraction(1, self.contest.point_scale)
            if satisfaction == "points" else Fraction(1)
            for cost in self.contest.costs
        ]  # fmt: skip

    @property
    def share(self):
        return Fraction(self.contest.budget, self.contest.voters or 1)


def slow_ballots(contest, profile, satisfaction):
    """Each distinct ballot as ({project number: worth}, weight), from the ballots as objects."""
    number = {project_id: place for place, project_id in enumerate(contest.ids)}
    found = []
    for ballot, weight in profile.ballots:
        worth = {}
        for place, project_id in enumerate(ballot.projects):
            value = 1
            if satisfaction == "points" and profile.ballot_type is BallotType.ORDINAL:
                value = max(0, (profile.max_length or len(ballot.projects)) - place)
            elif satisfaction == "points" and ballot.points:
                value = int(ballot.points[place] * contest.point_scale)
            worth[number[project_id]] = value
        found.append((worth, weight))
    return found


def exact_edges(case, start, run):
    """Starts at which a loser's supporters have exactly its cost, if they win and pay as in `run`."""
    lost = set(case.candidates) - set(run.winners)
    for p in sorted(lost):
        alive = [(b, w) for b, (worth, w) in enumerate(case.ballots) if worth.get(p) and run.money[b]]
        voters = sum(weight for _, weight in alive)
        if voters:
            total = sum(run.money[b] * weight for b, weight in alive)
            edge = start + Fraction(case.contest.costs[p] - total) / voters
            if edge > 0:
                yield edge


def starts(rng, case, runs):
    """Starting money around which something happens."""
    costs, share = case.contest.costs, case.share
    yield share
    yield share * Fraction(rng.randrange(10, 500), 100)
    yield Fraction(0)
    for p in rng.sample(case.candidates, min(3, len(case.candidates))):
        supporters = sum(weight for worth, weight in case.ballots if worth.get(p))
        exact = Fraction(costs[p], supporters)
        yield exact
        yield exact * Fraction(
            rng.choice([10**15 + 1, 10**15 - 1, 10**17 + 1, 2**52 - 1]), rng.choice([10**15, 10**17, 2**52])
        )
        yield exact + share
        yield Fraction(float(exact) or 1.0)
    for start in [share, *runs]:
        if start:
            yield start + Fraction(1, 3)
