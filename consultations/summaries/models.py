"""What is stored about a summary: what is being written, and the sentences everyone reads with their sources."""

from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, DateTime, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class Summary(Base):
    """The summary of one consultation. `text` is what staff are writing, with its sources in brackets."""

    __tablename__ = "consultation_summary"

    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: raised with every change: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1)


class SummarySentence(Base):
    """One published sentence and what it rests on: numbers of the register, which are never taken out of it, and
    themes. Without either the database refuses it."""

    __tablename__ = "consultation_summary_sentence"
    __table_args__ = (
        UniqueConstraint("consultation_id", "position"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("cardinality(numbers) + cardinality(themes) > 0", name="has_source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultation_summary.consultation_id", ondelete="CASCADE")
    )
    position: Mapped[int]
    #: which paragraph it stands in
    paragraph: Mapped[int]
    text: Mapped[str]
    numbers: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    themes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
