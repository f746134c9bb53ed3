"""Commands of moderation: opening a case, reporting, deciding. They never commit."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox, sealing
from civic.accounts.models import Account
from civic.actor import Actor
from civic.deadlines.service import give
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.format import moment
from civic.moderation import letters, policy, queries, rules
from civic.moderation.decided import announce
from civic.moderation.models import ContentReport, ModerationCase, Redirection
from civic.moderation.reasons import reason_sentence, rule_number, rule_path
from civic.moderation.rules import Clock, Decision, Why
from civic.moderation.subjects import Subject, SubjectKind, Verdict, get_kind
from civic.notifications.compose import addresses
from civic.places.models import Department
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold


def _subject(kind: str, subject_id: int) -> Subject | None:
    with addresses():
        return get_kind(kind).load([subject_id], False).get(subject_id)


def same_words(text: str) -> bytes:
    """The mark of a text's words, without diacritics, cases and signs: identical texts have the same."""
    words = "".join(sign if sign.isalnum() else " " for sign in fold(text)).split()
    return hashlib.sha256(" ".join(words).encode()).digest()


#: What a decision changed is sealed for this purpose.
CHANGED = "moderation changed"


def open_case(
    kind: str, subject_id: int, why: Why, now: datetime, *, deadline: Clock | None = None
) -> ModerationCase:
    """Put a subject in the queue. One already there stays, and is due sooner when the deadline asks for it.

    `deadline` is the clock it runs by, where it is not that of everything new or reported.
    """
    given = give(deadline or rules.clock_for(why), now)
    subject = _subject(kind, subject_id)
    # Two people may report the same text at the same moment; the partial unique index keeps one case.
    db.session.execute(
        insert(ModerationCase)
        .values(
            subject_kind=kind,
            subject_id=subject_id,
            why=why,
            opened_at=now,
            due_at=given.due_at,
            deadline_id=given.version.id,
            reason_code="",
            reason="",
            undone_reason="",
            author_id=subject.author_id if subject else None,
            text_sha256=same_words(subject.text) if subject else None,
        )
        .on_conflict_do_nothing()
    )
    case = queries.find_open_case(kind, subject_id)
    if case is None:
        raise Conflict(_("This has just been decided. Reload the page."))
    if given.due_at < case.due_at:
        # A graver report shortens the clock of what waits already; no report lengthens it.
        case.due_at, case.deadline_id = given.due_at, given.version.id
        db.session.flush()
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
    clock = rules.clock_for(Why.REPORTED, reason_code)
    case = open_case(subject.kind, subject.id, Why.REPORTED, now, deadline=clock)
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


def get_undecided(actor: Actor, case_id: int, now: datetime) -> tuple[ModerationCase, Subject]:
    """A case the actor may decide now, locked, and its subject.

    Raises NotAllowed, NotFound or Conflict (decided meanwhile, held by another moderator), each with a sentence.
    """
    case = queries.get_case(case_id, lock=True)
    subject = _subject(case.subject_kind, case.subject_id)
    if subject is None:
        raise NotFound
    enforce(policy.can_decide(actor, subject))
    if case.decided_at is not None:
        raise Conflict(_("Another moderator has already decided this."))
    enforce_free(actor, case, now)
    return case, subject


