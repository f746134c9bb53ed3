"""What is stored about visits: numbers, and nothing about anybody."""

from datetime import date

from sqlalchemy import CheckConstraint, Date
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class VisitCount(Base):
    """How often a service was visited on a day; days of two years ago are folded into their month."""

    __tablename__ = "visit_count"
    __table_args__ = (
        CheckConstraint("span IN ('day', 'month')", name="span_known"),
        CheckConstraint("span = 'day' OR EXTRACT(day FROM day) = 1", name="month_begins"),
        CheckConstraint("visits >= 0 AND pages >= 0 AND robots >= 0", name="counts_not_negative"),
    )

    span: Mapped[str] = mapped_column(primary_key=True)
    #: the day, or the first one of the month
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    #: pages opened from elsewhere: another site, another service, an address typed in
    visits: Mapped[int]
    #: pages opened
    pages: Mapped[int]
    #: pages opened by programs that say that they are one; in neither of the others
    robots: Mapped[int]
