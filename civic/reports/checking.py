"""What is missing before a report can be signed, found from its texts and from the values that count now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from civic.indicators import queries as indicators
from civic.indicators.queries import Reading
from civic.reports import composing, queries, rules
from civic.reports.models import PeriodicReport, ReportEntry
from civic.reports.queries import Promise


@dataclass(frozen=True)
class Checked:
    """An indicator of a report with its value, how it stands, and what is missing."""

    entry: ReportEntry
    reading: Reading | None
    before: Reading | None
    standing: str
    opened: bool
    missing: list[str]


@dataclass(frozen=True)
class Check:
    """The whole report: common texts, indicators, and measures of earlier reports with what is missing of each."""

    texts: list[str]
    entries: Sequence[Checked]
    accounts: Sequence[tuple[Promise, list[str]]]

    @property
    def complete(self) -> bool:
        """Whether it can be signed."""
        return not (
            self.texts
            or any(one.missing for one in self.entries)
            or any(missing for _promise, missing in self.accounts)
        )


def check(report: PeriodicReport, today: date) -> Check:
    """Look at everything that signing needs."""
    entries = queries.list_entries(report.id)
    opened = set(queries.promises_of(report.id))
    periods = [report.period.year_before, report.period]
    readings = indicators.series_of_all([one.indicator for one in entries], periods)
    checked = [
        _checked(one, *readings[one.indicator.code], opened=one.indicator_id in opened, today=today)
        for one in entries
    ]
    texts = [name for name in ("introduction", "feedback", "taken") if not getattr(report, name)]
    if not entries:
        texts.insert(0, "indicators")
    accounts = [(one, _account(report, one, today)) for one in queries.to_account(report)]
    return Check(texts, checked, accounts)


def _checked(
    entry: ReportEntry, before: Reading | None, reading: Reading | None, *, opened: bool, today: date
) -> Checked:
    standing = composing.standing(entry.indicator, reading)
    part = rules.Part(
        standing, entry.analysis, entry.recommendation, entry.responsible, entry.measure, entry.owner,
        entry.due_on, opened,
    )  # fmt: skip
    return Checked(entry, reading, before, standing, opened, rules.missing_in(part, today))


def _account(report: PeriodicReport, promise: Promise, today: date) -> list[str]:
    found = promise.account_of(report.id)
    if found is None:
        return ["account"]
    # A day that passed between two editions of a report is no fault of the correction.
    seen = found.due_on if found.due_on and found.due_on == found.signed_due_on else None
    return rules.account_wrong(found.outcome, found.words, found.due_on, min(today, seen or today))
