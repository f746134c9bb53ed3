"""What is stored about following: who follows what, who wants no mail, and the news on its way to followers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base


class Follow(Base):
    """One account's wish to hear about one subject, of any kind registered in `civic.links`."""

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("account_id", "subject_kind", "subject_id"),
        Index("ix_follow_subject", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class MailChoice(Base):
    """An account's word on mail about what it follows. Without a row, mail is sent."""

    __tablename__ = "mail_choice"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    wants_mail: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Notice(Base):
    """One piece of news for the followers of a subject, told in batches.

    `texts` is {language: {"subject": …, "body": …}}. `cursor` is the last follow already told: it moves in
    the transaction that queues the messages, so that a worker killed anywhere loses and repeats nothing.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        CheckConstraint("cursor >= 0", name="cursor_not_negative"),
        Index("ix_notice_unfinished", "id", postgresql_where="finished_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup_key: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    path: Mapped[str] = mapped_column(default="")
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    cursor: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
