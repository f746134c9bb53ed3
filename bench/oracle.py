"""The same counts by pabutools, the research library: a second opinion, and what our times are taken against.

Asked so that both answer the same question: exact fractions, ties by lower cost, more votes, id as text, a
listed project counts as approved (except where points are the satisfaction), projects without support and blank
ballots left out, for pabutools would fund the former and give a share of the budget to the latter.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pabutools.election import (
    Additive_Cardinal_Sat,
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    Cost_Sat,
    CumulativeProfile,
    Instance,
    Project,
    parse_pabulib,
)
from pabutools.fractions import frac
from pabutools.rules import (
    completion_by_rule_combination,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule


def read(path: str) -> tuple[Instance, Any]:
    """A `.pb` file as pabutools reads it."""
    return parse_pabulib(path)


def election(costs: dict[str, Any], budget: Any, ballots: Iterable[Iterable[str]]) -> tuple[Instance, Any]:
    """An approval election from plain data: amounts are integers, decimals or fractions."""
    projects = {name: Project(name, frac(cost)) for name, cost in costs.items()}
    profile = ApprovalProfile([ApprovalBallot([projects[name] for name in ballot]) for ballot in ballots])
    return Instance(projects.values(), budget_limit=frac(budget)), profile


def supported(instance: Instance, profile: Any, *, points: bool = False) -> tuple[Instance, Any]:
    """The election without projects nobody named and blank ballots; as approvals unless `points` are wanted."""
    ballots = [ballot for ballot in profile if len(ballot)]
    named = {project for ballot in ballots for project in ballot}
    left = Instance([project for project in instance if project in named], budget_limit=instance.budget_limit)
    if points:
        return left, CumulativeProfile(ballots)
    if isinstance(profile, ApprovalProfile) and len(ballots) == len(profile):
        return left, profile
    return left, ApprovalProfile([ApprovalBallot(list(ballot)) for ballot in ballots])


def rule(what: str, profile: Any, increment: int = 1) -> Callable[[Instance, Any], list[str]]:
    """The rule called `what` as a function of an election that gives the ids of the funded projects, sorted."""
    votes: dict[str, int] = {}
    for ballot in profile:
        for project in ballot:
            votes[project.name] = votes.get(project.name, 0) + profile.multiplicity(ballot)
    ties = TieBreakingRule(
        lambda _instance, _profile, project: (project.cost, -votes[project.name], project.name)
    )
    shares = {
        "equal shares": {"sat_class": Cost_Sat},
        "equal shares, cardinality": {"sat_class": Cardinality_Sat},
        "equal shares, points": {"sat_class": Additive_Cardinal_Sat},
        "add1": {"sat_class": Cost_Sat, "voter_budget_increment": increment},
    }

    def run(instance: Instance, profile: Any) -> list[str]:
        if what == "greedy":
            # Satisfaction by cost over cost is the number of votes.
            won = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
        elif what == "phragmen":
            won = sequential_phragmen(instance, profile, tie_breaking=ties)
        elif what == "add1u":
            both = [method_of_equal_shares, greedy_utilitarian_welfare]
            parameters = [shares["add1"], {"sat_class": Cost_Sat}]
            won = completion_by_rule_combination(
                instance, profile, both, [{**given, "tie_breaking": ties} for given in parameters]
            )
        else:
            won = method_of_equal_shares(instance, profile, tie_breaking=ties, **shares[what])
        return sorted(project.name for project in won)

    return run
