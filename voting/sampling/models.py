"""What is stored about samples of declarations."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class DeclarationSample(Base):
    """One draw among the people on a round's roll who were verified by declaration.

    With the seed and the roll anybody who may see both draws the same people again.
    """

    __tablename__ = "declaration_sample"
    __table_args__ = (
        UniqueConstraint("round_id"),
        CheckConstraint("size BETWEEN 1 AND population", name="size_possible"),
        CheckConstraint("seed <> ''", name="seed_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    seed: Mapped[str]
    size: Mapped[int]
    population: Mapped[int]
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class SampleCase(Base):
    """One person drawn, and what the clerk found."""

    __tablename__ = "sample_case"
    __table_args__ = (
        CheckConstraint("outcome IN ('confirmed', 'not_found', 'false')", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_with_outcome"),
        UniqueConstraint("sample_id", "position"),
    )

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("declaration_sample.id", ondelete="CASCADE"), primary_key=True
    )
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: the place in the draw
    position: Mapped[int]
    outcome: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
