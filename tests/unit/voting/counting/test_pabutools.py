"""Against pabutools, the research library: generated elections, and the smaller real ones where they are."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from bench import oracle
from bench.rules import RULES, names_for
from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.instance import Instance, Project
from voting.counting.pabulib import read_pabulib
from voting.counting.profile import Profile

from .test_shared_data import DATA, index_rows

APPROVAL_RULES = names_for("approval")
#: Files whose slowest rule pabutools counts in a second or two; the bench takes all of them.
SMALL = 50_000


def generated(seed, cents=False):
    """Costs, a budget limit and approval ballots: few and round costs, so that ties are frequent."""
    rng = random.Random(seed)
    ids = [str(number) for number in range(1, rng.randint(3, 9))]
    step = Decimal("0.25") if cents else Decimal(5)
    costs = {project: step * rng.randint(1, 8) for project in ids}
    budget = step * rng.randint(4, 30)
    ballots = [rng.sample(ids, rng.randint(1, min(4, len(ids)))) for _ in range(rng.randint(2, 14))]
    return costs, budget, ballots


def by_pabutools(what, costs, budget, ballots):
    election, profile = oracle.supported(*oracle.election(costs, budget, ballots))
    return oracle.rule(what, profile)(election, profile)


def by_us(what, costs, budget, ballots):
    instance = Instance(tuple(Project(project, cost) for project, cost in costs.items()), budget)
    profile = Profile.merge(BallotType.APPROVAL, [Ballot.of(*ballot) for ballot in ballots])
    return sorted(count(instance, profile, RULES[what]).selected)


@pytest.mark.parametrize("what", APPROVAL_RULES)
@pytest.mark.parametrize("cents", [False, True])
def test_generated_elections_have_the_same_winners(what, cents):
    for seed in range(40):
        costs, budget, ballots = generated(seed, cents)
        found = by_us(what, costs, budget, ballots)
        assert found == by_pabutools(what, costs, budget, ballots), (seed, costs, budget, ballots)


def test_the_generated_elections_have_ties_and_projects_without_support():
    """Else the comparison would not show what it is for."""
    tied = lonely = 0
    for seed in range(40):
        costs, budget, ballots = generated(seed)
        votes = [(costs[p], sum(p in ballot for ballot in ballots)) for p in costs]
        tied += len(set(votes)) < len(votes)
        lonely += any(not number for _, number in votes)
    assert tied >= 5
    assert lonely >= 3


def test_a_project_nobody_named_is_where_we_differ_on_purpose():
    """pabutools' greedy funds it when it fits; a city does not. That is why such projects are left out above."""
    costs, budget, ballots = {"a": Decimal(10), "b": Decimal(5)}, Decimal(20), [["a"]]
    election, profile = oracle.election(costs, budget, ballots)
    assert oracle.rule("greedy", profile)(*oracle.supported(election, profile)) == ["a"]
    assert by_us("greedy", costs, budget, ballots) == ["a"]


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA} (set CIVIC_SHARED_DATA)")
@pytest.mark.parametrize(
    "row", [pytest.param(row, id=row["file"]) for row in index_rows() if int(row["bytes"]) < SMALL]
)
def test_real_elections_have_the_same_winners(row):
    with (DATA / row["file"]).open("rb") as handle:
        ours = read_pabulib(handle)
    read, ballots = oracle.read(str(DATA / row["file"]))
    # A hundredth of the share, so that pabutools needs few of its slow runs; the bench takes the usual increment.
    more = 1 + int(ours.instance.budget_limit / ours.profile.voters / 100)
    for what in names_for(row["vote_type"]):
        election, profile = oracle.supported(read, ballots, points="points" in what)
        merged = profile.as_multiprofile()
        rule = replace(RULES[what], increment=Decimal(more)) if "add1" in what else RULES[what]
        found = sorted(count(ours.instance, ours.profile, rule, explain=False).selected)
        assert found == oracle.rule(what, merged, more)(election, merged), what
