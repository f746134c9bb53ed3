"""Commands about suspensions: propose, confirm, decline, take back, lift, let lapse. They never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import SYSTEM, Actor
from civic.deadlines.clocks import ends_at
from civic.deadlines.rules import Unit
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.moderation.queries import get_case
from civic.moderation.rules import Decision
from civic.moderation.suspensions import policy, queries, rules, telling
from civic.moderation.suspensions.labels import REFUSALS
from civic.moderation.suspensions.models import Suspension
from civic.moderation.suspensions.rules import State, Why
from civic.policy import enforce
from civic.text import clean_text

KIND = "suspension"


def is_ground(case: ModerationCase) -> bool:
    """Whether a case can be what a suspension rests on: a text was hidden, or personal data taken out of it."""
    return case.decision in (Decision.HIDE, Decision.REDACT) and case.undone_at is None


def propose(actor: Actor, case_id: int, reason: str, days: int, now: datetime) -> Suspension:
    """Propose to suspend the author of a hidden text. Nothing happens until a second person confirms it.

    Raises NotAllowed, Invalid (no reason, no such length) or Conflict (one waits or runs), each with a sentence.
    """
    case = get_case(case_id)
    account_id = queries.author_of_case(case_id)
    if account_id is None or not is_ground(case):
        raise Conflict(REFUSALS[Why.NO_GROUND])
    queries.lock_account(account_id)
    lapse_due(now, account_id)
    enforce(
        policy.can_propose(
            actor,
            account_id,
            grounded=True,
            waiting=queries.is_waiting(account_id, now),
            running=queries.find_running(account_id, now) is not None,
        )
    )
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(_("Write the reason: the person reads it."))
    if days not in rules.LENGTHS:
        raise Invalid(_("Choose how long it lasts."))
    one = Suspension(
        account_id=account_id,
        case_id=case_id,
        reason=words,
        days=days,
        state=State.PROPOSED,
        proposed_by_id=actor.id,
        proposed_at=now,
        confirm_until=give("suspension.confirm", now).due_at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(one)
    except IntegrityError as error:
        raise Conflict(REFUSALS[Why.WAITING]) from error
    audit.record(actor, "suspension.proposed", KIND, one.id, now, {"case": case_id, "days": days})
    return one


def confirm(actor: Actor, suspension_id: int, now: datetime) -> Suspension:
    """The second person's yes: it begins, ends by itself, and the person is told how to contest it."""
    one = _settled(actor, suspension_id, now)
    account = queries.lock_account(one.account_id)
    if queries.find_running(account.id, now) is not None:
        raise Conflict(REFUSALS[Why.RUNNING])
    given = give("moderation.appeal.file", now)
    one.state, one.decided_by_id, one.decided_at = State.CONFIRMED, actor.id, now
    one.ends_at = ends_at(one.days, Unit.CALENDAR, 24, now)
    one.appeal_until, one.deadline_id = given.due_at, given.version.id
    account.suspended_until = one.ends_at
    db.session.flush()
    audit.record(actor, "suspension.confirmed", KIND, one.id, now, {"days": one.days})
    telling.begun(one, given.version, now)
    return one


def decline(actor: Actor, suspension_id: int, reason: str, now: datetime) -> Suspension:
    """The second person's no, with a reason for whoever proposed it."""
    one = _settled(actor, suspension_id, now)
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(_("Write the reason: whoever proposed it reads it."))
    one.state, one.decided_by_id, one.decided_at, one.decision_reason = State.DECLINED, actor.id, now, words
    db.session.flush()
    audit.record(actor, "suspension.declined", KIND, one.id, now)
    return one


def _settled(actor: Actor, suspension_id: int, now: datetime) -> Suspension:
    one = queries.get_suspension(suspension_id, lock=True)
    why = rules.why_not_settle(policy.life_of(one), actor.id, now)
    if why in (Why.DECIDED, Why.LAPSED):
        raise Conflict(REFUSALS[why])
    enforce(policy.can_settle(actor, one, now))
    return one


def withdraw(actor: Actor, suspension_id: int, now: datetime) -> Suspension:
    """Take one's own proposal back before anybody has decided."""
    one = queries.get_suspension(suspension_id, lock=True)
    enforce(policy.can_withdraw(actor, one))
    one.state, one.decided_at = State.WITHDRAWN, now
    db.session.flush()
    audit.record(actor, "suspension.withdrawn", KIND, one.id, now)
    return one


def lift(actor: Actor, suspension_id: int, reason: str, now: datetime) -> Suspension:
    """End a suspension early, with a reason the person reads. Freeing somebody takes one person."""
    one = queries.get_suspension(suspension_id, lock=True)
    enforce(policy.can_lift(actor, one, now))
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(_("Write the reason: the person reads it."))
    end(actor, one, words, now)
    telling.lifted(one, now)
    return one


def end(actor: Actor, one: Suspension, reason: str, now: datetime) -> None:
    """Let a locked suspension run no longer, by hand or by an appeal that was upheld."""
    account = queries.lock_account(one.account_id)
    one.lifted_at, one.lifted_by_id, one.lifted_reason = now, actor.id, reason
    account.suspended_until = None
    db.session.flush()
    audit.record(actor, "suspension.lifted", KIND, one.id, now)


def lapse_due(now: datetime, account_id: int | None = None) -> int:
    """Let proposals lapse that nobody confirmed in time; of one account or of all. Returns how many."""
    done = 0
    for number in queries.list_lapsed(now):
        one = queries.get_suspension(number, lock=True)
        if one.state != State.PROPOSED or (account_id is not None and one.account_id != account_id):
            continue
        one.state, one.decided_at = State.LAPSED, now
        db.session.flush()
        audit.record(SYSTEM, "suspension.lapsed", KIND, one.id, now)
        done += 1
    return done


def get_own(actor: Actor, suspension_id: int) -> Suspension:
    """A confirmed suspension of the actor's own account, or NotFound."""
    one = queries.get_suspension(suspension_id)
    if one.account_id != actor.id or one.state != State.CONFIRMED:
        raise NotFound
    return one
