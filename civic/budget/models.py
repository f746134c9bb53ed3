"""What is stored about the budget. An amount is None where no document states it; it is never a zero."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.budget.rules import KINDS, LEVELS, ROLES
from civic.decisions.models import CouncilDecision
from civic.extensions import Base
from civic.imports.models import Imported
from civic.places.models import Department

Money = Numeric(14, 2)


def _names(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


class Stated:
    """The three amounts that a budget states of anything, and their currency. A recovered payment is negative."""

    approved: Mapped[Decimal | None] = mapped_column(Money)
    revised: Mapped[Decimal | None] = mapped_column(Money)
    executed: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(default="RON")
    year: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class BudgetChapter(Imported, Stated, Base):
    """A chapter of the revenue or of the expenditure of a year."""

    __tablename__ = "budget_chapter"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("char_length(currency) = 3", name="currency_iso"),
        Index("ix_budget_chapter_year", "year", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    code: Mapped[str] = mapped_column(default="")


class BudgetLine(Imported, Stated, Base):
    """A line of an institution's budget: its total, a title, or an item under a title. They are never added up."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint(f"level IN ({_names(LEVELS)})", name="level_known"),
        CheckConstraint("institution <> ''", name="institution_given"),
        CheckConstraint("char_length(currency) = 3", name="currency_iso"),
        Index("ix_budget_line_institution", "year", "institution", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    chapter_id: Mapped[int | None] = mapped_column(
        ForeignKey("budget_chapter.id", ondelete="SET NULL"), index=True
    )
    #: the chapter as the source calls it; empty where the institution's name alone tells it
    chapter_name: Mapped[str] = mapped_column(default="", server_default="")
    level: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    item: Mapped[str] = mapped_column(default="")
    #: whoever entered the data has computed the amount spent
    derived: Mapped[bool] = mapped_column(default=False)

    department: Mapped[Department | None] = relationship()


class BudgetDecision(Base):
    """The decision by which a budget, or one chapter or line of it, was approved or revised, and the amount it set."""

    __tablename__ = "budget_decision"
    __table_args__ = (
        UniqueConstraint(
            "year", "chapter_id", "line_id", "decision_id", "role", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint(f"role IN ({_names(ROLES)})", name="role_known"),
        CheckConstraint("chapter_id IS NULL OR line_id IS NULL", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    chapter_id: Mapped[int | None] = mapped_column(ForeignKey("budget_chapter.id", ondelete="CASCADE"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id", ondelete="CASCADE"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id"), index=True)
    role: Mapped[str]
    #: what it is after the decision; None when the decision's amount is not known
    amount: Mapped[Decimal | None] = mapped_column(Money)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    decision: Mapped[CouncilDecision] = relationship(lazy="joined", innerjoin=True)
