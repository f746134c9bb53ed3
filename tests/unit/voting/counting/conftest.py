"""Short ways to write down instances and profiles."""

from collections import Counter
from decimal import Decimal

import pytest

from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.instance import Instance, Project
from voting.counting.profile import Profile
from voting.counting.rules import Rule


@pytest.fixture
def instance():
    """`instance(100, a=40, b="60.5")`: a budget limit and costs; keywords of Instance and groups allowed."""

    def make(budget, *, groups=None, withdrawn=(), exclusive=(), **costs):
        return Instance(
            tuple(
                Project(p, Decimal(cost), group=(groups or {}).get(p), withdrawn=p in withdrawn)
                for p, cost in costs.items()
            ),
            Decimal(budget),
            "lei",
            tuple(frozenset(ids) for ids in exclusive),
        )

    return make


@pytest.fixture
def approvals():
    """`approvals("ab", "a", b=3)`: one ballot per word, a letter a project; keywords repeat one."""

    def make(*ballots, **repeated):
        weights = Counter(Ballot.of(*ballot) for ballot in ballots)
        for ballot, weight in repeated.items():
            weights[Ballot.of(*ballot)] += weight
        return Profile.merge(BallotType.APPROVAL, weights)

    return make


@pytest.fixture
def counted():
    """`counted(instance, profile, "greedy", min_score=…)`: the outcome of a rule by name."""

    def run(instance, profile, rule="greedy", **parameters):
        return count(instance, profile, Rule.named(rule, **parameters))

    return run


@pytest.fixture
def reasons():
    """Reason codes by project of an outcome."""
    return lambda outcome: {r.project: r.reason.value for r in outcome.rejected}


@pytest.fixture
def rejection():
    """The reason and figures of one project of an outcome."""
    return lambda outcome, project: next(r for r in outcome.rejected if r.project == project).as_json()
