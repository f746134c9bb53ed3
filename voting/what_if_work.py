"""What if: staff and auditors ask for the same ballots counted with a change; the worker answers.

Only after publication, and without any effect. The worker keeps the ballots of the round asked about last, so that
a second question is answered in the time of its count.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from civic.actor import Actor
from civic.errors import Invalid, NotFound
from civic.extensions import db
from civic.policy import ALLOWED, Decision, enforce, refused
from civic.rounds.models import Round
from civic.tasks import Task, enqueue
from voting import result_queries, round_queries
from voting.counting.rules import Rule
from voting.instance import PotCount, count_inputs
from voting.plan import FrozenRound

KIND = "vote.what_if"

#: Questions of one account that may wait at a time.
MOST_WAITING = 3


@dataclass(frozen=True)
class Question:
    """One change to one pot: another budget, projects left out, more votes for some."""

    pot: int
    budget: Decimal | None = None
    without: tuple[str, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The question as a task keeps it."""
        return {
            "pot": self.pot,
            "budget": None if self.budget is None else str(self.budget),
            "without": list(self.without),
            "more": dict(self.more),
        }


def can_ask(round_: Round, now: datetime) -> Decision:
    """Nothing is counted for anybody before the results are public."""
    if round_.results_at is None or round_.results_at > now:
        return refused(_("Nothing is counted before the results are published, not even for staff."))
    if round_.asks:
        return refused(_("Answers to questions are only counted: there is no budget and nothing that wins."))
    return ALLOWED


def ask(actor: Actor, round_: Round, plan: FrozenRound, question: Question, now: datetime) -> Task:
    """Put a question into the queue. Raises NotAllowed before publication, Invalid for what cannot be counted."""
    enforce(can_ask(round_, now))
    own = {project.code for project in plan.projects.values() if project.pot == question.pot}
    if question.pot not in plan.pots or not own:
        raise NotFound
    if {*question.without, *question.more} - own:
        raise Invalid(_("One of the projects is not paid from this budget."))
    if question.budget is None and not question.without and not question.more:
        raise Invalid(_("Change something: the budget, the projects or the votes."))
    waiting = db.session.scalar(
        select(func.count()).where(
            Task.kind == KIND, Task.account_id == actor.id, Task.state.in_(("queued", "running"))
        )
    )
    if (waiting or 0) >= MOST_WAITING:
        raise Invalid(_("Your earlier questions are still being counted. Wait for their answers."))
    return enqueue(actor, KIND, {"round": round_.id, **question.as_json()}, now)


#: The round whose ballots this worker holds: (round, what was counted) and its pots.
_held: dict[tuple[int, str], list[PotCount]] = {}


def _counts(round_id: int, plan: FrozenRound, input_hash: str) -> list[PotCount]:
    from voting.tallying import opened_texts

    key = (round_id, input_hash)
    if key not in _held:
        _held.clear()
        _held[key] = count_inputs(plan, opened_texts(round_id))
    return _held[key]


def answer(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The handler: read the ballots, count, compare with the real result. Running it again gives the same."""
    # Arrays are loaded where something is counted, not in every web process.
    from voting.counting.explanation import summarise
    from voting.counting.what_if import Change, what_if

    round_ = db.session.get(Round, params["round"])
    result = result_queries.find_result(params["round"])
    plan = round_queries.plan_of(round_) if round_ is not None else None
    if round_ is None or plan is None or result is None or round_.results_at is None:
        raise NotFound
    real = result.outcome["pots"][str(params["pot"])]
    input_hash, round_id = result.input_hash, round_.id
    progress(0, 2)
    one = next(one for one in _counts(round_id, plan, input_hash) if one.pot == params["pot"])
    progress(1, 2)
    change = Change(
        without=frozenset(params["without"]),
        budget_limit=None if params["budget"] is None else Decimal(params["budget"]),
        more_votes={code: int(votes) for code, votes in params["more"].items()},
    )
    begun = time.monotonic()
    outcome = what_if(one.instance, one.profile, Rule.from_json(plan.rule), change)
    seconds = time.monotonic() - begun
    progress(2, 2)
    summary = summarise(one.profile, outcome)
    return {
        "selected": list(outcome.selected),
        "gained": [code for code in outcome.selected if code not in real["selected"]],
        "lost": [code for code in real["selected"] if code not in outcome.selected],
        "spent": outcome.spent,
        "budget": outcome.budget,
        "voters": summary.voters,
        "with_winner": summary.voters_with_winner,
        "milliseconds": round(seconds * 1000),
    }
