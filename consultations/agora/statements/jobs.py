"""Computing opinions: the clock says which debates are due, a task of the worker computes each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from civic import clock, tasks
from civic.actor import SYSTEM
from civic.extensions import db
from civic.tasks import Task
from civic.unit_of_work import unit_of_work
from consultations.agora.statements import queries, rules, service

COMPUTE = "agora.opinions"
#: How long after a debate's end its last votes are still looked for.
AFTER_END = timedelta(days=2)


def enqueue_due(now: datetime) -> int:
    """Ask for the opinions of every debate in which somebody voted since the last time; returns how many."""
    asked = 0
    waiting = _waiting()
    for debate_id, last_vote, computed_at in queries.list_voted(AFTER_END, now):
        if debate_id not in waiting and rules.is_due(last_vote, computed_at, now):
            with unit_of_work():
                tasks.enqueue(SYSTEM, COMPUTE, {"debate": debate_id}, now)
            asked += 1
    return asked


def _waiting() -> set[int]:
    """Debates whose computation is asked for and not done."""
    rows = db.session.scalars(
        select(Task.params).where(Task.kind == COMPUTE, Task.state.in_(["queued", "running"]))
    )
    return {int(row["debate"]) for row in rows}


def count_judged(now: datetime) -> int:
    """Count anew by opinion group what was judged since the last time; returns in how many debates."""
    due = queries.list_judged(now)
    for debate_id in due:
        with unit_of_work():
            service.count_judgements(debate_id, now)
    return len(due)


def compute(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The handler: read the votes, compute, keep. Doing it twice is the same as once."""
    # numpy and scikit-learn are the worker's alone: web processes register this handler and never call it.
    from consultations.agora.statements import computing

    debate_id, begun = int(params["debate"]), clock.now()
    votes = [(row[0], row[1], row[2]) for row in queries.list_votes(debate_id, begun)]
    progress(0, 1)
    found = computing.from_votes(votes)
    with unit_of_work():
        service.keep(debate_id, found, begun)
    return {"people": found.people, "votes": found.votes, "refused": found.refused}
