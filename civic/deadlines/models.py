"""What is stored about deadlines: every version of each, never changed but for the jurist's mark."""

from datetime import date, datetime

from flask_babel import get_locale
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.deadlines.rules import MOST_DAYS, Basis, Unit
from civic.extensions import Base

_UNITS = ", ".join(f"'{unit}'" for unit in Unit)
_BASES = ", ".join(f"'{basis}'" for basis in Basis)


class DeadlineVersion(Base):
    """A deadline as it is from one moment on, until the next version. Cases point at the one they were given."""

    __tablename__ = "deadline_version"
    __table_args__ = (
        UniqueConstraint("key", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(f"days BETWEEN 1 AND {MOST_DAYS}", name="days_plausible"),
        CheckConstraint(f"unit IN ({_UNITS})", name="unit_known"),
        CheckConstraint(f"basis IN ({_BASES})", name="basis_known"),
        CheckConstraint("source_ro <> '' AND source_en <> ''", name="source_given"),
        CheckConstraint(
            "(verified_on IS NULL) = (verified_by = '') AND (verified_on IS NOT NULL OR verified_account_id IS NULL)",
            name="mark_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    number: Mapped[int]
    #: how many of its unit
    days: Mapped[int]
    unit: Mapped[str]
    basis: Mapped[str]
    #: as it follows "under" or "potrivit": the law with its article, or whose rule it is
    source_ro: Mapped[str]
    source_en: Mapped[str]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: why it was changed; empty for what the software came with
    reason: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: the jurist who checked it, the day of the check, and who noted it
    verified_by: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None]
    verified_account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def source(self) -> str:
        """Where the deadline comes from, in the reader's language."""
        return self.source_en if str(get_locale() or "ro") == "en" else self.source_ro


class BridgeDay(Base):
    """A day on which the city hall does not work besides the public holidays. Deadlines already given keep theirs."""

    __tablename__ = "bridge_day"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    #: by which decision: as it stands in the government's or the mayor's act
    reason: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
