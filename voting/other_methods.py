"""What other rules would have chosen from the same ballots: counted once, only after publication.

Information without legal effect. Every rule is counted and stored by itself, so that a worker that is killed
goes on with the next one; the round's own rule is stored last and says that the round is done.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import result_queries, round_queries
from voting.ballot_text import parse
from voting.counting.ballots import BallotType
from voting.counting.rules import EQUAL_SHARES, GREEDY_RULES, Rule
from voting.instance import PotCount, count_inputs, pot_type
from voting.models import OtherCount, RoundResult
from voting.plan import FrozenRound
from voting.voter_figures import round_amount

logger = logging.getLogger(__name__)

#: The name under which the round's own rule is stored beside the others.
OFFICIAL = "official"

#: How many raises make an equal share twice as large, where the round's rule does not say.
RAISES = 500

_BY_SCORE = ("greedy", "greedy-no-skip")
_SHARES = (
    "equal-shares", "equal-shares/greedy", "equal-shares/add1", "equal-shares/add1u", "equal-shares/comparison",
)  # fmt: skip

#: The rules that make sense for a type of ballot, by the names `Rule.named` knows.
METHODS: Mapping[BallotType, tuple[str, ...]] = {
    BallotType.APPROVAL: (*_BY_SCORE, *_SHARES, "phragmen"),
    # One choice each: nobody shares in a second project, so raising shares or spreading loads says nothing more.
    BallotType.CHOOSE_ONE: (*_BY_SCORE, "equal-shares", "equal-shares/greedy"),
    # Phragmén knows approval only.
    BallotType.CUMULATIVE: (*_BY_SCORE, *_SHARES),
    BallotType.SCORING: (*_BY_SCORE, *_SHARES),
    BallotType.ORDINAL: (*_BY_SCORE, *_SHARES),
}


def methods_of(plan: FrozenRound, share: Decimal) -> dict[str, Rule]:
    """The rules to compare with, by name, under the round's own limits and order of ties.

    `share` is what an equal share of the money comes to; the round's own rule is not among them.
    """
    official = Rule.from_json(plan.rule)
    types = {pot_type(plan, project.pot) for project in plan.projects.values()}
    if not types:
        return {}
    names = [name for name in METHODS[BallotType.APPROVAL] if all(name in METHODS[kind] for kind in types)]
    points = types <= {BallotType.CUMULATIVE, BallotType.SCORING}
    rules = {name: _rule(name, official, share, points) for name in names}
    return {name: rule for name, rule in rules.items() if not _same(rule, official)}


def _rule(name: str, official: Rule, share: Decimal, points: bool) -> Rule:
    rule = Rule.named(
        name, min_score=official.min_score, max_winners=official.max_winners, tie_break=official.tie_break
    )
    if rule.name != EQUAL_SHARES:
        return rule
    if official.name == EQUAL_SHARES:
        return replace(official, completion=rule.completion)
    return replace(rule, satisfaction="points" if points else "cost", increment=round_amount(share / RAISES))


def _same(rule: Rule, official: Rule) -> bool:
    """Whether a rule is the round's own, maybe under another of its names."""
    if official.name in GREEDY_RULES and rule.name in _BY_SCORE:
        family = "greedy-no-skip" if official.name in ("greedy-no-skip", "greedy-custom") else "greedy"
        official = replace(official, name=family)
    return rule == official


def compare_due(now: datetime) -> int:
    """The job: count every published round under the other rules. Returns how many counts were stored."""
    done = 0
    for round_id in round_queries.list_rounds_to_compare(now):
        try:
            done += compare_round(round_id, now)
        except (ValueError, ArithmeticError):
            # What cannot be counted stays without a comparison and holds up no other round.
            db.session.rollback()
            logger.exception("round %d could not be counted by other rules", round_id)
    return done


def compare_round(round_id: int, now: datetime) -> int:
    """Count what is not counted yet, each rule in a transaction of its own. Returns how many were stored."""
    # Arrays are loaded where something is counted, not in every web process.
    from voting.counting.count import count
    from voting.tallying import opened_texts

    round_, result = db.session.get_one(Round, round_id), result_queries.find_result(round_id)
    plan = round_queries.plan_of(round_)
    if plan is None or result is None or round_.results_at is None or round_.results_at > now:
        return 0
    stored = {one.method for one in result_queries.list_other_counts(round_id)}
    texts = opened_texts(round_id)
    counts = count_inputs(plan, texts)
    ballots = Counter(frozenset(parse(text).choices()) for text in texts)
    official = _of_result(result)
    db.session.rollback()
    done = 0
    for name, rule in methods_of(plan, equal_share(plan, counts)).items():
        if name in stored:
            continue
        outcomes = {
            str(one.pot): count(one.instance, one.profile, rule, explain=False).as_json() for one in counts
        }
        pots = {pot: {"selected": one["selected"], "spent": one["spent"]} for pot, one in outcomes.items()}
        _store(round_id, name, rule.as_json(), figures(pots, ballots), now)
        logger.info("round %d counted by %s", round_id, name)
        done += 1
    _store(round_id, OFFICIAL, dict(plan.rule), figures(official, ballots), now)
    return done + 1


def equal_share(plan: FrozenRound, counts: list[PotCount]) -> Decimal:
    """What the money comes to for each voter, in the pot where that is least; 1 where nobody voted."""
    shares = [plan.pots[one.pot].amount / one.profile.voters for one in counts if one.profile.voters]
    return min(shares, default=Decimal(1))


def _of_result(result: RoundResult) -> dict[str, Any]:
    return {
        pot: {"selected": outcome["selected"], "spent": outcome["spent"]}
        for pot, outcome in result.outcome["pots"].items()
    }


def figures(pots: Mapping[str, Any], ballots: Mapping[frozenset[str], int]) -> dict[str, Any]:
    """What was chosen, what it costs, and how many of those who chose something have a winner."""
    winners = {code for one in pots.values() for code in one["selected"]}
    return {
        "pots": dict(pots),
        "winners": len(winners),
        "spent": str(sum((Decimal(one["spent"]) for one in pots.values()), Decimal(0))),
        "named": sum(times for ballot, times in ballots.items() if ballot),
        "with_winner": sum(times for ballot, times in ballots.items() if ballot & winners),
    }


def _store(round_id: int, method: str, rule: Mapping[str, Any], data: dict[str, Any], now: datetime) -> None:
    """Keep one count. Another worker may have been quicker: the counts are the same."""
    with unit_of_work():
        db.session.execute(
            insert(OtherCount)
            .values(round_id=round_id, method=method, rule=dict(rule), data=data, counted_at=now)
            .on_conflict_do_nothing()
        )
