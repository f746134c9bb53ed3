"""What is stored about residents who say whether a delivery is done, and about the answers to those who dispute it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.files.models import StoredFile
from civic.tracker.checks.rules import OUTCOMES
from civic.tracker.models import Delivery

_OUTCOMES = ", ".join(f"'{one}'" for one in OUTCOMES)


class DisputeAnswer(Base):
    """What the department answers to those who dispute a delivery: it stays done, begins again, or is explained."""

    __tablename__ = "dispute_answer"
    __table_args__ = (
        CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome_known"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("(outcome = 'reopened') = (new_end IS NOT NULL)", name="new_end_if_reopened"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str]
    text: Mapped[str]
    new_end: Mapped[date | None] = mapped_column(Date)
    answered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class DeliveryCheck(Base):
    """One resident's word on one completion of a delivery (`completed_at`). A dispute waits for its answer."""

    __tablename__ = "delivery_check"
    __table_args__ = (
        UniqueConstraint("delivery_id", "account_id", "completed_at"),
        UniqueConstraint("file_id"),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint("done OR text <> ''", name="dispute_says_why"),
        CheckConstraint("char_length(text) <= 2000", name="text_length"),
        CheckConstraint("NOT done OR (answer_id IS NULL AND due_at IS NULL)", name="answer_to_disputes"),
        CheckConstraint("(due_at IS NULL) = (deadline_id IS NULL)", name="deadline_whole"),
        Index("ix_delivery_check_delivery", "delivery_id", "said_at", "id"),
        Index("ix_delivery_check_account_id", "account_id"),
        Index(
            "ix_delivery_check_due", "due_at",
            postgresql_where="NOT done AND state = 'visible' AND answer_id IS NULL",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: since when the delivery stood as done when this was said: of each completion a resident speaks once
    completed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done: Mapped[bool]
    text: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(default="visible")
    said_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: until when the department answers, and the version of the deadline that says so; once the dispute is public
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("dispute_answer.id"), index=True)

    delivery: Mapped[Delivery] = relationship(lazy="raise_on_sql")
    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    answer: Mapped[DisputeAnswer | None] = relationship(lazy="joined")
