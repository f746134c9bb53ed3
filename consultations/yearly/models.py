"""What is stored about yearly reports: what staff typed, and what was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class YearlyReport(Base):
    """The report of one year. `typed` is what staff are writing; `published` is what everyone reads, figures and
    words, as it was on the day it was published. A correction is published whole, with its reason."""

    __tablename__ = "yearly_report"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year_of_this_age"),
        CheckConstraint("(published_at IS NULL) = (published = '{}'::jsonb)", name="published_whole"),
        CheckConstraint("correction = '' OR published_at > first_published_at", name="corrected_after"),
        CheckConstraint(
            "(published_at IS NULL) = (first_published_at IS NULL)", name="first_published_whole"
        ),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: number or words by the key of its item
    typed: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    #: the same with every computed figure
    published: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    first_published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: why it was published again; empty when it was not
    correction: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: raised with every change: the form of somebody who saw an older one is refused
    version: Mapped[int] = mapped_column(default=1)
