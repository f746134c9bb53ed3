"""What is stored about counting again: who asked, when it was done, whether it came to the same."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class ContestRecount(Base):
    """One recount for a contest of the results. One runs at a time; what is finished does not change.

    `data`: {"differences": [[what, where, published, found]], "second": {"wrong", "said": [[name, [values]]]} or
    None, "compared"}.
    """

    __tablename__ = "contest_recount"
    __table_args__ = (
        Index(
            "uq_contest_recount_running",
            "contest_id",
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
        CheckConstraint("outcome IN ('same', 'differs', 'failed')", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (finished_at IS NULL)", name="finished_with_outcome"),
        CheckConstraint("outcome IS NULL OR outcome = 'failed' OR code_version <> ''", name="version_given"),
        Index("ix_contest_recount_contest_id", "contest_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("result_contest.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", ondelete="SET NULL"))
    outcome: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    code_version: Mapped[str] = mapped_column(default="", server_default="")
    seconds: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
