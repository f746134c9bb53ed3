"""The second count: the ballots counted once more by `verify.py`, which shares no code with the engine.

Slow and plain on purpose: its own reading of the ballots' text, exact fractions, one file of the standard library.
What it cannot count (Phragmén) is said to be unchecked.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from civic.extensions import db
from civic.rounds.models import Round
from voting import result_queries, tallying, verify
from voting.closing import CountsDiffer
from voting.models import RoundResult

#: Rules that the second program does not count.
UNCHECKED = {"phragmen"}

SAME, NOT_COUNTED = "same", "unchecked"


@dataclass(frozen=True)
class SecondCount:
    """What the second program found in one pot; `winners` and `spent` are None where it cannot count the rule."""

    ballots: int
    votes: dict[str, int]
    scores: dict[str, Fraction]
    winners: list[str] | None
    spent: Fraction | None


def count_again(round_id: int) -> dict[int, SecondCount]:
    """Count the opened ballots of a round with the second program. Leaves no transaction open."""
    plan = db.session.scalar(select(Round.frozen).where(Round.id == round_id))
    texts = tallying.opened_texts(round_id)
    db.session.rollback()
    if plan is None:
        raise CountsDiffer("there is no frozen plan to count by")
    return count_texts(plan, texts)


def count_texts(plan: dict[str, Any], texts: Iterable[str]) -> dict[int, SecondCount]:
    """Count ballots, each a text of `docs/ballots.md`, by a frozen plan as it is published."""
    first = plan["pots"][0]["id"]
    together = plan.get("pot_counting") == "combined"
    numbers = sorted({first if together else project["pot_id"] for project in plan["projects"]})
    pots = {number: verify.Pot(plan, number, {}) for number in numbers}
    rows: dict[int, Counter[tuple[Any, Any]]] = {number: Counter() for number in numbers}
    for text in texts:
        chosen = read(text)
        for number, pot in pots.items():
            codes = [code for code in chosen if code in pot.cost]
            if pot.kind != "ordinal":
                codes.sort()
            points = tuple(Fraction(chosen[code]) for code in codes) if pot.kind == "cumulative" else None
            if codes:
                rows[number][tuple(codes), points] += 1
    return {number: _counted(plan, number, rows[number]) for number in numbers}


def read(text: str) -> dict[str, str]:
    """What a ballot gives each code it names, in the order of its lines, read without the engine's parser."""
    lines = text.split("\n")[2:-2]
    pairs = [line.split(" ", 1) for line in lines if not line.startswith("group ")]
    return {code: given for given, code in pairs}


def _counted(plan: dict[str, Any], number: int, ballots: Counter[tuple[Any, Any]]) -> SecondCount:
    pot = verify.Pot(plan, number, ballots)
    votes = {code: int(value) for code, value in pot.votes.items()}
    scores = {code: Fraction(value) for code, value in pot.score.items()}
    if pot.rule["name"] in UNCHECKED:
        return SecondCount(pot.voters, votes, scores, None, None)
    won, lacking = pot.equal_shares() if pot.rule["name"] == "equal-shares" else pot.greedy(pot.rule)
    return SecondCount(pot.voters, votes, scores, list(won), Fraction(pot.spent(won) - lacking))


def compare(round_id: int, second: dict[int, SecondCount]) -> dict[str, Any]:
    """What the minutes say of the second count. Raises CountsDiffer naming the first difference.

    The first count is read as it was stored, so that what is published is what was compared.
    """
    result = result_queries.find_result(round_id)
    if result is None or {str(pot) for pot in second} != set(result.outcome["pots"]):
        raise CountsDiffer("the two counts do not have the same budgets")
    figures: dict[int, dict[str, tuple[int, Fraction]]] = {pot: {} for pot in second}
    for outcome, project in result_queries.list_outcomes(round_id):
        figures[outcome.pot_id][project.code] = (outcome.votes, Fraction(outcome.score))
    return {
        "program": "verify.py",
        "pots": {str(pot): _compared(pot, found, result, figures[pot]) for pot, found in second.items()},
    }


def _compared(
    pot: int, found: SecondCount, result: RoundResult, figures: dict[str, tuple[int, Fraction]]
) -> str:
    stored = result.outcome["pots"][str(pot)]
    again = {code: (found.votes[code], found.scores[code]) for code in found.votes}
    pairs: list[tuple[str, Any, Any]] = [
        ("ballots", result.outcome["voters"][str(pot)], found.ballots),
        ("votes and scores", figures, again),
    ]
    if found.winners is not None:
        pairs.append(("winners", list(stored["selected"]), found.winners))
        pairs.append(("money spent", Fraction(stored["spent"]), found.spent))
    for name, one, other in pairs:
        if one != other:
            # Where, never what: this stands on a page and in the log while nobody may know a count.
            raise CountsDiffer(f"pot {pot}: {name} differ")
    return NOT_COUNTED if found.winners is None else SAME
