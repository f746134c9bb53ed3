"""Commands of moderation: opening a case, reporting, deciding. They never commit."""

from collections.abc import Iterable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import insert

from civic import audit, outbox
from civic.accounts.models import Account
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, DomainError, Invalid, NotFound
from civic.extensions import db
from civic.moderation import policy, queries, rules
from civic.moderation.models import ContentReport, ModerationCase, Redirection
from civic.moderation.reasons import reason_sentence, rule_number, rule_path
from civic.moderation.rules import Decision, Why
from civic.moderation.subjects import Subject, Verdict, get_kind
from civic.places.models import Department
from civic.policy import enforce
from civic.text import clean_line, clean_text


def open_case(kind: str, subject_id: int, why: Why, now: datetime) -> ModerationCase:
    """Put a subject in the queue. One already there stays as it is."""
    deadline = give(f"moderation.{Why(why)}", now)
    # Two people may report the same text at the same moment; the partial unique index keeps one case.
    db.session.execute(
        insert(ModerationCase)
        .values(
            subject_kind=kind,
            subject_id=subject_id,
            why=why,
            opened_at=now,
            due_at=deadline.due_at,
            deadline_id=deadline.version.id,
            reason_code="",
            reason="",
        )
        .on_conflict_do_nothing()
    )
    case = queries.find_open_case(kind, subject_id)
    if case is None:
        raise Conflict(_("This has just been decided. Reload the page."))
    return case


def close_withdrawn(kind: str, subject_id: int, now: datetime) -> None:
    """Take a subject off the queue because its author took it back."""
    case = queries.find_open_case(kind, subject_id)
    if case is not None:
        case.decision, case.decided_at = Decision.WITHDRAWN, now
        db.session.flush()


