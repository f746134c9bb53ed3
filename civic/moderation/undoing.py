"""Undoing what was decided: exactly what the decision changed is put back, and the case waits again.

What a decision changed is kept sealed with its case. It is put back only while it is as the decision left it: what
somebody did since is not overwritten.
"""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict, DomainError, Invalid, NotFound
from civic.extensions import db
from civic.moderation import policy, queries, rules, service
from civic.moderation.decided import announce_undone
from civic.moderation.models import ContentReport, ModerationCase
from civic.moderation.rules import Decision, Why
from civic.moderation.subjects import Subject, get_kind, load_all
from civic.policy import enforce
from civic.text import clean_text


def undo(actor: Actor, case_id: int, reason: str, now: datetime) -> ModerationCase:
    """Put back what a decision changed and open the case again; returns the case that waits now.

    Its reports go with it and its author is told. Raises NotAllowed (not a moderator, own text), Conflict (not
    decided, undone already, changed since, too long ago) or Invalid (no reason).
    """
    case = queries.get_case(case_id, lock=True)
    subject = subject_of(case)
    enforce(policy.can_decide(actor, subject))
    return _undo(actor, case, subject, reason, now)


def overturn(actor: Actor, case_id: int, reason: str, now: datetime) -> ModerationCase:
    """Undo a decision for good, as after an appeal that is upheld: the text is public as it was written.

    Who may is for the caller to check: nothing is asked of the actor here. Returns the case that says so.
    """
    case = queries.get_case(case_id, lock=True)
    subject = subject_of(case)
    again = _undo(actor, case, subject, reason, now)
    first = rules.decisions_for(again.why, frozenset())[0]
    return service.settle(actor, again, subject, first, now)


def undo_batch(actor: Actor, batch: str, reason: str, now: datetime) -> tuple[int, list[str]]:
    """Undo everything decided at one stroke; returns how many, and why the others were not."""
    done, refusals = 0, []
    for case in queries.list_batch(batch):
        if case.undone_at is not None:
            continue
        try:
            with db.session.begin_nested():
                undo(actor, case.id, reason, now)
            done += 1
        except DomainError as error:
            refusals.append(str(error.message) or _("There is no such case."))
    return done, refusals


def is_undoable(case: ModerationCase) -> bool:
    """Whether a decision can still be put back, as far as its case knows."""
    decided = case.decision is not None and case.decision != Decision.WITHDRAWN
    return decided and case.undone_at is None and case.changed is not None


def subject_of(case: ModerationCase) -> Subject:
    """What a decided case is about. Sent back to its author, it may no longer be on the moderators' desk."""
    key = (case.subject_kind, case.subject_id)
    subject = load_all([key]).get(key)
    if subject is not None:
        return subject
    if case.decision != Decision.REQUEST_CHANGES:
        raise NotFound
    return Subject(*key, "", "", "/", case.author_id, "", case.opened_at)


def _undo(actor: Actor, case: ModerationCase, subject: Subject, reason: str, now: datetime) -> ModerationCase:
    words = clean_text(reason)[: rules.MAX_REASON]
    if case.undone_at is not None:
        raise Conflict(_("This decision has been undone already."))
    if case.decided_at is None or case.decision == Decision.WITHDRAWN:
        raise Conflict(_("There is no decision to undo."))
    if case.changed is None:
        raise Conflict(_("This decision is too old to be undone here."))
    if not words:
        raise Invalid(_("Write the reason: the author will read it."))
    _put_back(actor, case, sealing.unseal(service.CHANGED, case.changed), words, now)
    case.undone_at, case.undone_by_id, case.undone_reason = now, actor.id, words
    audit.record(
        actor,
        "moderation.undone",
        case.subject_kind,
        case.subject_id,
        now,
        {"case": case.id, "decision": case.decision},
    )
    service.tell_about_undone(subject.author_id, words, subject.url, now)
    db.session.flush()
    announce_undone(case, now)
    return _open_again(case, now)


def _put_back(
    actor: Actor, case: ModerationCase, kept: dict[str, dict[str, Any]], reason: str, now: datetime
) -> None:
    kind = get_kind(case.subject_kind)
    if not kept["before"] or kind.snapshot is None or kind.put_back is None:
        return
    is_now = kind.snapshot(case.subject_id)
    if any(is_now.get(name) != value for name, value in kept["after"].items()):
        raise Conflict(_("It has been changed since: undo what came after first, or decide anew."))
    kind.put_back(actor, case.subject_id, kept["before"], reason, now)


def _open_again(case: ModerationCase, now: datetime) -> ModerationCase:
    again = service.open_case(case.subject_kind, case.subject_id, Why(case.why), now)
    again.again_of_id = case.id
    mine = queries.list_reporters(again.id)
    db.session.execute(
        update(ContentReport)
        .where(ContentReport.case_id == case.id, ContentReport.reporter_id.not_in(mine))
        .values(case_id=again.id)
    )
    db.session.flush()
    return again


def value_before(kind: str, subject_id: int, decision: Decision, name: str) -> Any:
    """What a value of a subject was before the latest decision of a sort; None when that is not known any more."""
    case = queries.find_last_decided(kind, subject_id, decision)
    if case is None or case.changed is None or case.undone_at is not None:
        return None
    return sealing.unseal(service.CHANGED, case.changed)["before"].get(name)


def forget_changes(now: datetime) -> int:
    """Forget what decisions changed once nobody contests them any more; returns how many."""
    return queries.forget_changed(now - rules.KEPT_TO_UNDO)
