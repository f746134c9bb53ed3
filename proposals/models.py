"""What is stored about a proposal: what its author wrote, where it stands, its pictures and documents."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.places.models import Category, Neighbourhood
from civic.rounds.models import Round
from proposals.rules import EDITABLE, MAX_TEXT, MAX_TITLE, State

_STATES = ", ".join(f"'{state}'" for state in State)
_EDITABLE = ", ".join(f"'{state}'" for state in sorted(EDITABLE))


class Proposal(Base):
    """An idea for the city, from the first draft to what became of it.

    A draft may be incomplete and too long (nothing typed is lost); what leaves the author's hands may not.
    `version` counts saves and `editor` names the window that made the last one: a save from another
    window that has not seen it is refused. `author_label` names the author of an imported proposal.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(
            f"state IN ({_EDITABLE}) OR (title <> '' AND problem <> '' AND idea <> ''"
            " AND neighbourhood_id IS NOT NULL AND category_id IS NOT NULL)",
            name="complete_once_submitted",
        ),
        CheckConstraint(
            f"state IN ({_EDITABLE}) OR (char_length(title) <= {MAX_TITLE} AND char_length(problem) <= {MAX_TEXT}"
            f" AND char_length(idea) <= {MAX_TEXT})",
            name="within_limits",
        ),
        CheckConstraint("estimated_cost IS NULL OR estimated_cost > 0", name="cost_positive"),
        CheckConstraint("official_cost IS NULL OR official_cost > 0", name="official_cost_positive"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_whole"),
        CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="point_on_earth"
        ),
        CheckConstraint("state = 'draft' OR submitted_at IS NOT NULL", name="submitted_has_time"),
        Index("ix_proposal_search", "search_vector", postgresql_using="gin"),
        Index("ix_proposal_list", "state", "published_at", "id"),
        Index("ix_proposal_author_id", "author_id"),
        Index("ix_proposal_round_id", "round_id", "state"),
        Index("ix_proposal_neighbourhood_id", "neighbourhood_id"),
        UniqueConstraint("import_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_label: Mapped[str] = mapped_column(default="")
    #: identifies an imported row, so that importing twice makes one proposal
    import_key: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="")
    problem: Mapped[str] = mapped_column(default="")
    idea: Mapped[str] = mapped_column(default="")
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    #: the amount as typed, until it can be read
    cost_text: Mapped[str] = mapped_column(default="")
    estimated_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    #: what the departments estimated; set when found eligible
    official_cost: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    place: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    #: when the present state began
    state_since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: until when the rejection may be contested, as the deadline was then; None in a round, whose phase says it
    appeal_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)
    editor: Mapped[str] = mapped_column(default="")
    #: title, texts and place without diacritics, as `civic.text.fold` makes them
    search_text: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, search_text)", persisted=True), deferred=True
    )

    author: Mapped[Account | None] = relationship(lazy="raise_on_sql", foreign_keys=[author_id])
    neighbourhood: Mapped[Neighbourhood | None] = relationship(lazy="raise_on_sql")
    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")
    round: Mapped[Round | None] = relationship(lazy="raise_on_sql")
    files: Mapped[list["ProposalFile"]] = relationship(
        order_by="ProposalFile.id", cascade="all, delete-orphan"
    )

    @property
    def cost(self) -> Decimal | None:
        """The amount to show: the departments' estimate once there is one, else the author's."""
        return self.official_cost or self.estimated_cost

    @property
    def author_name(self) -> str:
        """The author as the public knows them; needs `author` loaded."""
        return self.author.display_name if self.author is not None else self.author_label

    @property
    def images(self) -> list["ProposalFile"]:
        """The pictures, in the order they were added."""
        return [one for one in self.files if one.kind == "image"]

    @property
    def documents(self) -> list["ProposalFile"]:
        """The documents, in the order they were added."""
        return [one for one in self.files if one.kind == "document"]


class ProposalFile(Base):
    """A picture or a document of a proposal."""

    __tablename__ = "proposal_file"
    __table_args__ = (
        UniqueConstraint("proposal_id", "file_id"),
        CheckConstraint("kind IN ('image', 'document')", name="kind_known"),
        Index("ix_proposal_file_file_id", "file_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    kind: Mapped[str]

    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
