"""What is stored about the review of what residents publish."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.deadlines.models import DeadlineVersion
from civic.extensions import Base
from civic.moderation.rules import Decision, Why
from civic.places.models import Department

_WHYS = ", ".join(f"'{why}'" for why in Why)
_DECISIONS = ", ".join(f"'{decision}'" for decision in Decision)


class ModerationCase(Base):
    """One thing to look at, by when, and what was decided. A subject has one open case at most."""

    __tablename__ = "moderation_case"
    __table_args__ = (
        Index(
            "uq_moderation_case_open",
            "subject_kind",
            "subject_id",
            unique=True,
            postgresql_where="decided_at IS NULL",
        ),
        Index("ix_moderation_case_subject", "subject_kind", "subject_id"),
        Index("ix_moderation_case_due", "due_at", postgresql_where="decided_at IS NULL"),
        CheckConstraint(f"why IN ({_WHYS})", name="why_known"),
        CheckConstraint(f"decision IN ({_DECISIONS})", name="decision_known"),
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decision_whole"),
        CheckConstraint("(claimed_by_id IS NULL) = (claimed_until IS NULL)", name="claim_whole"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_reason = '') AND (undone_at IS NULL OR decided_at IS NOT NULL)",
            name="undone_whole",
        ),
        Index("ix_moderation_case_author_id", "author_id", "id"),
        Index("ix_moderation_case_same", "text_sha256", postgresql_where="decided_at IS NULL"),
        Index("ix_moderation_case_batch", "batch", postgresql_where="batch IS NOT NULL"),
        CheckConstraint(
            "decision IS NULL OR decision IN ('publish', 'dismiss', 'withdrawn') OR reason <> ''",
            name="refusal_has_reason",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    why: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the deadline it was given; None for a case older than the register of deadlines
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_version.id"))
    decision: Mapped[str | None]
    reason_code: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: None when the subject's author took it back
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    #: who wrote it, when an account did
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: of the words alone when the case was opened: identical texts meet here
    text_sha256: Mapped[bytes | None]
    #: the moderator who looks at it now, and until when nobody else decides it
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    claimed_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: when moderators and staff were told that it is late
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    #: what the decision changed, sealed: `rules.changed`; forgotten after `rules.KEPT_TO_UNDO`
    changed: Mapped[bytes | None]
    #: the stroke at which several were decided together
    batch: Mapped[str | None]
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_reason: Mapped[str] = mapped_column(default="")
    #: the case whose decision was undone, so that this one had to be decided again
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("moderation_case.id"))

    deadline: Mapped[DeadlineVersion | None] = relationship(lazy="raise_on_sql")
    claimed_by: Mapped[Account | None] = relationship(foreign_keys=[claimed_by_id], lazy="raise_on_sql")
    reports: Mapped[list["ContentReport"]] = relationship(
        order_by="ContentReport.created_at", lazy="raise_on_sql"
    )


class ContentReport(Base):
    """Somebody's word that a text breaks the rules. One a person and case."""

    __tablename__ = "content_report"
    __table_args__ = (UniqueConstraint("case_id", "reporter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id", ondelete="CASCADE"))
    reporter_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    reason_code: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Redirection(Base):
    """Where a request that is not for this platform was sent: the department and its number there."""

    __tablename__ = "redirection"
    __table_args__ = (
        UniqueConstraint("case_id"),
        Index("ix_redirection_subject", "subject_kind", "subject_id"),
        CheckConstraint("registration_number <> ''", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("moderation_case.id"))
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    registration_number: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    department: Mapped[Department] = relationship(lazy="joined", innerjoin=True)
