"""What is stored about the monthly reports on moderation: the figures of a month that has ended, never changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class ModerationMonth(Base):
    """The figures of one month as they were when it had ended; `month` is its first day in the city."""

    __tablename__ = "moderation_month"
    __table_args__ = (CheckConstraint("EXTRACT(day FROM month) = 1", name="month_begins"),)

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
