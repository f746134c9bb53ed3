"""Messages to deliver after commit.

A service adds a message in its own transaction; a job delivers it later, at least once, and marks it
sent. A change that rolls back sends nothing; a mail server that is down delays, and loses nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import Flask
from sqlalchemy import DateTime, Index, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from civic import mail
from civic.extensions import Base, db
from civic.jobs import Job, register_job

logger = logging.getLogger(__name__)

#: Waits between tries; after the last one a message is given up and shown to administrators.
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
BATCH = 50


class OutboxMessage(Base):
    """A message to one address."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("dedup_key"),
        Index("ix_outbox_message_due", "due_at", postgresql_where="sent_at IS NULL AND given_up_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    dedup_key: Mapped[str | None]
    #: where one press stops such messages, for the mail program's own button
    stop_url: Mapped[str | None]
    #: the whole row goes once it was sent or given up: that this address was written to is nobody's to know
    leaves_no_trace: Mapped[bool] = mapped_column(default=False, server_default="false")


class Letter(NamedTuple):
    """One message of many: told once for its key, with the address that stops such messages."""

    address: str
    subject: str
    body: str
    dedup_key: str
    stop_url: str | None = None


def post(address: str, subject: str, body: str, now: datetime, dedup_key: str | None = None) -> None:
    """Queue a plain-text message. With a `dedup_key`, the same message is queued once, ever."""
    if dedup_key is not None:
        db.session.execute(
            insert(OutboxMessage)
            .values(
                address=address,
                subject=subject,
                body=body,
                created_at=now,
                due_at=now,
                attempts=0,
                dedup_key=dedup_key,
            )
            .on_conflict_do_nothing(constraint="uq_outbox_message_dedup_key")
        )
        return
    db.session.add(
        OutboxMessage(address=address, subject=subject, body=body, created_at=now, due_at=now, attempts=0)
    )


def post_many(messages: Sequence[Letter], now: datetime) -> None:
    """Queue many messages in one statement, each key once, ever."""
    if not messages:
        return
    rows = [
        {
            **message._asdict(),
            "created_at": now,
            "due_at": now,
            "attempts": 0,
        }
        for message in messages
    ]
    statement = insert(OutboxMessage).on_conflict_do_nothing(constraint="uq_outbox_message_dedup_key")
    db.session.execute(statement, rows)


def deliver_due(now: datetime) -> int:
    """Deliver everything due, a message a transaction; safe to run twice and beside another worker.

    Killed between sending and marking, a message goes out again: better twice than never.
    Returns the number delivered.
    """
    delivered = 0
    for _ in range(BATCH):
        message = db.session.scalar(
            select(OutboxMessage)
            .where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.due_at <= now,
            )
            .order_by(OutboxMessage.due_at, OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if message is None:
            break
        try:
            mail.send(
                message.address,
                message.subject,
                message.body,
                message_id=f"outbox-{message.id}",
                stop_url=message.stop_url,
            )
        except mail.DeliveryError as error:
            message.attempts += 1
            if message.attempts > len(RETRY_AFTER):
                message.given_up_at = now
                logger.error("gave up on outbox message %d", message.id)
                _remove_untraceable(message)
            else:
                message.due_at = now + RETRY_AFTER[message.attempts - 1]
                logger.warning("outbox message %d delayed: %s", message.id, error)
        else:
            message.sent_at = now
            # What was sent is no longer needed; who was written to is personal data.
            message.body, message.stop_url = "", None
            _remove_untraceable(message)
            delivered += 1
        db.session.commit()
    db.session.rollback()
    return delivered


def _remove_untraceable(message: OutboxMessage) -> None:
    if message.leaves_no_trace:
        db.session.delete(message)


def init_app(app: Flask) -> None:
    """Deliver every five seconds."""
    register_job(app, Job("outbox", deliver_due, seconds=5))
