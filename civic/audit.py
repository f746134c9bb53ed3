"""The record of what was done by whom: insert-only, written in the same transaction as the change.

It holds ids, never names, texts or choices. Casting a ballot writes nothing here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.actor import Actor
from civic.extensions import Base, db


class AuditRecord(Base):
    """One change. The application's database role may insert and read it, never change or delete it."""

    __tablename__ = "audit_record"
    __table_args__ = (
        Index("ix_audit_record_subject", "subject_kind", "subject_id"),
        Index("ix_audit_record_at", "at"),
        Index("ix_audit_record_event", "event", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    event: Mapped[str]
    account_id: Mapped[int | None]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def record(
    actor: Actor,
    event: str,
    subject_kind: str,
    subject_id: int,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Note that `actor` did `event` (past tense, "proposal.submitted") to a subject.

    `details` holds ids, codes and amounts only. `actor` SYSTEM stands for the clock.
    """
    db.session.add(
        AuditRecord(
            at=now,
            event=event,
            account_id=actor.id,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details or {},
        )
    )
