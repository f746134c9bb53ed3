"""What is stored about suspensions: one person proposes, another confirms, the end is written down beforehand."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.moderation.models import ModerationCase
from civic.moderation.suspensions.rules import LONGEST, State

_STATES = ", ".join(f"'{state}'" for state in State)


class Suspension(Base):
    """Somebody may not publish texts for a while, because of what a decided case says. Reading and voting go on."""

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint(f"days BETWEEN 1 AND {LONGEST}", name="days_plausible"),
        CheckConstraint("reason <> ''", name="reasoned"),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> proposed_by_id AND decided_by_id <> account_id)",
            name="two_people",
        ),
        CheckConstraint("proposed_by_id <> account_id", name="not_oneself"),
        CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL)",
            name="confirmed_by_somebody",
        ),
        CheckConstraint(
            "(state = 'confirmed') = (ends_at IS NOT NULL AND appeal_until IS NOT NULL AND deadline_id IS NOT NULL)",
            name="confirmed_has_end",
        ),
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decision_whole"),
        CheckConstraint("state <> 'declined' OR decision_reason <> ''", name="declined_with_reason"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_reason = '') AND (lifted_at IS NULL OR state = 'confirmed')",
            name="lifted_with_reason",
        ),
        CheckConstraint("ends_at > decided_at", name="ends_after_beginning"),
        # Two moderators may propose the same at the same moment.
        Index("uq_suspension_waiting", "account_id", unique=True, postgresql_where="state = 'proposed'"),
        Index("ix_suspension_account_id", "account_id", "id"),
        Index("ix_suspension_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    #: the decision it is grounded in
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    reason: Mapped[str]
    days: Mapped[int]
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: when the proposal lapses unless somebody else has confirmed it
    confirm_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decision_reason: Mapped[str] = mapped_column(default="")
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    appeal_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    lifted_reason: Mapped[str] = mapped_column(default="")

    case: Mapped[ModerationCase] = relationship(lazy="raise_on_sql")
    deadline: Mapped[DeadlineVersion | None] = relationship(lazy="raise_on_sql")
