"""Every question asked about periodic reports, their editions and their measures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from civic.errors import NotFound
from civic.extensions import db
from civic.indicators.models import Indicator
from civic.indicators.periods import Period, read_period
from civic.matching import matches
from civic.reports import rules
from civic.reports.models import (
    EditionFile,
    MeasureAccount,
    PeriodicReport,
    ReportEdition,
    ReportEntry,
    ReportLine,
    ReportMeasure,
)

#: Reports and measures on a page.
PAGE = 30


# --- reports ------------------------------------------------------------------------------------------------


def find_report(period: Period, *, lock: bool = False) -> PeriodicReport | None:
    """The report of a period, being written or published."""
    wanted = select(PeriodicReport).where(
        PeriodicReport.period_kind == period.kind, PeriodicReport.first_day == period.first
    )
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(wanted)


def get_report(code: str, *, lock: bool = False) -> PeriodicReport:
    """The report of a code of an address, or NotFound."""
    period = read_period(code)
    found = find_report(period, lock=lock) if period else None
    if found is None:
        raise NotFound
    return found


def hold_report(report_id: int) -> PeriodicReport:
    """A report that goes to no signature meanwhile; several people may hold it at once."""
    return db.session.scalars(
        select(PeriodicReport)
        .where(PeriodicReport.id == report_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one()


def list_published(offset: int, limit: int) -> Sequence[PeriodicReport]:
    """What everyone reads, the newest period first."""
    return db.session.scalars(
        select(PeriodicReport)
        .where(PeriodicReport.edition > 0)
        .order_by(PeriodicReport.first_day.desc(), PeriodicReport.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def list_all(offset: int, limit: int) -> Sequence[PeriodicReport]:
    """Every report, the newest period first."""
    return db.session.scalars(
        select(PeriodicReport)
        .order_by(PeriodicReport.first_day.desc(), PeriodicReport.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()


def count_published() -> int:
    """How many everyone may read."""
    return db.session.scalar(select(func.count(PeriodicReport.id)).where(PeriodicReport.edition > 0)) or 0


def count_all() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(PeriodicReport.id))) or 0


def count_submitted() -> int:
    """How many wait for a signature."""
    return (
        db.session.scalar(select(func.count(PeriodicReport.id)).where(PeriodicReport.state == "submitted"))
        or 0
    )


def taken_periods() -> set[Period]:
    """The periods that have a report."""
    rows = db.session.execute(select(PeriodicReport.period_kind, PeriodicReport.first_day))
    return {Period(kind, first) for kind, first in rows}


def having_words(words: str) -> Select[Any]:
    """Ids of published reports that have the words, the newest first."""
    one = PeriodicReport
    found: Any = select(one.id, one.search_vector).where(one.edition > 0, matches(one.search_vector, words))
    return found.order_by(one.first_day.desc(), one.id.desc())


def published_by_ids(ids: Iterable[int]) -> Sequence[PeriodicReport]:
    """Those of the ids that everyone may read."""
    return db.session.scalars(
        select(PeriodicReport).where(PeriodicReport.id.in_(list(ids)), PeriodicReport.edition > 0)
    ).all()


# --- entries ------------------------------------------------------------------------------------------------


def list_entries(report_id: int) -> Sequence[ReportEntry]:
    """What is written about each indicator, in the report's order."""
    return db.session.scalars(
        select(ReportEntry)
        .where(ReportEntry.report_id == report_id)
        .options(selectinload(ReportEntry.changed_by))
        .order_by(ReportEntry.position, ReportEntry.id)
    ).all()


def get_entry(report_id: int, entry_id: int, *, lock: bool = False) -> ReportEntry:
    """One of them, or NotFound."""
    wanted = (
        select(ReportEntry)
        .where(ReportEntry.id == entry_id, ReportEntry.report_id == report_id)
        .options(selectinload(ReportEntry.changed_by))
    )
    if lock:
        wanted = wanted.with_for_update(of=ReportEntry).execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def report_before(report: PeriodicReport) -> PeriodicReport | None:
    """The last report of the same kind before it."""
    return db.session.scalar(
        select(PeriodicReport)
        .where(PeriodicReport.period_kind == report.period_kind, PeriodicReport.first_day < report.first_day)
        .order_by(PeriodicReport.first_day.desc())
        .limit(1)
    )


# --- editions -----------------------------------------------------------------------------------------------


def find_edition(report_id: int, number: int) -> ReportEdition | None:
    """One edition of a report."""
    return db.session.scalar(
        select(ReportEdition).where(ReportEdition.report_id == report_id, ReportEdition.number == number)
    )


def get_edition(code: str, number: int | None = None) -> ReportEdition:
    """An edition of a published report, the one that counts unless told; or NotFound."""
    report = get_report(code)
    found = find_edition(report.id, report.edition if number is None else number)
    if found is None:
        raise NotFound
    return found


def list_editions(report_id: int) -> Sequence[ReportEdition]:
    """Every edition of a report, the newest first."""
    return db.session.scalars(
        select(ReportEdition)
        .where(ReportEdition.report_id == report_id)
        .order_by(ReportEdition.number.desc())
    ).all()


def current_editions(reports: Iterable[PeriodicReport]) -> dict[int, ReportEdition]:
    """Report -> the edition that everyone reads."""
    rows = db.session.scalars(
        select(ReportEdition)
        .join(PeriodicReport, PeriodicReport.id == ReportEdition.report_id)
        .where(
            ReportEdition.report_id.in_([one.id for one in reports]),
            ReportEdition.number == PeriodicReport.edition,
        )
    )
    return {one.report_id: one for one in rows}