def enforce_free(actor: Actor, case: ModerationCase, now: datetime) -> None:
    """Raise Conflict while another moderator holds the case."""
    if case.claimed_until is None or case.claimed_until <= now or case.claimed_by_id == actor.id:
        return
    name = db.session.scalar(select(Account.display_name).where(Account.id == case.claimed_by_id))
    raise Conflict(
        _("%(name)s has this case until %(until)s.", name=name or "–", until=moment(case.claimed_until))
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
    parts: Mapping[str, str] | None = None,
    batch: str | None = None,
) -> ModerationCase:
    """Decide a case and have its feature carry it out; the author is told by that feature.

    `parts` are the texts without personal data, for `Decision.REDACT`; `batch` marks what is decided at one stroke.

    Raises NotAllowed (not a moderator, own text), Conflict (decided meanwhile, held by another) or Invalid (no
    reason, no registration number), each with a sentence.
    """
    case, subject = get_undecided(actor, case_id, now)
    if decision == Decision.REDIRECT and Decision.REDIRECT in get_kind(case.subject_kind).supports:
        clean = clean_text(text)[: rules.MAX_REASON]
        if not clean and reason_code in ("", rules.OTHER):
            raise Invalid(_("Write the reason: the author will read it."))
        where = _redirect(case, department_id, registration_number, clean, now)
    else:
        where = ""
    return settle(
        actor, case, subject, decision, now,
        reason_code=reason_code, text=text, where=where, parts=parts, batch=batch,
    )  # fmt: skip


def settle(
    actor: Actor,
    case: ModerationCase,
    subject: Subject,
    decision: Decision,
    now: datetime,
    *,
    reason_code: str = "",
    text: str = "",
    where: str = "",
    parts: Mapping[str, str] | None = None,
    batch: str | None = None,
) -> ModerationCase:
    """Carry out a decision about a locked case, by whoever may, as its caller has checked.

    `where` is the sentence that says where it was sent. Raises Invalid as `decide` does.
    """
    kind = get_kind(case.subject_kind)
    if decision != Decision.REDACT and decision not in rules.decisions_for(case.why, kind.supports):
        raise Invalid(_("This decision does not fit this text."))
    text = clean_text(text)[: rules.MAX_REASON]
    reason_code = reason_code or rules.OTHER
    if decision not in rules.NEEDS_REASON:
        reason_code, text = "", ""
    elif reason_code not in rules.REASONS:
        raise Invalid(_("Choose a reason from the list."))
    elif not text and reason_code == rules.OTHER:
        raise Invalid(_("Write the reason: the author will read it."))
    with force_locale(language_of(subject)):
        reason = where or reason_sentence(reason_code, text)
    verdict = Verdict(decision, reason_code, reason)
    with letters.held():
        _carry_out(actor, case, subject, verdict, now, parts or {}, batch)
    return case


def note_decision(
    actor: Actor, kind: str, subject_id: int, verdict: Verdict, act: Callable[[], object], now: datetime
) -> ModerationCase:
    """A decision against a text that the city hall takes outside the queue, by whoever may, as its caller has checked.

    `act` carries it out. It is a case like any other: its author is told how to contest it, it is counted and can be
    undone exactly. Raises Conflict while a moderator holds a case about it.
    """
    case = queries.get_case(open_case(kind, subject_id, Why.REPORTED, now).id, lock=True)
    enforce_free(actor, case, now)
    subject = _subject(kind, subject_id)
    if subject is None:
        raise NotFound
    with letters.held():
        _carry_out(actor, case, subject, verdict, now, {}, None, act)
    return case


def _carry_out(
    actor: Actor,
    case: ModerationCase,
    subject: Subject,
    verdict: Verdict,
    now: datetime,
    parts: Mapping[str, str],
    batch: str | None,
    act: Callable[[], object] | None = None,
) -> None:
    kind, decision = get_kind(case.subject_kind), verdict.decision
    before = kind.snapshot(case.subject_id) if kind.snapshot else None
    if act is not None:
        act()
    elif decision == Decision.REDACT:
        _redact(actor, kind, case.subject_id, subject, parts, verdict, now)
    else:
        kind.apply(actor, case.subject_id, verdict, now)
    if before is not None and kind.snapshot is not None:
        case.changed = sealing.seal(CHANGED, rules.changed(before, kind.snapshot(case.subject_id)))
    case.decision, case.reason_code, case.reason = decision, verdict.reason_code, verdict.reason
    case.decided_by_id, case.decided_at, case.batch = actor.id, now, batch
    case.author_id = subject.author_id
    case.claimed_by_id = case.claimed_until = None
    audit.record(
        actor,
        "moderation.decided",
        case.subject_kind,
        case.subject_id,
        now,
        {"case": case.id, "decision": str(decision), "reason": verdict.reason_code},
    )
    db.session.flush()
    announce(case, subject, now)


