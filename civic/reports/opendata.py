"""Published reports as open data: the reports, the indicators of the editions that count, and the measures they promised."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from civic.clock import city_date
from civic.indicators.periods import KINDS
from civic.indicators.registry import MISSING
from civic.indicators.rules import STANDINGS
from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER, PAGE_ADDRESS
from civic.opendata.resources import Field, Resource, day, equal_to, moment, register_resource, since
from civic.reports import data, labels, queries
from civic.reports.models import PeriodicReport, ReportEdition, ReportLine, ReportMeasure

_CHANGED = _l("Only what changed at this moment or after it")
_REPORT = Field("report_id", "number", _l("The report"))
_INDICATOR = Field("indicator_id", "number", _l("The indicator"))
_WHAT_WILL_BE_DONE = _l("What will be done, when something is promised")


def _current() -> Any:
    """Whether an edition is the one that counts."""
    return and_(ReportEdition.report_id == PeriodicReport.id, ReportEdition.number == PeriodicReport.edition)


def _reports() -> Any:
    return select(PeriodicReport, ReportEdition).join(ReportEdition, _current())


def _lines() -> Any:
    return (
        select(ReportLine, ReportEdition)
        .join(ReportEdition, ReportEdition.id == ReportLine.edition_id)
        .join(PeriodicReport, _current())
    )


def register() -> None:
    """Publish them."""
    register_resource(
        Resource(
            "periodic-reports",
            _l("Periodic reports"),
            _l("Reports on the indicators of a month or a year, in the edition that counts."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("title", "text", _l("What it is called")),
                Field("period_kind", "text", _l("Month or year"), codes=KINDS),
                Field("first_day", "day", _l("The first day of the period")),
                Field("edition", "number", _l("The number of the edition that counts")),
                Field("signed_at", "moment", _l("When that edition was signed")),
                Field("signed_as", "text", _l("The office of whoever signed it")),
                Field("reason", "text", _l("What it corrects; empty for the first edition")),
                Field("sha256", "text", _l("The fingerprint of what was signed")),
                Field("introduction", "text", _l("Its introduction")),
                Field("feedback", "text", _l("What residents said, in the city hall's words")),
                Field("taken", "text", _l("What was done about it")),
            ),
            _reports,
            PeriodicReport.id,
            _show_reports,
            (since(ReportEdition.signed_at, _CHANGED),),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "report-indicators",
            _l("Indicators in periodic reports"),
            _l("What a report says about each indicator: its value, why it is so, what should be done."),
            (
                NUMBER,
                _REPORT,
                _INDICATOR,
                Field("code", "text", _l("Its code")),
                Field("name", "text", _l("What is measured")),
                Field("period", "text", _l("The month or year")),
                Field("value", "decimal", _l("The value, when there is one"), optional=True),
                Field("missing", "text", _l("Why there is no value"), codes=MISSING),
                Field("value_before", "decimal", _l("The value a year before, when there is one"), optional=True),
                Field("unit", "text", _l("What it is counted in")),
                Field("target", "decimal", _l("What was to be reached then"), optional=True),
                Field("standing", "text", _l("How the value stands against the target"), codes=STANDINGS),
                Field("department", "text", _l("The department that answers for it")),
                Field("responsible", "text", _l("The person or function that answers for it")),
                Field("analysis", "text", _l("Why the value is what it is")),
                Field("recommendation", "text", _l("What should be done next")),
                Field("measure", "text", _WHAT_WILL_BE_DONE, optional=True),
                Field("measure_owner", "text", _l("Who carries it out"), optional=True),
                Field("measure_due_on", "day", _l("Until when"), optional=True),
            ),
            _lines,
            ReportLine.id,
            _show_lines,
            (
                equal_to("report_id", ReportEdition.report_id, _l("Only those of this report")),
                equal_to("indicator_id", ReportLine.indicator_id, _l("Only those of this indicator")),
                since(ReportEdition.signed_at, _CHANGED),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "report-measures",
            _l("Measures promised in reports"),
            _l("What a report promised to do about an indicator below its target, and what later reports say of it."),
            (
                NUMBER,
                _REPORT,
                _INDICATOR,
                Field("what", "text", _l("What will be done")),
                Field("owner", "text", _l("Who carries it out")),
                Field("due_on", "day", _l("Until when the report promised it")),
                Field("now_due_on", "day", _l("Until when it is to be done now, as later reports say")),
                Field("state", "text", _l("Open, done or given up"), codes=("open", "done", "given_up")),
                Field("late", "yes_no", _l("Whether it is open and its day is over")),
                Field("opened_at", "moment", _l("When it was promised")),
            ),
            lambda: select(ReportMeasure),
            ReportMeasure.id,
            _show_measures,
            (
                equal_to("report_id", ReportMeasure.report_id, _l("Only those of this report")),
                equal_to("indicator_id", ReportMeasure.indicator_id, _l("Only those of this indicator")),
            ),
        )
    )  # fmt: skip


def _show_reports(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "url": address_of("reports.show", code=one.code),
            "title": labels.title_of(one.period),
            "period_kind": one.period_kind,
            "first_day": day(one.first_day),
            "edition": edition.number,
            "signed_at": moment(edition.signed_at),
            "signed_as": edition.signed_as,
            "reason": edition.reason,
            "sha256": edition.sha256.hex(),
            **{name: edition.content[name] for name in ("introduction", "feedback", "taken")},
        }
        for one, edition in rows
    ]


_LINE = (
    "code", "name", "period", "value", "missing", "value_before", "unit", "target", "standing", "department",
    "responsible", "analysis", "recommendation", "measure", "measure_owner", "measure_due_on",
)  # fmt: skip


def _show_lines(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    shown = []
    for line, edition in rows:
        found = data.flat(line.content, edition.content["period"])
        shown.append(
            {
                "id": line.id,
                "report_id": edition.report_id,
                "indicator_id": line.indicator_id,
                **{name: found[name] for name in _LINE},
            }
        )
    return shown


def _show_measures(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    shown = []
    for promise in queries.with_accounts([one for (one,) in rows]):
        one, standing = promise.measure, promise.standing(city_date(now))
        shown.append(
            {
                "id": one.id,
                "report_id": one.report_id,
                "indicator_id": one.indicator_id,
                "what": one.what,
                "owner": one.owner,
                "due_on": day(one.due_on),
                "now_due_on": day(standing.due_on),
                "state": standing.state,
                "late": standing.late,
                "opened_at": moment(one.opened_at),
            }
        )
    return shown
