"""Asking for a recount: once at a time for each contest. Flushes, never commits."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from civic import audit, tasks
from civic.actor import Actor
from civic.extensions import db
from civic.policy import ALLOWED, Action, Decision, enforce, may, refused
from civic.rounds.models import Round
from voting.models import ResultContest
from voting.recounts import queries, work
from voting.recounts.models import ContestRecount


def can_ask(actor: Actor, contest: ResultContest) -> Decision:
    """Whether the actor may have the ballots counted again for this contest: whoever may decide it."""
    if not may(actor, Action.DECIDE_APPEALS):
        return refused(_l("Only those who decide contests have the ballots counted again."))
    if contest.filed_by_id == actor.id:
        return refused(_("You cannot decide your own contest."))
    return ALLOWED


def ask(actor: Actor, round_: Round, contest_id: int, now: datetime) -> ContestRecount:
    """Have the ballots counted again. Pressed twice, it is one recount: the one that runs is given back."""
    contest = queries.get_contest(round_.id, contest_id)
    enforce(can_ask(actor, contest))
    made = ContestRecount(contest_id=contest.id, asked_by_id=actor.id, asked_at=now, data={})
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        running = queries.find_running(contest.id)
        if running is None:  # it finished this very moment; its answer is on the page
            return queries.latest_by_contest(round_.id)[contest.id]
        return running
    made.task_id = tasks.enqueue(actor, work.KIND, {"recount": made.id}, now).id
    db.session.flush()
    audit.record(actor, "result.recount_asked", "round", round_.id, now, {"contest": contest.id})
    return made
