"""What is stored about indicators: their definitions, their targets, and every value they ever had."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.imports.models import Imported
from civic.indicators.periods import KINDS
from civic.indicators.registry import MISSING
from civic.places.models import Department
from civic.tracker.models import Delivery

ORIGINS = ("platform", "strategy", "project")
COMPUTABILITY = ("auto", "partial", "manual", "import")
SOURCES = ("computed", "entered", "imported")
Value = Numeric(18, 4)


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in values)


class Indicator(Imported, Base):
    """What is measured. One of the platform's own has its words in the code; the others as their source has them.

    `computation` names the computed indicator of the platform whose values are shown; without one they are entered.
    """

    __tablename__ = "indicator"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint("code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$'", name="code_of_address"),
        CheckConstraint(f"origin IN ({_names(ORIGINS)})", name="origin_known"),
        CheckConstraint(f"computability IN ({_names(COMPUTABILITY)})", name="computability_known"),
        CheckConstraint("better IN ('up', 'down', '')", name="better_known"),
        CheckConstraint("origin = 'platform' OR name <> ''", name="name_given"),
        CheckConstraint("computation <> code", name="computed_by_another"),
        Index("ix_indicator_place", "origin", "strategy", "measure", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: its name in addresses
    code: Mapped[str]
    origin: Mapped[str]
    #: the strategy, or the project, that promises it, and which of its measures
    strategy: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    #: until when, in the words of the source: 2024, 2030
    horizon: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    target: Mapped[Decimal | None] = mapped_column(Value)
    #: what the source says was reached, as it was last brought in; its values are in their own table
    reported: Mapped[Decimal | None] = mapped_column(Value)
    #: "up", "down", or "" for a figure that is neither good nor bad
    better: Mapped[str] = mapped_column(default="up")
    computability: Mapped[str] = mapped_column(default="manual")
    how: Mapped[str] = mapped_column(default="")
    how_en: Mapped[str] = mapped_column(default="")
    computation: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    #: the function in that department, in words
    responsible: Mapped[str] = mapped_column(default="")
    #: the delivery whose result it measures
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department | None] = relationship(lazy="joined")
    delivery: Mapped[Delivery | None] = relationship()


class IndicatorTarget(Base):
    """What an indicator should reach, since when, and why it changed. Insert-only; the last one counts."""

    __tablename__ = "indicator_target"
    __table_args__ = (Index("ix_indicator_target_indicator_id", "indicator_id", "set_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    value: Mapped[Decimal | None] = mapped_column(Value)
    basis: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    account: Mapped[Account | None] = relationship()


class IndicatorValue(Base):
    """One value of one period. A later one takes its place; the one before stays, with the moment it ended.

    Only a computed value of a period that still runs is written over, each night.
    """

    __tablename__ = "indicator_value"
    __table_args__ = (
        CheckConstraint(f"period_kind IN ({_names(KINDS)})", name="period_kind_known"),
        CheckConstraint("EXTRACT(day FROM first_day) = 1", name="month_begins"),
        CheckConstraint("period_kind <> 'year' OR EXTRACT(month FROM first_day) = 1", name="year_begins"),
        CheckConstraint("through_day >= first_day", name="some_days"),
        CheckConstraint(f"source IN ({_names(SOURCES)})", name="source_known"),
        CheckConstraint(f"missing IN ({_names(MISSING)})", name="missing_known"),
        CheckConstraint("(value IS NULL) = (missing <> '')", name="value_or_reason"),
        CheckConstraint("(source = 'computed') = (method_version IS NOT NULL)", name="method_of_computed"),
        CheckConstraint("source <> 'entered' OR account_id IS NOT NULL", name="entered_by_somebody"),
        CheckConstraint("source <> 'entered' OR note <> ''", name="entered_with_note"),
        CheckConstraint("superseded_at IS NULL OR superseded_at >= recorded_at", name="superseded_later"),
        Index(
            "uq_indicator_value_current",
            "indicator_id",
            "period_kind",
            "first_day",
            unique=True,
            postgresql_where="superseded_at IS NULL",
        ),
        Index("ix_indicator_value_history", "indicator_id", "period_kind", "first_day", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    period_kind: Mapped[str]
    first_day: Mapped[date] = mapped_column(Date)
    #: the last day it covers: the period's own, or yesterday while it runs
    through_day: Mapped[date] = mapped_column(Date)
    value: Mapped[Decimal | None] = mapped_column(Value)
    missing: Mapped[str] = mapped_column(default="")
    #: of a share, its two parts; of a mean, of how many it is
    part: Mapped[int | None]
    of: Mapped[int | None]
    #: what was to be reached when it was recorded
    target: Mapped[Decimal | None] = mapped_column(Value)
    source: Mapped[str]
    method_version: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(default="")
    #: the document it comes from, and its day
    document: Mapped[str] = mapped_column(default="")
    document_on: Mapped[date | None] = mapped_column(Date)
    superseded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    account: Mapped[Account | None] = relationship()
