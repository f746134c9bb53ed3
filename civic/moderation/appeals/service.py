"""Commands about contested decisions: stating reasons, appealing, deciding, taking back. They never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.accounts.models import Account
from civic.actor import ANONYMOUS, SYSTEM, Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.moderation import letters
from civic.moderation.appeals import policy, queries, revival, rules, telling
from civic.moderation.appeals.labels import REFUSALS
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.appeals.rules import Contest, State, Why
from civic.moderation.models import ModerationCase
from civic.moderation.subjects import Subject
from civic.moderation.suspensions import queries as suspension_queries
from civic.moderation.suspensions import service as suspensions
from civic.policy import enforce
from civic.text import clean_text

KIND = "moderation_appeal"
#: Statements forgotten in one transaction.
BATCH = 500


def state_reasons(case: ModerationCase, subject: Subject, now: datetime) -> None:
    """Note, with a decision against a text, whose text it was and until when they may contest it."""
    if case.decision not in rules.AGAINST or case.decided_by_id is None:
        return
    given = give("moderation.appeal.file", now)
    statement = Statement(
        case_id=case.id,
        account_id=subject.author_id,
        official=queries.holds_role(subject.author_id),
        decided_at=now,
        appeal_until=given.due_at,
        deadline_id=given.version.id,
    )
    db.session.add(statement)
    db.session.flush()
    telling.stated(statement, case, subject, given.version, now)


def appeal_against_text(actor: Actor, statement_id: int, text: str, now: datetime) -> ModerationAppeal:
    """Contest a decision about one's own text.

    Raises NotFound (somebody else's), Conflict (late, contested already, taken back) or Invalid (nothing written).
    """
    return _against(actor, queries.get_statement(statement_id, actor.id, lock=True), text, now)


def appeal_by_link(statement_id: int, text: str, now: datetime) -> ModerationAppeal:
    """The same for somebody without an account, who was given the link in a letter."""
    return _against(ANONYMOUS, queries.get_unowned(statement_id, lock=True), text, now)


def _against(actor: Actor, statement: Statement, text: str, now: datetime) -> ModerationAppeal:
    contest = policy.contest_of_statement(statement, statement.appeal)
    assert statement.case.decided_by_id is not None
    appeal = _filed(actor, contest, text, now)
    appeal.statement_id, appeal.first_decider_id = statement.id, statement.case.decided_by_id
    return _store(actor, appeal, now, {"case": statement.case_id})


def appeal_against_suspension(actor: Actor, suspension_id: int, text: str, now: datetime) -> ModerationAppeal:
    """Contest one's own suspension, which the suspended account can do as any other."""
    suspensions.get_own(actor, suspension_id)
    one = suspension_queries.get_suspension(suspension_id, lock=True)
    contest = policy.contest_of_suspension(one, suspension_queries.find_appeal(one.id))
    appeal = _filed(actor, contest, text, now)
    appeal.suspension_id = one.id
    appeal.first_decider_id, appeal.second_decider_id = one.proposed_by_id, one.decided_by_id
    return _store(actor, appeal, now, {"suspension": one.id})


def _filed(actor: Actor, contest: Contest, text: str, now: datetime) -> ModerationAppeal:
    decision = policy.can_file(actor, contest, now)
    if not decision:
        raise Conflict(decision.reason)
    words = clean_text(text)
    if not words:
        raise Invalid(_("Write why you think the decision is wrong."))
    if len(words) > rules.MAX_TEXT:
        raise Invalid(_("This text may have at most %(max)s characters.", max=rules.MAX_TEXT))
    given = give("moderation.appeal.decide", now)
    filed = rules.file(contest, actor.id, given.due_at, now)
    return ModerationAppeal(
        account_id=actor.id,
        text=words,
        filed_at=now,
        due_at=given.due_at,
        deadline_id=given.version.id,
        state=filed.state,
    )


def _store(
    actor: Actor, appeal: ModerationAppeal, now: datetime, details: dict[str, int]
) -> ModerationAppeal:
    # Sent from two windows at once: the constraint keeps one.
    try:
        with db.session.begin_nested():
            db.session.add(appeal)
    except IntegrityError as error:
        raise Conflict(REFUSALS[Why.TWICE]) from error
    # Who wrote under a pseudonym is not said in a record that is never deleted.
    audit.record(SYSTEM, "appeal.filed", KIND, appeal.id, now, details)
    return appeal


def decide(actor: Actor, appeal_id: int, uphold: bool, reason: str, now: datetime) -> ModerationAppeal:
    """A second person's decision. Upheld, what was contested is taken back exactly; either way the author reads why.

    Raises NotAllowed (took part in it), Conflict (decided already) or Invalid (no reasons).
    """
    appeal = queries.get_appeal(appeal_id, lock=True)
    contest = policy.contest_of(appeal)
    if contest.state != State.OPEN:
        raise Conflict(REFUSALS[Why.DECIDED])
    enforce(policy.can_decide(actor, contest))
    words = clean_text(reason)[: rules.MAX_REASON]
    if not words:
        raise Invalid(str(REFUSALS[Why.NO_REASON]))
    decided = rules.decide(contest, actor.id, uphold, words)
    appeal.state, appeal.decided_by_id = str(decided.state), actor.id
    appeal.decided_at, appeal.reason = now, words
    db.session.flush()
    statement = appeal.statement
    case = statement.case if statement is not None else None
    with letters.held():
        if uphold:
            _take_back(actor, appeal, words, now)
        audit.record(actor, f"appeal.{decided.state}", KIND, appeal.id, now)
        telling.decided(appeal, statement, case, now)
    return appeal


def _take_back(actor: Actor, appeal: ModerationAppeal, reason: str, now: datetime) -> None:
    if appeal.statement is not None:
        revival.revive(actor, appeal.statement.case, reason, now)
    elif appeal.suspension is not None and appeal.suspension.lifted_at is None:
        one = suspension_queries.get_suspension(appeal.suspension.id, lock=True)
        suspensions.end(actor, one, reason, now)
    db.session.flush()


def withdraw(actor: Actor, appeal_id: int, now: datetime) -> ModerationAppeal:
    """Take one's own appeal back; it is not opened again."""
    appeal = queries.get_appeal(appeal_id, lock=True)
    enforce(policy.can_withdraw(actor, policy.contest_of(appeal)))
    appeal.state, appeal.decided_at = State.WITHDRAWN, now
    db.session.flush()
    audit.record(SYSTEM, "appeal.withdrawn", KIND, appeal.id, now)
    return appeal


def settle(case: ModerationCase, now: datetime) -> None:
    """Close an open appeal against a decision that was undone without it: it has nothing left to ask."""
    statement = queries.find_statement_of_case(case.id, lock=True)
    if statement is not None and statement.appeal is not None and statement.appeal.state == State.OPEN:
        statement.appeal.state, statement.appeal.decided_at = State.SETTLED, now
        audit.record(SYSTEM, "appeal.settled", KIND, statement.appeal.id, now)
    db.session.flush()


def escalate(appeal_id: int, now: datetime) -> None:
    """Tell council staff and administrators that an answer is overdue, once."""
    appeal = queries.get_appeal(appeal_id, lock=True)
    if appeal.state != State.OPEN or appeal.escalated_at is not None or appeal.due_at > now:
        return
    appeal.escalated_at = now
    db.session.flush()
    audit.record(SYSTEM, "appeal.escalated", KIND, appeal.id, now)
    for account in queries.list_overseers():
        telling.overdue(account, appeal, now)


def forget_old(now: datetime) -> int:
    """Forget whose texts were decided about, long after the last clock ran out. Returns how many."""
    found = queries.list_forgettable(now, rules.REMEMBERED, BATCH)
    for statement in found:
        _forget(statement)
    db.session.flush()
    return len(found)


def forget(account: Account, now: datetime) -> None:
    """With a deleted account goes what it wrote in appeals, and that the texts were its own."""
    for appeal in queries.list_appeals_of_account(account.id):
        if appeal.state == State.OPEN:
            appeal.state, appeal.decided_at = State.WITHDRAWN, now
        appeal.text, appeal.account_id = "", None
    for statement in queries.list_of_account(account.id):
        statement.account_id = None
    db.session.flush()


def _forget(statement: Statement) -> None:
    statement.account_id = None
    if statement.appeal is not None:
        statement.appeal.account_id, statement.appeal.text = None, ""