def list_lines(edition_id: int) -> Sequence[ReportLine]:
    """The indicators of an edition, in its order."""
    return db.session.scalars(
        select(ReportLine)
        .where(ReportLine.edition_id == edition_id)
        .order_by(ReportLine.position, ReportLine.id)
    ).all()


def list_files(edition_id: int) -> Sequence[EditionFile]:
    """The printed files of an edition, by language."""
    return db.session.scalars(
        select(EditionFile).where(EditionFile.edition_id == edition_id).order_by(EditionFile.language)
    ).all()


def get_file(edition_id: int, language: str) -> EditionFile:
    """One of them, or NotFound."""
    found = db.session.scalar(
        select(EditionFile).where(EditionFile.edition_id == edition_id, EditionFile.language == language)
    )
    if found is None:
        raise NotFound
    return found


def list_unprinted(languages: Sequence[str]) -> list[tuple[int, str]]:
    """(edition, language) of every file that is still to be made."""
    made = {
        (edition, language)
        for edition, language in db.session.execute(select(EditionFile.edition_id, EditionFile.language))
    }
    every = db.session.scalars(select(ReportEdition.id).order_by(ReportEdition.id)).all()
    return [(one, language) for one in every for language in languages if (one, language) not in made]


def known_keys(keys: Sequence[str]) -> set[str]:
    """Which of the keys a printed file has."""
    return set(db.session.scalars(select(EditionFile.key).where(EditionFile.key.in_(keys))))


# --- measures -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Promise:
    """A measure with what reports say became of it, by their periods."""

    measure: ReportMeasure
    accounts: Sequence[MeasureAccount]

    @property
    def signed(self) -> list[rules.Account]:
        """What signed reports say."""
        return [
            rules.Account(one.report.first_day, one.signed_outcome, one.signed_due_on)
            for one in self.accounts
            if one.signed_outcome
        ]

    def standing(self, today: date) -> rules.Standing:
        """Where it is."""
        return rules.standing_of(self.measure.due_on, self.signed, today)

    def account_of(self, report_id: int) -> MeasureAccount | None:
        """What one report says of it."""
        return next((one for one in self.accounts if one.report_id == report_id), None)


def with_accounts(measures: Sequence[ReportMeasure]) -> list[Promise]:
    """Measures with what reports say became of them. One question."""
    accounts: dict[int, list[MeasureAccount]] = {}
    rows = db.session.scalars(
        select(MeasureAccount)
        .join(PeriodicReport, PeriodicReport.id == MeasureAccount.report_id)
        .where(MeasureAccount.measure_id.in_([one.id for one in measures]))
        .order_by(PeriodicReport.first_day)
    )
    for one in rows:
        accounts.setdefault(one.measure_id, []).append(one)
    return [Promise(one, accounts.get(one.id, [])) for one in measures]


def _promises(wanted: Select[Any]) -> list[Promise]:
    return with_accounts(db.session.scalars(wanted).all())


def _measures() -> Select[Any]:
    return select(ReportMeasure).join(PeriodicReport, PeriodicReport.id == ReportMeasure.report_id)


def list_promises() -> list[Promise]:
    """Every measure ever opened, the newest report first."""
    return _promises(_measures().order_by(PeriodicReport.first_day.desc(), ReportMeasure.id))


def get_promise(measure_id: int) -> Promise:
    """One measure with what reports say became of it."""
    return _promises(_measures().where(ReportMeasure.id == measure_id))[0]


def promises_of(report_id: int) -> dict[int, Promise]:
    """Indicator -> the measure that a report opened for it."""
    found = _promises(_measures().where(ReportMeasure.report_id == report_id).order_by(ReportMeasure.id))
    return {one.measure.indicator_id: one for one in found}


def to_account(report: PeriodicReport) -> list[Promise]:
    """The measures of earlier reports of the same kind that this one must say something of."""
    earlier = _promises(
        _measures()
        .where(PeriodicReport.period_kind == report.period_kind, PeriodicReport.first_day < report.first_day)
        .order_by(PeriodicReport.first_day, ReportMeasure.id)
    )
    return [
        one for one in earlier if rules.to_account(report.first_day, one.measure.report.first_day, one.signed)
    ]


def find_promise(report: PeriodicReport, measure_id: int) -> Promise:
    """One of the measures a report must account for, or NotFound."""
    for one in to_account(report):
        if one.measure.id == measure_id:
            return one
    raise NotFound


def lock_account(measure_id: int, report_id: int) -> MeasureAccount | None:
    """What a report says of a measure, held until the end of the transaction."""
    return db.session.scalar(
        select(MeasureAccount)
        .where(MeasureAccount.measure_id == measure_id, MeasureAccount.report_id == report_id)
        .with_for_update(of=MeasureAccount)
        .execution_options(populate_existing=True)
    )


def list_changes() -> Sequence[tuple[Period, datetime]]:
    """Published reports with the moment of their last edition, for search engines."""
    rows = db.session.execute(
        select(PeriodicReport.period_kind, PeriodicReport.first_day, ReportEdition.signed_at)
        .join(ReportEdition, ReportEdition.report_id == PeriodicReport.id)
        .where(ReportEdition.number == PeriodicReport.edition)
        .order_by(PeriodicReport.id)
    )
    return [(Period(kind, first), at) for kind, first, at in rows]


def indicators_by_code(codes: Iterable[str]) -> dict[str, Indicator]:
    """Stored indicators by their codes."""
    rows = db.session.scalars(select(Indicator).where(Indicator.code.in_(list(codes))))
    return {one.code: one for one in rows}
