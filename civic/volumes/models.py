"""What is stored about the volumes of public services."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from civic.imports.models import Imported


class ServiceVolume(Imported, Base):
    """A count of a year. Totals stand beside their parts, so counts are never added up."""

    __tablename__ = "service_volume"
    __table_args__ = (
        UniqueConstraint("source_id", "import_key"),
        CheckConstraint("count >= 0", name="count_not_negative"),
        CheckConstraint("kind <> ''", name="kind_given"),
        Index("ix_service_volume_year", "year", "department", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: the service, in the source's words
    department: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    channel: Mapped[str] = mapped_column(default="")
    #: what is counted
    kind: Mapped[str]
    count: Mapped[int]
    year: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
