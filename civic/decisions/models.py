"""What is stored about decisions: of the council, and of whoever else decides over the city's money."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from civic.decisions.rules import KINDS, RELATIONS
from civic.extensions import Base
from civic.imports.models import Imported

_KIND_NAMES = ", ".join(f"'{kind}'" for kind in KINDS)
_RELATION_NAMES = ", ".join(f"'{kind}'" for kind in RELATIONS)


class CouncilDecision(Imported, Base):
    """A decision by its number and year. The day is None where the source gives the year alone."""

    __tablename__ = "council_decision"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint(f"kind IN ({_KIND_NAMES})", name="kind_known"),
        CheckConstraint("adopted_on IS NULL OR EXTRACT(year FROM adopted_on) = year", name="day_in_year"),
        CheckConstraint("number <> ''", name="number_given"),
        Index("ix_council_decision_year", "year", "id"),
        Index("ix_council_decision_number", "number", "year"),
        Index("ix_council_decision_search", "search_vector", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="council")
    number: Mapped[str]
    adopted_on: Mapped[date | None] = mapped_column(Date)
    year: Mapped[int]
    issuer: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    #: how the source writes its number
    citation: Mapped[str] = mapped_column(default="")
    #: which others it amends or is amended by, in the source's words
    relation: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )


class DecisionRelation(Base):
    """One decision amends, revises or carries out another."""

    __tablename__ = "decision_relation"
    __table_args__ = (
        UniqueConstraint("from_id", "to_id", "kind"),
        CheckConstraint(f"kind IN ({_RELATION_NAMES})", name="kind_known"),
        CheckConstraint("from_id <> to_id", name="of_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
