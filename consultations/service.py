"""Commands that lead a consultation from its draft to its outcome. They flush, never commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import audit, tags, timeline
from civic.actor import Actor
from civic.clock import city_moment
from civic.deadlines import queries as deadlines
from civic.dimensions import DIMENSIONS
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.format import day as write_day
from civic.format import deadline as write_deadline
from civic.notifications.compose import Words
from civic.notifications.service import notify_followers
from civic.policy import enforce
from civic.text import clean_line, clean_text, fold
from consultations import clocks, file_service, gates, policy, queries, rules, sentences
from consultations.models import Consultation, ConsultationClock, Extension
from consultations.rules import State

KIND = "consultation"
#: Told once and the same to everyone: announcements are in the city's language.
OFFICIAL = "ro"


@dataclass(frozen=True)
class Draft:
    """What staff write before the announcement."""

    kind: str
    title: str
    summary: str
    dimension: str
    department_id: int
    neighbourhood_id: int | None = None
    responsible: str = ""
    send_to: str = ""
    about_minority: bool = False
    about_vulnerable: bool = False
    urgent_reason: str = ""
    closes_on: date | None = None


_LINES = ("title", "responsible")
_TEXTS = ("summary", "send_to", "urgent_reason")
_AS_THEY_ARE = (
    "kind", "dimension", "department_id", "neighbourhood_id", "about_minority", "about_vulnerable", "closes_on",
)  # fmt: skip


def _write(one: Consultation, draft: Draft) -> None:
    kind = rules.KINDS.get(draft.kind)
    if kind is None or draft.dimension not in DIMENSIONS:
        raise Invalid(_("Choose one of the options."))
    if one.kind is not None and kind.by_citizens != rules.KINDS[one.kind].by_citizens:
        raise Invalid(_("A citizens' draft stays one, and no other consultation becomes one."))
    for name in _LINES:
        setattr(one, name, clean_line(getattr(draft, name) or ""))
    for name in _TEXTS:
        setattr(one, name, clean_text(getattr(draft, name) or ""))
    for name in _AS_THEY_ARE:
        setattr(one, name, getattr(draft, name))
    if not one.title:
        raise Invalid(_("Write a title."))
    if one.urgent_reason and not kind.urgency:
        raise Invalid(_("Only a draft decision can be urgent. Leave the reason empty."))
    one.search_text = fold(f"{one.title} {one.summary}")[:50_000]


def create(actor: Actor, draft: Draft, now: datetime, *, from_citizens: bool = False) -> Consultation:
    """Begin a consultation. Nobody outside the city hall sees it until it is announced.

    `from_citizens`: of the kind that only citizens' verified signatures make.
    """
    enforce(policy.can_manage(actor))
    if draft.kind in rules.KINDS and rules.KINDS[draft.kind].by_citizens != from_citizens:
        raise Invalid(_("A citizens' draft begins with the citizens' signatures."))
    one = Consultation(created_at=now, changed_at=now, account_id=actor.id)
    _write(one, draft)
    db.session.add(one)
    db.session.flush()
    audit.record(actor, "consultation.created", KIND, one.id, now, {"kind": one.kind})
    return one


def edit(actor: Actor, consultation_id: int, seen: int, draft: Draft, now: datetime) -> Consultation:
    """Change what is not announced yet. `seen` is the version its editor was looking at: Conflict when older."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_edit(actor, one))
    if one.version != seen:
        raise Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    _write(one, draft)
    _changed(one, now)
    audit.record(actor, "consultation.edited", KIND, one.id, now, {"version": one.version})
    return one


def mark(actor: Actor, consultation_id: int, wanted: Collection[str], now: datetime) -> None:
    """Say whom it concerns especially; once it is announced its history says so."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    tags.put(actor, KIND, one, wanted, now, public=one.announced_at is not None)
    _changed(one, now)


def discard(actor: Actor, consultation_id: int, now: datetime) -> None:
    """Throw away a draft. What was announced is never removed."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_edit(actor, one))
    if rules.KINDS[one.kind].by_citizens:
        raise Conflict(_("Citizens asked for it with their signatures: it cannot be thrown away."))
    audit.record(actor, "consultation.discarded", KIND, one.id, now, {"kind": one.kind})
    db.session.delete(one)
    db.session.flush()


def _changed(one: Consultation, now: datetime) -> None:
    one.changed_at = now
    one.version += 1
    db.session.flush()


