"""What is stored about decisions: of the council, and of whoever else decides over the city's money."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Date, DateTime, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.decisions.rules import ENDED, KINDS, REGISTERS, RELATIONS, STATES
from civic.dimensions import DIMENSIONS
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.imports.models import Imported
from civic.tags import Tagged


def _names(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


class CouncilDecision(Tagged, Imported, Base):
    """A decision by its number and year. The day is None where the source gives the year alone."""

    __tablename__ = "council_decision"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint("adopted_on IS NULL OR EXTRACT(year FROM adopted_on) = year", name="day_in_year"),
        CheckConstraint("number <> ''", name="number_given"),
        CheckConstraint(f"state IN ({_names(STATES)})", name="state_known"),
        CheckConstraint(f"state NOT IN ({_names(ENDED)}) OR state_reason <> ''", name="end_reasoned"),
        CheckConstraint(f"dimension IN ({_names(DIMENSIONS)})", name="dimension_known"),
        CheckConstraint(f"register IN ({_names(REGISTERS)})", name="register_known"),
        CheckConstraint("gazette_address = '' OR gazette_address ~* '^https?://'", name="address_http"),
        CheckConstraint("published_on >= adopted_on", name="published_after_adoption"),
        # By hand a decision is entered once; what a table brings in is known by its number in its source.
        Index(
            "uq_council_decision_by_hand",
            "kind",
            "number",
            "year",
            "issuer",
            unique=True,
            postgresql_where="source_id IS NULL",
        ),
        Index("ix_council_decision_dimension", "dimension", "year", "id"),
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
    #: where it stands, and why it ended
    state: Mapped[str] = mapped_column(default="published", server_default="published")
    state_reason: Mapped[str] = mapped_column(default="", server_default="")
    #: what it decides, article by article; Markdown
    body: Mapped[str] = mapped_column(default="", server_default="")
    #: the dimension of local governance it belongs to; None until somebody says
    dimension: Mapped[str | None]
    #: the part of Monitorul Oficial Local it stands in, since when, and at which address
    register: Mapped[str | None]
    published_on: Mapped[date | None] = mapped_column(Date)
    gazette_address: Mapped[str] = mapped_column(default="", server_default="")
    #: raised with every change by hand: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1, server_default="1")
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
        CheckConstraint(f"kind IN ({_names(RELATIONS)})", name="kind_known"),
        CheckConstraint("from_id <> to_id", name="of_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id", ondelete="CASCADE"))
    to_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    #: said by staff, and kept when the words of the source are read again
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class DecisionFile(Base):
    """A file of a decision: the signed text, an annex. Public with the decision."""

    __tablename__ = "decision_file"
    __table_args__ = (
        UniqueConstraint("decision_id", "title"),
        CheckConstraint("title <> ''", name="title_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("council_decision.id", ondelete="CASCADE"))
    title: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
