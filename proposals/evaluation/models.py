"""What is stored about the technical analysis: answers of departments, reasons for rejection, appeals."""

from datetime import datetime
from decimal import Decimal

from flask_babel import get_locale
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.places.models import Department
from proposals.models import Proposal

#: What a department looks at, each with a verdict and a text.
ASPECTS = ("legal", "technical", "cost", "land", "running_cost")
#: characters of an answer or an appeal
VERDICTS = ("ok", "problem", "not_applicable")
_VERDICTS = ", ".join(f"'{verdict}'" for verdict in VERDICTS)


class RejectionReason(Base):
    """A reason for which a proposal may be rejected, with what it means. Staff may add to the list."""

    __tablename__ = "rejection_reason"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_ro: Mapped[str]
    name_en: Mapped[str]
    explanation_ro: Mapped[str] = mapped_column(default="")
    explanation_en: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)

    @property
    def name(self) -> str:
        """The reason in the reader's language."""
        return self.name_en if str(get_locale() or "ro") == "en" else self.name_ro

    @property
    def explanation(self) -> str:
        """What the reason means, in the reader's language."""
        return self.explanation_en if str(get_locale() or "ro") == "en" else self.explanation_ro


class EvaluationReason(Base):
    """A reason given in a department's answer."""

    __tablename__ = "evaluation_reason"

    evaluation_id: Mapped[int] = mapped_column(
        ForeignKey("evaluation.id", ondelete="CASCADE"), primary_key=True
    )
    reason_id: Mapped[int] = mapped_column(ForeignKey("rejection_reason.id"), primary_key=True)


class Evaluation(Base):
    """One department's part of the analysis of a proposal: assigned first, answered later."""

    __tablename__ = "evaluation"
    __table_args__ = (
        UniqueConstraint("proposal_id", "department_id"),
        CheckConstraint("result IN ('eligible', 'rejected')", name="result_known"),
        CheckConstraint(
            "(result IS NULL) = (answered_at IS NULL) AND (result IS NULL) = (evaluator_id IS NULL)",
            name="answer_whole",
        ),
        CheckConstraint("official_estimate IS NULL OR official_estimate > 0", name="estimate_positive"),
        *(
            CheckConstraint(f"{aspect}_verdict IN ({_VERDICTS})", name=f"{aspect}_verdict_known")
            for aspect in ASPECTS
        ),
        Index("ix_evaluation_department_id", "department_id", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    assigned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the deadline it was given; None for one older than the register of deadlines
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    evaluator_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    legal_verdict: Mapped[str | None]
    legal_text: Mapped[str] = mapped_column(default="")
    technical_verdict: Mapped[str | None]
    technical_text: Mapped[str] = mapped_column(default="")
    cost_verdict: Mapped[str | None]
    cost_text: Mapped[str] = mapped_column(default="")
    land_verdict: Mapped[str | None]
    land_text: Mapped[str] = mapped_column(default="")
    running_cost_verdict: Mapped[str | None]
    running_cost_text: Mapped[str] = mapped_column(default="")
    official_estimate: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    result: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql")
    deadline: Mapped[DeadlineVersion | None] = relationship(lazy="raise_on_sql")
    department: Mapped[Department] = relationship(lazy="joined", innerjoin=True)
    reasons: Mapped[list[RejectionReason]] = relationship(
        secondary="evaluation_reason", order_by=RejectionReason.position, lazy="selectin"
    )

    def verdict(self, aspect: str) -> str | None:
        """The verdict on an aspect."""
        return getattr(self, f"{aspect}_verdict")

    def remark(self, aspect: str) -> str:
        """What was written about an aspect."""
        return getattr(self, f"{aspect}_text")


class Appeal(Base):
    """An author's contestation of a rejection and the board's answer to it."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index("uq_appeal_open", "proposal_id", unique=True, postgresql_where="decided_at IS NULL"),
        Index("ix_appeal_proposal_id", "proposal_id"),
        CheckConstraint("outcome IN ('upheld', 'dismissed')", name="outcome_known"),
        CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)"
            " AND (decided_at IS NULL) = (reason = '')",
            name="decision_whole",
        ),
        CheckConstraint("decided_by_id <> filed_by_id", name="not_decided_by_its_author"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 5000", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    text: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the deadline it was given; None for one older than the register of deadlines
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")

    proposal: Mapped[Proposal] = relationship(lazy="raise_on_sql")
    deadline: Mapped[DeadlineVersion | None] = relationship(lazy="raise_on_sql")
    filed_by: Mapped[Account] = relationship(lazy="raise_on_sql", foreign_keys=[filed_by_id])