def missing(one: Consultation) -> list[str]:
    """What a draft still lacks before it can be announced, as sentences."""
    kind = rules.KINDS[one.kind]
    lacks = []
    if not one.summary:
        lacks.append(_("Write what it is about and what changes."))
    if not one.responsible:
        lacks.append(_("Name the person responsible for the relation with civil society."))
    if not one.send_to:
        lacks.append(_("Write where contributions are received besides this page."))
    if one.closes_on is None:
        lacks.append(_("Choose the last day of contributions."))
    have = queries.documents_by_kind(one.id, kind.documents)
    lacks += [
        _("Add to the file: %(document)s.", document=sentences.document_name(name))
        for name in kind.documents
        if name not in have
    ]
    return lacks


def earliest_last_day(one: Consultation, opens_at: datetime) -> date:
    """The first day on which a consultation that opens at a moment may end, by the rule in force."""
    version = deadlines.get_current(rules.KINDS[one.kind].window)
    return clocks.last_day(clocks.earliest_close(version, opens_at, deadlines.bridge_days()))


def announce(
    actor: Actor, consultation_id: int, seen: int, opens_on: date | None, now: datetime
) -> Consultation:
    """Make it public and start its clock; contributions are received from now, or from the start of `opens_on`.

    Takes the rules in force, for good. Raises Invalid with the earliest possible day when the time is shorter
    than the rule, and with everything that is missing.
    """
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if one.announced_at is not None:
        raise Conflict(_("It has been announced already."))
    if one.version != seen:
        raise Conflict(_("Somebody else has changed this meanwhile. Reload the page."))
    lacks = missing(one)
    if lacks or one.closes_on is None:
        raise Invalid(" ".join(lacks))
    opens_at = max(now, city_moment(opens_on)) if opens_on is not None else now
    kind, off = rules.KINDS[one.kind], deadlines.bridge_days()
    versions = {
        key: deadlines.get_current(key) for key in (kind.window, kind.wait, rules.ANSWER) if key is not None
    }
    window = versions[kind.window]
    earliest, closes_at = clocks.earliest_close(window, opens_at, off), clocks.end_of(one.closes_on)
    if closes_at < earliest:
        raise Invalid(sentences.too_short(window, opens_at, closes_at, earliest))
    one.announced_at, one.opens_at, one.closes_at = now, opens_at, closes_at
    one.earliest_close_at = earliest
    if kind.wait is not None:
        one.adopt_from = clocks.earliest_close(versions[kind.wait], now, off)
    for key, version in versions.items():
        db.session.add(ConsultationClock(consultation_id=one.id, key=key, version_id=version.id))
    db.session.flush()
    _set_answers_due(one)
    _changed(one, now)
    for document in queries.list_documents(one.id):
        for each in document.versions:
            each.published_at = now
    files.make_public(queries.file_ids(one.id))
    with force_locale(OFFICIAL):
        file_service.note_on_site(actor, one, now)
    timeline.add(
        KIND, one.id, "consultation.announced", now,
        role=timeline.role_of(actor), reason=one.urgent_reason, data={"until": timeline.until(closes_at)},
    )  # fmt: skip
    audit.record(actor, "consultation.announced", KIND, one.id, now, {"closes_at": closes_at.isoformat()})
    db.session.flush()
    return one


def _set_answers_due(one: Consultation) -> None:
    given = queries.list_clocks(one.id)[rules.ANSWER].version
    if one.closes_at is not None:
        one.answers_due_at = clocks.answers_due(given, one.closes_at, deadlines.bridge_days())


