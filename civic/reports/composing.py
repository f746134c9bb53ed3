"""A report put together from what is written and what is measured: what its preview shows and its signing keeps.

Everything is plain JSON: values as strings of decimals, days as ISO 8601, names in every language of the site. An
edition keeps it as it is, and the pages, the printed file and the open data all read it from there.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import force_locale

from civic.clock import city_date
from civic.indicators import labels
from civic.indicators import queries as indicators
from civic.indicators import rules as measuring
from civic.indicators.models import Indicator
from civic.indicators.periods import Period, Span, month_of, span_until, year_of
from civic.indicators.queries import Reading
from civic.indicators.registry import NO_DATA, Figure
from civic.printing.keeping import languages
from civic.reports import queries, rules
from civic.reports.models import PeriodicReport, ReportEntry
from civic.reports.registry import all_feedback

#: Years, or months, in the row of earlier values.
SERIES_YEARS, SERIES_MONTHS = 5, 13


@dataclass(frozen=True)
class Composed:
    """A report as it stands: all but its lines, the lines with their indicators, and the fingerprint of both."""

    content: dict[str, Any]
    lines: list[tuple[int, dict[str, Any]]]

    @property
    def sha256(self) -> bytes:
        """Of the content and the lines, as canonical JSON."""
        return fingerprint(self.content, [line for _indicator, line in self.lines])


def fingerprint(content: dict[str, Any], lines: list[dict[str, Any]]) -> bytes:
    """The SHA-256 of an edition."""
    whole = json.dumps({**content, "lines": lines}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).digest()


def compose(report: PeriodicReport, now: datetime) -> Composed:
    """The report with the values that count now."""
    entries = queries.list_entries(report.id)
    series, months = periods_of(report.period)
    measured = [one.indicator for one in entries]
    readings = indicators.series_of_all(measured, [*series, *months])
    lines = [
        (one.indicator_id, _line(one, report.period, series, readings[one.indicator.code])) for one in entries
    ]
    content = {
        "period": report.code,
        "introduction": report.introduction,
        "feedback": report.feedback,
        "taken": report.taken,
        "heard": heard(report.period, now),
        "accounts": _accounts(report),
    }
    return Composed(content, lines)


def periods_of(period: Period) -> tuple[list[Period], list[Period]]:
    """The periods of the row of values, the report's own last, and the 24 months of a yearly report, last year first."""
    if period.kind == "year":
        year = period.first.year
        months = [month_of(date(one, month, 1)) for one in (year - 1, year) for month in range(1, 13)]
        return [year_of(year - back) for back in range(SERIES_YEARS - 1, -1, -1)], months
    found = [period]
    while len(found) < SERIES_MONTHS:
        found.append(month_of(found[-1].first - timedelta(days=1)))
    return list(reversed(found)), []


def _said(words: Any) -> dict[str, str]:
    """Words in every language of the site; `words` is asked in each."""
    said = {}
    for language in languages():
        with force_locale(language):
            said[language] = str(words())
    return said


def _value(reading: Reading | None) -> dict[str, Any] | None:
    if reading is None:
        return None
    return {
        "period": reading.period.code,
        "value": labels.plain(reading.value),
        "missing": reading.missing,
        "part": reading.part,
        "of": reading.of,
        "final": reading.final,
        "through": reading.through.isoformat(),
        "source": reading.source,
        "method_version": reading.method_version,
        "recorded_at": reading.recorded_at.isoformat(),
    }


def standing(indicator: Indicator, reading: Reading | None) -> str:
    """How the value of a period stands against its target."""
    target = reading.target if reading else indicator.target
    return measuring.standing(reading.value if reading else None, target, indicator.better)


def _line(
    entry: ReportEntry, period: Period, series: list[Period], readings: list[Reading | None]
) -> dict[str, Any]:
    one = entry.indicator
    by_period = {known.period: known for known in readings if known is not None}
    reading, before = by_period.get(period), by_period.get(period.year_before)
    months = readings[len(series) :]
    target = reading.target if reading else one.target
    return {
        "code": one.code,
        "name": _said(lambda: labels.name_of(one)),
        "how": _said(lambda: labels.how_of(one)),
        "unit": labels.unit_of(one),
        "better": one.better,
        "target": labels.plain(target),
        "standing": standing(one, reading),
        "reading": _value(reading),
        "before": _value(before),
        "series": [_value(by_period[known]) for known in series if known in by_period],
        "months": [None if known is None else [labels.plain(known.value), known.missing] for known in months]
        if any(known is not None for known in months)
        else [],
        "department": entry.department.name if entry.department else "",
        "responsible": entry.responsible,
        "analysis": entry.analysis,
        "recommendation": entry.recommendation,
        "measure": {
            "what": entry.measure,
            "owner": entry.owner,
            "due_on": entry.due_on.isoformat() if entry.due_on else None,
        }
        if entry.measure
        else None,
    }


# --- what residents said ------------------------------------------------------------------------------------


def heard(period: Period, now: datetime) -> list[dict[str, Any]]:
    """What residents told the city hall in a period, beside the one a year before."""
    span = span_until(period, city_date(now) - timedelta(days=1))
    earlier = Span(period.year_before, period.year_before.last)
    began = indicators.first_day()
    known_then = began is not None and began < earlier.until
    return [
        {
            "key": one.key,
            "name": _said(lambda one=one: one.name),
            **_figure("", one.figure(span) if span else NO_DATA),
            **_figure("before_", one.figure(earlier) if known_then else NO_DATA),
        }
        for one in all_feedback()
    ]


def _figure(prefix: str, figure: Figure) -> dict[str, Any]:
    return {f"{prefix}value": labels.plain(figure.value), f"{prefix}missing": figure.missing}


# --- measures of earlier reports ----------------------------------------------------------------------------


def _accounts(report: PeriodicReport) -> list[dict[str, Any]]:
    found = []
    for promise in queries.to_account(report):
        one, account = promise.measure, promise.account_of(report.id)
        before = [known for known in promise.signed if known.first_day < report.first_day]
        due_on = rules.standing_of(one.due_on, before, report.first_day).due_on
        found.append(
            {
                "measure": one.id,
                "code": one.indicator.code,
                "name": _said(lambda one=one: labels.name_of(one.indicator)),
                "opened_in": one.report.code,
                "what": one.what,
                "owner": one.owner,
                "due_on": due_on.isoformat(),
                "outcome": account.outcome if account else "",
                "words": account.words if account else "",
                "new_due_on": account.due_on.isoformat() if account and account.due_on else None,
            }
        )
    return found
