"""What is stored about the money of a delivery besides its stated sums: revisions of its budget, payments."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.decisions.models import CouncilDecision
from civic.extensions import Base
from civic.tracker.models import Money


class BudgetRevision(Base):
    """A change of the approved budget: from what to what, on which day, by which decision, and why."""

    __tablename__ = "budget_revision"
    __table_args__ = (
        CheckConstraint("amount_after >= 0 AND coalesce(amount_before, 0) >= 0", name="amounts_not_negative"),
        CheckConstraint("amount_before IS DISTINCT FROM amount_after", name="amount_changed"),
        CheckConstraint("decision_id IS NOT NULL OR decision_text <> ''", name="decision_given"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_budget_revision_delivery", "delivery_id", "revised_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    revised_on: Mapped[date] = mapped_column(Date)
    #: None where no budget had been published before
    amount_before: Mapped[Decimal | None] = mapped_column(Money)
    amount_after: Mapped[Decimal] = mapped_column(Money)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("council_decision.id"), index=True)
    #: the decision in words, where it is not in the register
    decision_text: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]

    decision: Mapped[CouncilDecision | None] = relationship(lazy="joined")


class DeliveryPayment(Base):
    """Money paid for a delivery on a day; below zero it is money that was recovered, and says why."""

    __tablename__ = "delivery_payment"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("amount > 0 OR reason <> ''", name="recovery_reasoned"),
        Index("ix_delivery_payment_delivery", "delivery_id", "paid_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    paid_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Money)
    #: the payment's paper: an invoice, a payment order
    document: Mapped[str] = mapped_column(default="")
    #: what it was for, or why it came back
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]
