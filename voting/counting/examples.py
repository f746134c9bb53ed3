"""Four voters, five projects and every rule: the worked example of the page that explains the rules.

Counted by the same code as a city's vote, so that what the page says is what happens.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from voting.counting.amounts import amount_string
from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import COUNTING_VERSION, count
from voting.counting.explanation import explain
from voting.counting.instance import Instance, Project
from voting.counting.outcome import Json, Outcome, canonical_sha256
from voting.counting.profile import Profile
from voting.counting.rules import Rule

#: What each project costs, and what each voter chooses. The words for them are the page's.
BUDGET = Decimal(12000)
COSTS = {
    "playground": Decimal(5000),
    "sports": Decimal(6500),
    "reading": Decimal(4000),
    "bikes": Decimal(1000),
    "benches": Decimal(500),
}
BALLOTS = {
    "Ana": ("benches", "playground", "sports"),
    "Barbu": ("playground", "sports"),
    "Clara": ("playground", "reading", "sports"),
    "Dinu": ("bikes", "reading"),
}

#: Steps of ten lei show the same as steps of one, with fewer counts.
INCREMENT = Decimal(10)

RULES: Mapping[str, Rule] = {
    "greedy": Rule(name="greedy"),
    "greedy-threshold": Rule(name="greedy-threshold", min_score=Decimal(2)),
    "greedy-no-skip": Rule(name="greedy-no-skip"),
    "equal-shares": Rule(name="equal-shares"),
    "equal-shares/greedy": Rule(name="equal-shares", completion="greedy"),
    "equal-shares/add1": Rule(name="equal-shares", completion="add1", increment=INCREMENT),
    "equal-shares/add1u": Rule(name="equal-shares", completion="add1u", increment=INCREMENT),
    "equal-shares/comparison": Rule(name="equal-shares", completion="comparison", increment=INCREMENT),
    "phragmen": Rule(name="phragmen"),
}


def version() -> str:
    """Changes whenever the example could come out differently."""
    inputs: dict[str, Json] = {
        "counting": COUNTING_VERSION,
        "budget": str(BUDGET),
        "costs": {code: str(cost) for code, cost in COSTS.items()},
        "ballots": {name: list(codes) for name, codes in BALLOTS.items()},
        "rules": {name: rule.as_json() for name, rule in RULES.items()},
    }
    return canonical_sha256(inputs)


def instance() -> Instance:
    """The five projects and the budget."""
    return Instance(tuple(Project(code, cost) for code, cost in COSTS.items()), BUDGET, "RON")


def profile() -> Profile:
    """The four ballots."""
    return Profile.merge(BallotType.APPROVAL, [Ballot.of(*sorted(codes)) for codes in BALLOTS.values()])


def worked_example() -> dict[str, Json]:
    """The example under every rule, as plain data: what there was, and what came of it step by step."""
    pot, ballots = instance(), profile()
    votes = {code: sum(code in codes for codes in BALLOTS.values()) for code in COSTS}
    return {
        "budget": amount_string(BUDGET),
        "projects": {
            code: {"cost": amount_string(cost), "votes": votes[code]} for code, cost in COSTS.items()
        },
        "ballots": {name: list(codes) for name, codes in BALLOTS.items()},
        "rules": {name: _told(pot, ballots, rule) for name, rule in RULES.items()},
    }


def _told(pot: Instance, ballots: Profile, rule: Rule) -> dict[str, Json]:
    outcome = count(pot, ballots, rule)
    explanations = explain(pot, ballots, outcome)
    payments = _payments(outcome)
    return {
        "spent": outcome.spent,
        "left": amount_string(Decimal(outcome.budget) - Decimal(outcome.spent)),
        "start": _start(outcome),
        "steps": [
            {
                "project": step.project,
                "phase": step.phase.value,
                "price": step.price,
                "remaining": step.remaining,
                "payments": payments[step.project],
            }
            for step in outcome.steps
        ],
        "rejected": [
            {"project": one.project, "reason": one.reason.value, **explanations[one.project].data}
            for one in outcome.rejected
        ],
        "with_winner": sum(bool(set(codes) & set(outcome.selected)) for codes in BALLOTS.values()),
    }


def _start(outcome: Outcome) -> str | None:
    """What everybody started with; None where nothing was bought with shares."""
    if all(step.paid_at_most is None for step in outcome.steps):
        return None
    return amount_string(Fraction(str(outcome.record["final_start"])))


def _payments(outcome: Outcome) -> dict[str, dict[str, Json]]:
    """By project bought with equal shares, what each voter paid and has left.

    Raises ValueError when the payments do not add up to the price.
    """
    start = Fraction(str(outcome.record.get("final_start", 0)))
    purses = dict.fromkeys(BALLOTS, start)
    found: dict[str, dict[str, Json]] = {}
    for step in outcome.steps:
        found[step.project] = {}
        if step.paid_at_most is None:
            continue
        paid = {
            name: min(purses[name], step.paid_at_most)
            for name, codes in BALLOTS.items()
            if step.project in codes
        }
        if sum(paid.values()) != COSTS[step.project]:
            raise ValueError(f"the payments for {step.project} do not add up")
        for name, amount in paid.items():
            purses[name] -= amount
            found[step.project][name] = {
                "paid": amount_string(amount),
                "left": amount_string(purses[name]),
            }
    return found
