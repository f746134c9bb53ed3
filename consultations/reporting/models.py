"""What is stored about reports: the files made of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base

FORMATS = ("pdf", "xlsx")


class ReportFile(Base):
    """A report as a file, in one language and format. A newer one takes its place: what was hidden since is gone.

    Exactly one of `consultation_id` and `year` says of what it is the report.
    """

    __tablename__ = "report_file"
    __table_args__ = (
        CheckConstraint("num_nonnulls(consultation_id, year) = 1", name="of_one"),
        CheckConstraint("format IN ('pdf', 'xlsx')", name="format_known"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("octet_length(sha256) = 32", name="hashed"),
        Index(
            "uq_report_file_consultation",
            "consultation_id",
            "language",
            "format",
            unique=True,
            postgresql_where="consultation_id IS NOT NULL",
        ),
        Index(
            "uq_report_file_year",
            "year",
            "language",
            "format",
            unique=True,
            postgresql_where="year IS NOT NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    year: Mapped[int | None]
    language: Mapped[str]
    format: Mapped[str]
    #: its place in the storage of files
    key: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[bytes]
    #: everything that happened until then is in it
    read_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
