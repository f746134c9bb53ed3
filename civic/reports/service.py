"""Commands of those who write a report: begin, choose, write, account. They flush, never commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.indicators import service as indicators
from civic.indicators.periods import Period
from civic.policy import enforce
from civic.reports import policy, queries, rules
from civic.reports.models import MeasureAccount, PeriodicReport, ReportEntry
from civic.text import clean_line, clean_text

KIND = "periodic_report"


class Outdated(Conflict):
    """Somebody else saved the same text meanwhile; nobody's words were taken away."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else saved this meanwhile. Their words stand below; bring both together and save again."
            )
        )


def begin(actor: Actor, period: Period, now: datetime) -> PeriodicReport:
    """Begin the report of a period, with the indicators of the report before it. Raises Invalid, Conflict."""
    enforce(policy.can_lead(actor))
    if period.first > city_date(now):
        raise Invalid(_("This period has not begun yet."))
    made = db.session.scalar(
        insert(PeriodicReport)
        .values(
            period_kind=period.kind, first_day=period.first, state=rules.WRITING, edition=0, introduction="",
            feedback="", taken="", correction="", returned_note="", created_at=now, changed_at=now, version=1,
            search_text="",
        )
        .on_conflict_do_nothing()
        .returning(PeriodicReport.id)
    )  # fmt: skip
    if made is None:
        raise Conflict(_("This period has a report already."))
    report = db.session.get_one(PeriodicReport, made)
    earlier = queries.report_before(report)
    if earlier is not None:
        _add(report, {one.indicator.code: one for one in queries.list_entries(earlier.id)}, now)
    audit.record(actor, "report.begun", KIND, made, now, {"period": period.code})
    return report


def _add(report: PeriodicReport, wanted: Mapping[str, ReportEntry | None], now: datetime) -> None:
    """Add indicators by their codes; who answers for one stays as in the entry of an earlier report, where it has one."""
    for position, (code, earlier) in enumerate(wanted.items()):
        one = indicators.ensure_row(code, now)
        db.session.add(
            ReportEntry(
                report_id=report.id, indicator_id=one.id, position=position,
                department_id=earlier.department_id if earlier else one.department_id,
                told_department_id=earlier.told_department_id if earlier else None,
                responsible=earlier.responsible if earlier else one.responsible[: rules.MAX_LINE],
            )
        )  # fmt: skip
    db.session.flush()


def _opened(actor: Actor, code: str) -> PeriodicReport:
    """The report, locked, when its common parts may be changed."""
    report = queries.get_report(code, lock=True)
    enforce(policy.can_edit(actor, report))
    return report


def choose(actor: Actor, code: str, codes: Sequence[str], now: datetime) -> PeriodicReport:
    """Which indicators it is about, in this order. One that has words stays until they are taken out."""
    report = _opened(actor, code)
    wanted = list(dict.fromkeys(codes))
    if len(wanted) > rules.MOST_INDICATORS:
        raise Invalid(_("Choose at most %(most)s indicators: nobody reads more.", most=rules.MOST_INDICATORS))
    kept, promised = {}, queries.promises_of(report.id)
    for entry in queries.list_entries(report.id):
        if entry.indicator.code in wanted:
            kept[entry.indicator.code] = entry
        elif entry.indicator_id in promised:
            raise Invalid(
                _(
                    "%(code)s opened a measure in an edition of this report, so it stays.",
                    code=entry.indicator.code,
                )
            )
        elif entry.analysis or entry.recommendation or entry.measure:
            raise Invalid(
                _("%(code)s has words written about it. Take them out first.", code=entry.indicator.code)
            )
        else:
            db.session.delete(entry)
    db.session.flush()
    _add(report, dict.fromkeys(one for one in wanted if one not in kept), now)
    for entry in queries.list_entries(report.id):
        entry.position = wanted.index(entry.indicator.code)
    db.session.flush()
    audit.record(actor, "report.arranged", KIND, report.id, now, {"indicators": len(wanted)})
    return report


