"""What is stored about periodic reports: drafts, signed editions, and the measures they open."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.indicators.models import Indicator
from civic.indicators.periods import KINDS, Period
from civic.places.models import Department
from civic.reports.rules import OUTCOMES, STATES


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in values)


class PeriodicReport(Base):
    """The report of a month or a year: what its authors write. What everyone reads are its editions."""

    __tablename__ = "periodic_report"
    __table_args__ = (
        UniqueConstraint("period_kind", "first_day"),
        CheckConstraint(f"period_kind IN ({_names(KINDS)})", name="period_kind_known"),
        CheckConstraint("EXTRACT(day FROM first_day) = 1", name="month_begins"),
        CheckConstraint("period_kind <> 'year' OR EXTRACT(month FROM first_day) = 1", name="year_begins"),
        CheckConstraint(f"state IN ({_names(STATES)})", name="state_known"),
        CheckConstraint("state <> 'submitted' OR submitted_by_id IS NOT NULL", name="submitted_by_somebody"),
        CheckConstraint("state <> 'published' OR edition > 0", name="published_with_edition"),
        CheckConstraint("correction = '' OR edition > 0", name="corrected_after"),
        Index("ix_periodic_report_search", "search_vector", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_kind: Mapped[str]
    first_day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(default="writing")
    #: the number of the edition that everyone reads; 0 before the first
    edition: Mapped[int] = mapped_column(default=0)
    introduction: Mapped[str] = mapped_column(default="")
    #: what residents said, in the city hall's words, and what was done about it
    feedback: Mapped[str] = mapped_column(default="")
    taken: Mapped[str] = mapped_column(default="")
    #: why it is written again; empty until it was published once
    correction: Mapped[str] = mapped_column(default="")
    #: what whoever signs wants otherwise
    returned_note: Mapped[str] = mapped_column(default="")
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: whoever wrote in it last: another person signs
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: raised with every change of its own texts: the form of somebody who saw an older one is not taken
    version: Mapped[int] = mapped_column(default=1)
    #: the words of the edition that everyone reads
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    @property
    def period(self) -> Period:
        """Of which month or year it is."""
        return Period(self.period_kind, self.first_day)

    @property
    def code(self) -> str:
        """Its name in addresses: 2026 or 2026-03."""
        return self.period.code


class ReportEntry(Base):
    """What is written about one indicator of a report. Its value is not here: it is read until the report is signed."""

    __tablename__ = "report_entry"
    __table_args__ = (UniqueConstraint("report_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("periodic_report.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    position: Mapped[int]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    #: the person or function that answers for it
    responsible: Mapped[str] = mapped_column(default="")
    analysis: Mapped[str] = mapped_column(default="")
    recommendation: Mapped[str] = mapped_column(default="")
    #: what will be done, by whom, until when
    measure: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(default="")
    #: the department that is written to about the measure; None: the one that answers for the indicator
    told_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    indicator: Mapped[Indicator] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined", foreign_keys=[department_id])
    changed_by: Mapped[Account | None] = relationship(lazy="raise_on_sql")


class ReportEdition(Base):
    """A report as it was signed: figures and words, never changed. A correction is a further one, with its reason."""

    __tablename__ = "report_edition"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(number = 1) = (reason = '')", name="corrected_with_reason"),
        CheckConstraint("octet_length(sha256) = 32", name="hashed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("periodic_report.id"))
    number: Mapped[int]
    #: all but its lines, as `composing` makes it
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: of the content and the lines, as canonical JSON
    sha256: Mapped[bytes]
    reason: Mapped[str] = mapped_column(default="")
    #: the office of whoever signed
    signed_as: Mapped[str]
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    report: Mapped[PeriodicReport] = relationship(lazy="joined")


class ReportLine(Base):
    """One indicator of an edition, with its value and everything written about it."""

    __tablename__ = "report_line"
    __table_args__ = (UniqueConstraint("edition_id", "indicator_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("report_edition.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    position: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReportMeasure(Base):
    """What a signed report promises to do about an indicator, by whom and until when. A correction may change it."""

    __tablename__ = "report_measure"
    __table_args__ = (
        UniqueConstraint("report_id", "indicator_id"),
        CheckConstraint("what <> '' AND owner <> ''", name="with_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("periodic_report.id"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    what: Mapped[str]
    owner: Mapped[str]
    #: the department that is written to about it
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    report: Mapped[PeriodicReport] = relationship(lazy="joined")
    indicator: Mapped[Indicator] = relationship(lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")


class MeasureAccount(Base):
    """What a later report says became of a measure. What is being written counts once that report is signed."""

    __tablename__ = "measure_account"
    __table_args__ = (
        UniqueConstraint("measure_id", "report_id"),
        CheckConstraint(f"outcome IN ({_names(OUTCOMES)})", name="outcome_known"),
        CheckConstraint(f"signed_outcome IN ('', {_names(OUTCOMES)})", name="signed_outcome_known"),
        CheckConstraint("(outcome = 'continued') = (due_on IS NOT NULL)", name="new_day_if_continued"),
        CheckConstraint(
            "(signed_outcome = 'continued') = (signed_due_on IS NOT NULL)", name="signed_day_if_continued"
        ),
        CheckConstraint("words <> ''", name="words_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("report_measure.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("periodic_report.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str]
    words: Mapped[str]
    #: until when one that goes on is to be done now
    due_on: Mapped[date | None] = mapped_column(Date)
    #: the same as the last signed edition says it
    signed_outcome: Mapped[str] = mapped_column(default="")
    signed_words: Mapped[str] = mapped_column(default="")
    signed_due_on: Mapped[date | None] = mapped_column(Date)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[PeriodicReport] = relationship(lazy="joined")


class EditionFile(Base):
    """A signed edition as a printed file, in one language; it is never made anew."""

    __tablename__ = "report_edition_file"
    __table_args__ = (
        UniqueConstraint("edition_id", "language"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("octet_length(sha256) = 32", name="hashed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("report_edition.id"))
    language: Mapped[str]
    key: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