def report(actor: Actor, subject: Subject, reason_code: str, text: str, now: datetime) -> None:
    """Tell the moderators about a text. Reporting twice is the same as once."""
    assert actor.id is not None
    enforce(policy.can_report(actor, subject, queries.reports_last_day(actor.id, now)))
    if reason_code not in rules.REPORTABLE:
        raise Invalid(_("Choose what is wrong with the text."))
    case = open_case(subject.kind, subject.id, Why.REPORTED, now)
    made = db.session.scalar(
        insert(ContentReport)
        .values(
            case_id=case.id,
            reporter_id=actor.id,
            reason_code=reason_code,
            text=clean_text(text)[: rules.MAX_REASON],
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(ContentReport.id)
    )
    if made:
        audit.record(
            actor, "content.reported", subject.kind, subject.id, now, {"case": case.id, "reason": reason_code}
        )


def decide(
    actor: Actor,
    case_id: int,
    decision: Decision,
    now: datetime,
    *,
    reason_code: str = "",
    text: str = "",
    department_id: int | None = None,
    registration_number: str = "",
) -> ModerationCase:
    """Decide a case and carry the decision out on its subject, in one transaction.

    Raises NotAllowed (not a moderator, own text), Conflict (decided meanwhile) or Invalid (no reason,
    no registration number), each with a sentence.
    """
    case = queries.get_case(case_id, lock=True)
    kind = get_kind(case.subject_kind)
    subject = kind.load([case.subject_id], False).get(case.subject_id)
    if subject is None:
        raise NotFound
    enforce(policy.can_decide(actor, subject))
    if case.decided_at is not None:
        raise Conflict(_("Another moderator has already decided this."))
    if decision not in rules.decisions_for(case.why, kind.supports):
        raise Invalid(_("This decision does not fit this text."))
    text = clean_text(text)[: rules.MAX_REASON]
    if decision not in rules.NEEDS_REASON:
        reason_code, text = "", ""
    elif reason_code not in rules.REPORTABLE:
        raise Invalid(_("Choose a reason from the list."))
    elif not text and reason_code == rules.OTHER:
        raise Invalid(_("Write the reason: the author will read it."))
    with force_locale(_language_of(subject)):
        reason = reason_sentence(reason_code, text)
    if decision == Decision.REDIRECT:
        reason = _redirect(case, department_id, registration_number, text, now)
    kind.apply(actor, case.subject_id, Verdict(decision, reason_code, reason), now)
    case.decision, case.reason_code, case.reason = decision, reason_code, reason
    case.decided_by_id, case.decided_at = actor.id, now
    audit.record(
        actor,
        "moderation.decided",
        case.subject_kind,
        case.subject_id,
        now,
        {"case": case.id, "decision": str(decision), "reason": reason_code},
    )
    db.session.flush()
    return case


def _language_of(subject: Subject) -> str:
    """The language a subject's author is written to in."""
    author = db.session.get(Account, subject.author_id) if subject.author_id else None
    return author.locale if author is not None else current_app.config["SETTINGS"].city.languages[0]


def _redirect(case: ModerationCase, department_id: int | None, number: str, note: str, now: datetime) -> str:
    """Note where the request went; returns the sentence for its author."""
    department = db.session.get(Department, department_id) if department_id else None
    number = clean_line(number)[:60]
    if department is None:
        raise Invalid(_("Choose the department that takes this over."))
    if not number:
        raise Invalid(_("Write the registration number, so that the author can ask about it."))
    db.session.add(
        Redirection(
            case_id=case.id,
            subject_kind=case.subject_kind,
            subject_id=case.subject_id,
            department_id=department.id,
            registration_number=number,
            note=note,
            at=now,
        )
    )
    where = _("Sent to %(department)s under number %(number)s.", department=department.name, number=number)
    return f"{where} {note}".strip()


def rule_line(reason_code: str) -> tuple[object, ...]:
    """A line for a letter with the address of the rule behind a reason; nothing where there is no rule."""
    if rule_number(reason_code) is None:
        return ()
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    return (_l("The rule: %(address)s", address=f"{base}{rule_path(reason_code)}"),)


def tell_about_text(
    account_id: int | None, reason: str, path: str, now: datetime, *, reason_code: str = ""
) -> None:
    """Tell an author that a text of theirs was hidden, why, by which rule, and how to contest it."""
    contact = current_app.config["SETTINGS"].city.contact_email
    _tell(
        account_id,
        path,
        now,
        _l("A text of yours was hidden"),
        _l("A moderator hid a text you wrote."),
        _l("Reasons: %(reason)s", reason=reason),
        *rule_line(reason_code),
        _l("If you think this is wrong, answer at %(address)s.", address=contact),
    )


def tell_about_restored(account_id: int | None, reason: str, path: str, now: datetime) -> None:
    """Tell an author that a text of theirs is public again, and why."""
    _tell(
        account_id,
        path,
        now,
        _l("A text of yours is public again"),
        _l("A moderator made a text you wrote public again."),
        _l("Reasons: %(reason)s", reason=reason),
    )


def _tell(account_id: int | None, path: str, now: datetime, title: object, *sentences: object) -> None:
    account = db.session.get(Account, account_id) if account_id else None
    if account is None or account.email_confirmed_at is None or account.disabled_at is not None:
        return
    address = f"{current_app.config['SETTINGS'].base_url.rstrip('/')}{path}"
    with force_locale(account.locale):
        body = "\n\n".join([*(str(sentence) for sentence in sentences), address])
        outbox.post(account.email, str(title), body, now)


def publish_many(actor: Actor, case_ids: Iterable[int], now: datetime) -> tuple[int, list[str]]:
    """Publish (or keep published) several cases; returns how many, and why the others were not.

    Each stands on its own: one refused case leaves the others done.
    """
    done, refusals = 0, []
    for case_id in sorted(set(case_ids)):
        try:
            with db.session.begin_nested():
                case = queries.get_case(case_id)
                decide(actor, case_id, rules.decisions_for(case.why, frozenset())[0], now)
            done += 1
        except DomainError as error:
            refusals.append(str(error.message) or _("There is no such case."))
    return done, refusals