def _redact(
    actor: Actor,
    kind: SubjectKind,
    subject_id: int,
    subject: Subject,
    parts: Mapping[str, str],
    verdict: Verdict,
    now: datetime,
) -> None:
    if Decision.REDACT not in kind.supports or kind.parts is None or kind.redact is None:
        raise Invalid(_("This decision does not fit this text."))
    mark = mark_for(subject)
    known = {part.name: clean_text(part.text) for part in kind.parts(subject_id)}
    given = {name: clean_text(parts.get(name, text)) for name, text in known.items()}
    changed = {name: text for name, text in given.items() if text != known[name]}
    if not changed:
        raise Invalid(_("Nothing is taken out yet: replace the personal data by %(mark)s.", mark=mark))
    for name, text in changed.items():
        if not rules.is_redaction(known[name], text, mark):
            raise Invalid(
                _("Only replace words by %(mark)s: everything else stays as its author wrote it.", mark=mark)
            )
    waited = kind.waits(subject_id)
    try:
        with db.session.begin_nested():
            kind.redact(actor, subject_id, changed, verdict, now)
            db.session.flush()
    except IntegrityError as error:
        raise Invalid(
            _("With the marks the text is longer than it may be: take out a longer stretch at once.")
        ) from error
    if waited:
        kind.apply(actor, subject_id, Verdict(Decision.PUBLISH), now)


def mark_for(subject: Subject) -> str:
    """What stands where personal data were, in the author's language."""
    with force_locale(language_of(subject)):
        return str(_("[personal data removed]"))


def language_of(subject: Subject) -> str:
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
        closing=_l("If you think this is wrong, answer at %(address)s.", address=contact),
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


def tell_about_redacted(
    account_id: int | None, reason: str, path: str, now: datetime, *, reason_code: str = ""
) -> None:
    """Tell an author that personal data were taken out of a text of theirs, and why; the rest stands."""
    contact = current_app.config["SETTINGS"].city.contact_email
    _tell(
        account_id,
        path,
        now,
        _l("Personal data were taken out of a text of yours"),
        _l("A moderator took personal data out of a text you wrote. The rest stands as you wrote it."),
        _l("Reasons: %(reason)s", reason=reason),
        *rule_line(reason_code),
        closing=_l("If you think this is wrong, answer at %(address)s.", address=contact),
    )


def tell_about_undone(account_id: int | None, reason: str, path: str, now: datetime) -> None:
    """Tell an author that what a moderator decided about a text of theirs was undone, and why."""
    _tell(
        account_id,
        path,
        now,
        _l("A decision about a text of yours was undone"),
        _l("A moderator undid a decision about a text you wrote. It is again as it was before."),
        _l("Reasons: %(reason)s", reason=reason),
    )


def _tell(
    account_id: int | None,
    path: str,
    now: datetime,
    title: object,
    *sentences: object,
    closing: object | None = None,
) -> None:
    """Write to an author. `closing` says what to do about it, unless a letter that says more takes this one's place."""
    account = db.session.get(Account, account_id) if account_id else None
    if account is None or account.email_confirmed_at is None or account.disabled_at is not None:
        return
    address = f"{current_app.config['SETTINGS'].base_url.rstrip('/')}{path}"

    def send() -> None:
        with force_locale(account.locale):
            said = [*sentences, *(() if closing is None else (closing,))]
            body = "\n\n".join([*(str(sentence) for sentence in said), address])
            outbox.post(account.email, str(title), body, now)

    letters.write(
        letters.Letter(
            account.id,
            lambda: str(title),
            lambda: "\n\n".join([*(str(sentence) for sentence in sentences), address]),
            send,
        )
    )
