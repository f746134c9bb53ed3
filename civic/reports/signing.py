"""The way of a report to its readers: handed in, sent back, signed, opened for a correction. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.reports import checking, composing, labels, letters, policy, queries, rules
from civic.reports.composing import Composed
from civic.reports.models import PeriodicReport, ReportEdition, ReportLine, ReportMeasure
from civic.reports.service import KIND
from civic.text import clean_line, clean_text, fold


def _next(report: PeriodicReport, step: str) -> str:
    """The state a step leads to. Raises Conflict when the report is elsewhere already."""
    state = rules.after(report.state, step)
    if state is None:
        raise Conflict(_("Somebody else moved this report on meanwhile. Open the page again."))
    return state


def _complete(report: PeriodicReport, now: datetime) -> checking.Check:
    found = checking.check(report, city_date(now))
    if not found.complete:
        raise Invalid(_("Something is still missing: the list on this page says what."))
    return found


def submit(actor: Actor, code: str, now: datetime) -> PeriodicReport:
    """Hand the report to the signature: from now on nobody writes in it. Raises Invalid while something is missing."""
    report = queries.get_report(code, lock=True)
    state = _next(report, "submit")
    enforce(policy.can_submit(actor, report, now))
    found = _complete(report, now)
    written = [(report.changed_at, report.written_by_id)] if report.written_by_id else []
    written += [
        (one.entry.changed_at, one.entry.changed_by_id)
        for one in found.entries
        if one.entry.changed_at and one.entry.changed_by_id
    ]
    for promise, _missing in found.accounts:
        account = promise.account_of(report.id)
        if account is not None and account.account_id:
            written.append((account.changed_at, account.account_id))
    report.written_by_id = max(written)[1] if written else None
    report.state, report.submitted_by_id, report.returned_note = state, actor.id, ""
    db.session.flush()
    audit.record(actor, "report.submitted", KIND, report.id, now, {})
    return report


def send_back(actor: Actor, code: str, note: str, now: datetime) -> PeriodicReport:
    """Ask for other words instead of signing."""
    report = queries.get_report(code, lock=True)
    enforce(policy.can_lead(actor))
    words = clean_text(note)[: rules.MAX_WORDS]
    if not words:
        raise Invalid(_("Say what should be written otherwise."))
    report.state, report.returned_note = _next(report, "send_back"), words
    db.session.flush()
    audit.record(actor, "report.returned", KIND, report.id, now, {})
    return report


def sign(actor: Actor, code: str, office: str, seen: str, now: datetime) -> ReportEdition:
    """Keep the report as it was seen and let everyone read it; its measures are promised from now on.

    `seen` is the fingerprint of what whoever signs has read: when a figure changed since, Conflict asks to read again.
    """
    report = queries.get_report(code, lock=True)
    state = _next(report, "sign")
    enforce(policy.can_sign(actor, report))
    signed_as = clean_line(office)[: rules.MAX_LINE]
    if not signed_as:
        raise Invalid(_("Write in which office you sign."))
    _complete(report, now)
    made = composing.compose(report, now)
    if made.sha256.hex() != seen:
        raise Conflict(_("A figure or a text changed since you opened this page. Read it again, then sign."))
    assert actor.id is not None
    edition = ReportEdition(
        report_id=report.id, number=report.edition + 1, content=made.content, sha256=made.sha256,
        reason=report.correction, signed_as=signed_as, signed_by_id=actor.id, signed_at=now,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    db.session.add_all(
        ReportLine(edition_id=edition.id, indicator_id=indicator_id, position=position, content=line)
        for position, (indicator_id, line) in enumerate(made.lines)
    )
    _promise(report, edition, now)
    _settle(report)
    event = "report.corrected" if edition.number > 1 else "report.published"
    timeline.add(KIND, report.id, event, now, role=timeline.role_of(actor), reason=report.correction)
    report.state, report.edition, report.correction = state, edition.number, ""
    report.search_text = searchable(report, made)
    db.session.flush()
    audit.record(actor, event, KIND, report.id, now, {"edition": edition.number})
    return edition


def _promise(report: PeriodicReport, edition: ReportEdition, now: datetime) -> None:
    """Open the measures of its entries and tell who carries them out; one that a former edition opened keeps its number."""
    opened = queries.promises_of(report.id)
    for entry in queries.list_entries(report.id):
        if not entry.measure:
            continue
        assert entry.due_on is not None
        known = opened.get(entry.indicator_id)
        one = known.measure if known else ReportMeasure(
            report_id=report.id, indicator_id=entry.indicator_id, opened_at=now
        )  # fmt: skip
        before = (one.what, one.owner, one.due_on, one.department_id)
        one.what, one.owner, one.due_on = entry.measure, entry.owner, entry.due_on
        one.department_id = entry.told_department_id or entry.department_id
        if before == (one.what, one.owner, one.due_on, one.department_id):
            continue
        db.session.add(one)
        db.session.flush()
        db.session.refresh(one)
        letters.promised(edition, one, now)


def _settle(report: PeriodicReport) -> None:
    """What it says of earlier measures counts from now on."""
    for promise in queries.to_account(report):
        said = promise.account_of(report.id)
        assert said is not None
        said.signed_outcome, said.signed_words, said.signed_due_on = said.outcome, said.words, said.due_on


def searchable(report: PeriodicReport, made: Composed) -> str:
    """The words of an edition, as they are searched."""
    words = [str(labels.title_of(report.period)), *made.content["period"].split("-")]
    words += [made.content[name] for name in ("introduction", "feedback", "taken")]
    for _indicator, line in made.lines:
        words += [line["code"], *line["name"].values(), line["analysis"], line["recommendation"]]
    return fold(" ".join(words))


def reopen(actor: Actor, code: str, reason: str, now: datetime) -> PeriodicReport:
    """Write a published report again; what everyone reads stays until the correction is signed."""
    report = queries.get_report(code, lock=True)
    enforce(policy.can_lead(actor))
    words = clean_text(reason)[: rules.MAX_WORDS]
    if not words:
        raise Invalid(_("Say what is corrected: everyone reads it."))
    report.state, report.correction, report.returned_note = _next(report, "reopen"), words, ""
    db.session.flush()
    audit.record(actor, "report.reopened", KIND, report.id, now, {})
    return report
