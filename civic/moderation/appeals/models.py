"""What is stored about decisions that can be contested, and about the appeals against them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.moderation.appeals.rules import MAX_TEXT, State
from civic.moderation.models import ModerationCase
from civic.moderation.suspensions.models import Suspension

_STATES = ", ".join(f"'{state}'" for state in State)


class Statement(Base):
    """What the author of a text was told about a decision against it, and until when they may contest it.

    The account is forgotten some time after the last clock has run out: a pseudonym is then one again.
    """

    __tablename__ = "moderation_statement"
    __table_args__ = (
        UniqueConstraint("case_id"),
        CheckConstraint("appeal_until > decided_at", name="time_to_appeal"),
        Index("ix_moderation_statement_account_id", "account_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: the author held a role of the city hall when it was decided
    official: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    appeal_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))

    case: Mapped[ModerationCase] = relationship(lazy="raise_on_sql")
    deadline: Mapped[DeadlineVersion] = relationship(lazy="raise_on_sql")
    appeal: Mapped["ModerationAppeal | None"] = relationship(lazy="raise_on_sql", back_populates="statement")


class ModerationAppeal(Base):
    """An author's word against a decision on a text of theirs or against their suspension: one for each decision.

    Whoever decided first is written down with it, so that the database refuses the same person deciding again.
    """

    __tablename__ = "moderation_appeal"
    __table_args__ = (
        UniqueConstraint("statement_id"),
        UniqueConstraint("suspension_id"),
        CheckConstraint("num_nonnulls(statement_id, suspension_id) = 1", name="against_one_decision"),
        CheckConstraint(f"state IN ({_STATES})", name="state_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decision_whole"),
        CheckConstraint(
            "state NOT IN ('upheld', 'rejected') OR (decided_by_id IS NOT NULL AND reason <> '')",
            name="decision_reasoned",
        ),
        CheckConstraint(
            "decided_by_id IS NULL OR (decided_by_id <> first_decider_id"
            " AND decided_by_id IS DISTINCT FROM second_decider_id"
            " AND decided_by_id IS DISTINCT FROM account_id)",
            name="another_person_decides",
        ),
        CheckConstraint(f"char_length(text) <= {MAX_TEXT}", name="text_length"),
        CheckConstraint("due_at > filed_at", name="time_to_decide"),
        Index("ix_moderation_appeal_due", "due_at", postgresql_where="state = 'open'"),
        Index("ix_moderation_appeal_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_statement.id"))
    suspension_id: Mapped[int | None] = mapped_column(ForeignKey("suspension.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadline_version.id"))
    #: who took the decision; of a suspension who proposed and who confirmed it
    first_decider_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    second_decider_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(default="open")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")
    #: when council staff and administrators were told that the answer is overdue
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    statement: Mapped[Statement | None] = relationship(lazy="raise_on_sql", back_populates="appeal")
    suspension: Mapped[Suspension | None] = relationship(lazy="raise_on_sql")
    deadline: Mapped[DeadlineVersion] = relationship(lazy="raise_on_sql")
