"""What is stored about the stream: the parts of it that somebody follows."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class ActivityStream(Base):
    """One choice of events that people follow: everything, or what has these facets; NULL where any will do."""

    __tablename__ = "activity_stream"
    __table_args__ = (
        UniqueConstraint(
            "kind", "area_id", "dimension", "department_id",
            name="uq_activity_stream_choice", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str | None]
    area_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id", ondelete="CASCADE"))
    dimension: Mapped[str | None]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"))
    #: up to when its followers were told
    told_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
