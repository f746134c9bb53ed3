"""Contesting provisional results: filed by residents, decided with a reason, all before the council adopts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from civic import audit, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import deadline, ngettext
from civic.notifications import compose
from civic.notifications import service as notifications
from civic.policy import ALLOWED, Decision, enforce, refused
from civic.rounds.models import Round
from civic.text import clean_text
from voting.models import ResultContest

MAX_TEXT = 5000
OUTCOMES = {"upheld": _l("Contest upheld"), "dismissed": _l("Contest dismissed")}


def can_contest(round_: Round, now: datetime) -> Decision:
    """Whether the round's results can be contested at `now`, for anybody with an account."""
    if round_.kind != "city" or round_.results_at is None:
        return refused(_l("There are no results to contest."))
    if round_.adopted_at is not None:
        return refused(_l("The council has adopted the results; they can be contested only in court."))
    phase = next((one for one in round_.phases if one.kind == "results"), None)
    if phase is not None and now >= phase.ends_at:
        return refused(_l("The time to contest the results ended on %(end)s.", end=deadline(phase.ends_at)))
    return ALLOWED


def file_contest(actor: Actor, round_: Round, text: str, now: datetime) -> ResultContest:
    """Contest the results. Raises NotAllowed out of time, Invalid for no text, Conflict for a second one."""
    enforce(can_contest(round_, now))
    words = clean_text(text)
    if not words or len(words) > MAX_TEXT:
        raise Invalid(_("Say in up to %(most)s characters what is wrong with the results.", most=MAX_TEXT))
    contest = ResultContest(round_id=round_.id, filed_by_id=actor.id, text=words, filed_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(contest)
    except IntegrityError as error:
        raise Conflict(_("You have already contested these results.")) from error
    audit.record(actor, "result.contested", "round", round_.id, now, {"contest": contest.id})
    return contest


def decide(actor: Actor, round_: Round, contest_id: int, outcome: str, reason: str, now: datetime) -> None:
    """Answer a contest with a reason that everybody reads, and tell who filed it."""
    contest = db.session.scalar(
        select(ResultContest).where(ResultContest.id == contest_id, ResultContest.round_id == round_.id)
        .with_for_update()
    )  # fmt: skip
    if contest is None:
        raise NotFound
    if contest.decided_at is not None:
        raise Conflict(_("This contest was decided already."))
    if contest.filed_by_id == actor.id:
        raise Conflict(_("You cannot decide your own contest."))
    words = clean_text(reason)
    if outcome not in OUTCOMES:
        raise Invalid(_("Choose the outcome."))
    if not words or len(words) > MAX_TEXT:
        raise Invalid(_("Write the reasons: the author and the public read them."))
    contest.outcome, contest.reason, contest.decided_at = outcome, words, now
    contest.decided_by_id = actor.id
    db.session.flush()
    audit.record(actor, "result.contest_decided", "round", round_.id, now, {"contest": contest_id})
    timeline.add(
        "round", round_.id, f"result.contest_{outcome}", now, role=timeline.role_of(actor), reason=words
    )
    name, path = round_.name, url_for("voting.results", slug=round_.slug)

    def body() -> str:
        said = _("What you contested in the results of %(round)s was decided: %(outcome)s.",
                 round=name, outcome=OUTCOMES[outcome])  # fmt: skip
        return f"{said}\n\n{_('Reasons: %(reason)s', reason=words)}\n\n{compose.full_address(path)}"

    notifications.tell_account(
        contest.filed_by_id, lambda: f"{OUTCOMES[outcome]}: {name}"[:200], body, now, f"contest:{contest.id}"
    )


def find_own(round_id: int, account_id: int | None) -> ResultContest | None:
    """What this account contested in a round."""
    if account_id is None:
        return None
    return db.session.scalar(select(ResultContest).filter_by(round_id=round_id, filed_by_id=account_id))


def list_contests(round_id: int) -> Sequence[ResultContest]:
    """Every contest of a round, oldest first."""
    return db.session.scalars(
        select(ResultContest).where(ResultContest.round_id == round_id).order_by(ResultContest.id)
    ).all()


def count_open(round_id: int) -> int:
    """How many contests of a round wait for a decision."""
    waiting = select(func.count()).where(
        ResultContest.round_id == round_id, ResultContest.decided_at.is_(None)
    )
    return db.session.scalar(waiting) or 0


def adoption_obstacle(round_: Round) -> Any | None:
    """Why the council's decision cannot be recorded yet, or None."""
    waiting = count_open(round_.id)
    if not waiting:
        return None
    return ngettext(
        "%(num)s contest of the results waits for a decision: decide it first.",
        "%(num)s contests of the results wait for a decision: decide them first.",
        waiting,
    )