def _long(text: str, most: int = rules.MAX_WORDS) -> str:
    if len(text) > most:
        raise Invalid(_("Write at most %(max)s characters.", max=most))
    return text


def write(
    actor: Actor, code: str, introduction: str, feedback: str, taken: str, version: int, now: datetime
) -> PeriodicReport:
    """Save the common texts. Raises Outdated when somebody saved them meanwhile."""
    report = _opened(actor, code)
    if report.version != version:
        raise Outdated
    report.introduction = _long(clean_text(introduction))
    report.feedback = _long(clean_text(feedback))
    report.taken = _long(clean_text(taken))
    report.changed_at, report.written_by_id = now, actor.id
    report.version += 1
    db.session.flush()
    audit.record(actor, "report.written", KIND, report.id, now, {"version": report.version})
    return report


@dataclass(frozen=True)
class Words:
    """What is written about one indicator."""

    analysis: str
    recommendation: str
    responsible: str
    measure: str = ""
    owner: str = ""
    due_on: date | None = None
    #: the department that is written to about the measure
    told_department_id: int | None = None


def write_entry(
    actor: Actor, code: str, entry_id: int, words: Words, department_id: int | None, version: int, now: datetime
) -> ReportEntry:  # fmt: skip
    """Save what is written about an indicator. Raises Outdated when somebody saved it meanwhile.

    Which department answers for it is the leaders' to say; what others send is left aside.
    """
    report = queries.hold_report(queries.get_report(code).id)
    entry = queries.get_entry(report.id, entry_id, lock=True)
    enforce(policy.can_write(actor, report, entry))
    if entry.version != version:
        raise Outdated
    if (words.owner or words.due_on) and not words.measure:
        raise Invalid(_("Write the measure that they carry out."))
    entry.analysis = _long(clean_text(words.analysis))
    entry.recommendation = _long(clean_text(words.recommendation))
    entry.responsible = _long(clean_line(words.responsible), rules.MAX_LINE)
    entry.measure = _long(clean_text(words.measure))
    entry.owner = _long(clean_line(words.owner), rules.MAX_LINE)
    entry.due_on, entry.told_department_id = words.due_on, words.told_department_id
    if policy.can_lead(actor):
        entry.department_id = department_id
    entry.changed_at, entry.changed_by_id = now, actor.id
    entry.version += 1
    db.session.flush()
    audit.record(
        actor, "report.entry_written", KIND, report.id, now, {"entry": entry.id, "version": entry.version}
    )
    return entry


def account(
    actor: Actor, code: str, measure_id: int, said: rules.Account, words: str, version: int, now: datetime
) -> MeasureAccount:  # fmt: skip
    """Say what became of a measure of an earlier report; it counts once this report is signed."""
    report = _opened(actor, code)
    promise = queries.find_promise(report, measure_id)
    text, due_on = _long(clean_text(words)), said.due_on if said.outcome == rules.CONTINUED else None
    wrong = rules.account_wrong(said.outcome, text, due_on, city_date(now))
    if wrong:
        raise Invalid(_("Say what became of it, in words; of one that goes on, a new day still to come."))
    found = queries.lock_account(promise.measure.id, report.id)
    if (found.version if found else 0) != version:
        raise Outdated
    if found is None:
        found = MeasureAccount(measure_id=promise.measure.id, report_id=report.id, version=0)
        db.session.add(found)
    found.outcome, found.words, found.due_on = said.outcome, text, due_on
    found.changed_at, found.account_id = now, actor.id
    found.version += 1
    db.session.flush()
    audit.record(
        actor, "report.measure_accounted", KIND, report.id, now,
        {"measure": measure_id, "outcome": said.outcome, "version": found.version},
    )  # fmt: skip
    return found


def discard(actor: Actor, code: str, now: datetime) -> None:
    """Give up a report that was never published."""
    report = queries.get_report(code, lock=True)
    enforce(policy.can_discard(actor, report))
    audit.record(actor, "report.discarded", KIND, report.id, now, {"period": code})
    db.session.delete(report)
    db.session.flush()