def extend(actor: Actor, consultation_id: int, until: date, reason: str, now: datetime) -> Consultation:
    """Give people more time, with the reason everyone reads. There is no way to give them less."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if rules.state_of(one, now) not in (State.ANNOUNCED, State.OPEN) or one.closes_at is None:
        raise Conflict(_("Only a consultation that has not ended can be extended."))
    new, old, words = clocks.end_of(until), one.closes_at, clean_text(reason)
    if new <= old:
        raise Invalid(
            _("It ends on %(day)s. A consultation can be extended, never shortened.", day=write_deadline(old))
        )
    if not words:
        raise Invalid(_("Write why: everyone reads it."))
    one.closes_at, one.closes_on = new, until
    _set_answers_due(one)
    db.session.add(
        Extension(
            consultation_id=one.id, old_closes_at=old, new_closes_at=new, reason=words, at=now, account_id=actor.id
        )
    )  # fmt: skip
    _changed(one, now)
    data = {"until": timeline.until(new)}
    timeline.add(
        KIND, one.id, "consultation.extended", now, role=timeline.role_of(actor), reason=words, data=data
    )
    audit.record(actor, "consultation.extended", KIND, one.id, now, {"closes_at": new.isoformat()})
    _tell(one, _l("More time: %(title)s", title=one.title), lambda: _extended_body(one, words), now)
    return one


def _extended_body(one: Consultation, reason: str) -> str:
    until = write_deadline(one.closes_at) if one.closes_at else ""
    return _(
        "Contributions are now received until %(until)s. The reason: %(reason)s", until=until, reason=reason
    )


def publish_report(actor: Actor, consultation_id: int, early_reason: str, now: datetime) -> Consultation:
    """Publish the report. Refused while something is unanswered, unless a reason for it is published too."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if rules.state_of(one, now) != State.ANSWERING:
        raise Conflict(_("A report is published after the end of contributions, once."))
    open_points, words = gates.reasons(one, now), clean_text(early_reason)
    if open_points and not words:
        raise Invalid(
            " ".join(
                [
                    *open_points,
                    _("First answer everything, or write here why the report is published before."),
                ]
            )
        )
    one.report_published_at, one.early_reason = now, words if open_points else ""
    _changed(one, now)
    event = "consultation.reported_early" if open_points else "consultation.reported"
    timeline.add(KIND, one.id, event, now, role=timeline.role_of(actor), reason=one.early_reason)
    audit.record(actor, event, KIND, one.id, now, {})
    _tell(
        one, _l("The report is public: %(title)s", title=one.title),
        lambda: _("Read what people said, what was answered and what changes."), now,
    )  # fmt: skip
    return one


@dataclass(frozen=True)
class Ending:
    """How a consultation ended."""

    outcome: str
    reason: str = ""
    act_number: str = ""


def conclude(actor: Actor, consultation_id: int, ending: Ending, now: datetime) -> Consultation:
    """Record the outcome. An act is adopted after its report and its wait; a draft is withdrawn at any time."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    state = rules.state_of(one, now)
    words, act = clean_text(ending.reason), clean_line(ending.act_number)
    possible = rules.outcomes_of(state)
    if ending.outcome not in rules.OUTCOMES:
        raise Invalid(_("Choose one of the options."))
    if not possible:
        raise Conflict(_("Only an announced consultation that runs has an outcome to record."))
    if ending.outcome not in possible:
        raise Invalid(_("First publish the report: people read what was answered before it is decided."))
    if ending.outcome == "adopted":
        if not act:
            raise Invalid(_("Write the number of the adopted act."))
        if one.adopt_from is not None and now < one.adopt_from and not one.urgent_reason:
            raise Invalid(
                _(
                    "It was announced on %(announced)s: the law lets it be adopted from %(day)s.",
                    announced=write_day(one.announced_at or now), day=write_day(one.adopt_from),
                )
            )  # fmt: skip
    elif not words:
        raise Invalid(_("Write why: everyone reads it."))
    one.outcome, one.outcome_at, one.outcome_reason, one.act_number = ending.outcome, now, words, act
    _changed(one, now)
    timeline.add(
        KIND, one.id, f"consultation.{one.outcome}", now,
        role=timeline.role_of(actor), reason=words, data={"act": act},
    )  # fmt: skip
    audit.record(actor, f"consultation.{one.outcome}", KIND, one.id, now, {"act": act})
    _tell(one, _l("How it ended: %(title)s", title=one.title), lambda: _ended_body(one), now)
    return one


def _ended_body(one: Consultation) -> str:
    if one.outcome == "adopted":
        return _("It was adopted: %(act)s. See what changed because of whom.", act=one.act_number)
    words = _("It was withdrawn.") if one.outcome == "withdrawn" else _("It was not adopted.")
    return f"{words} {_('The reason: %(reason)s', reason=one.outcome_reason)}"


def _tell(one: Consultation, subject: Words, body: Words, now: datetime) -> None:
    key = f"consultation-{one.id}-{one.version}"
    notify_followers(KIND, one.id, subject, body, now, dedup_key=key)
