"""Text messages: queued with the change that causes them, handed to an HTTP gateway by the worker.

The gateway gets `POST {"to": "+40…", "text": "…"}` in JSON with `Authorization: Bearer SMS_TOKEN` and an
`Idempotency-Key` that stays the same when a message is tried again, so that at least once does not become twice.
Any 2xx is "taken"; 408, 425, 429 and 5xx are tried again; any other answer is final. Numbers and texts are sealed
while they wait and erased afterwards. Without a gateway, outside production, messages are written to `sms/` of the
data directory.
"""

import json
import logging
import secrets
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from flask import Flask, current_app
from sqlalchemy import DateTime, Index, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from civic import sealing
from civic.extensions import Base, db
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 8
#: Waits between tries: a code lives for minutes, so they are short.
RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120))
BATCH = 50
#: After so many failures in a row the gateway is left alone until the next run.
PATIENCE = 3
KEPT = timedelta(days=14)
AGAIN = {408, 425, 429}
PURPOSE = "sms"


class DeliveryError(Exception):
    """The message could not be handed over. `final`: trying again would not help. Never names the number."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class SmsMessage(Base):
    """A text message to one number; what it says and to whom is sealed, and gone once it was sent."""

    __tablename__ = "sms_message"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_sms_message_due", "due_at", postgresql_where="sent_at IS NULL AND given_up_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: says to the gateway that a second try is the same message
    key: Mapped[str]
    sealed: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: later it would only confuse
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    given_up_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def state(self) -> str:
        """`waiting`, `sent` or `failed`."""
        return "sent" if self.sent_at else "failed" if self.given_up_at else "waiting"


def post(number: str, text: str, now: datetime, expires_at: datetime) -> SmsMessage:
    """Queue a message; it goes out after the commit. Flushed, so that its state can be asked for."""
    message = SmsMessage(
        key=secrets.token_hex(16),
        sealed=sealing.seal(PURPOSE, {"to": number, "text": text}),
        created_at=now,
        due_at=now,
        expires_at=expires_at,
        attempts=0,
    )
    db.session.add(message)
    db.session.flush()
    return message


def withdraw(message_id: int, now: datetime) -> None:
    """Take back a message that has not gone out yet: what it says is no longer true. One that is being handed over
    this moment is not waited for."""
    waiting = (
        select(SmsMessage.id)
        .where(SmsMessage.id == message_id, SmsMessage.sent_at.is_(None), SmsMessage.given_up_at.is_(None))
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    db.session.execute(
        update(SmsMessage).where(SmsMessage.id == waiting).values(given_up_at=now, sealed=None)
    )


class _NoRedirects(HTTPRedirectHandler):
    """A gateway that moved is a mistake to mend, not an address to send numbers and the token to."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def send(number: str, text: str, key: str, now: datetime) -> None:
    """Hand a message over. Raises DeliveryError."""
    settings = current_app.config["SETTINGS"]
    if settings.sms_url:
        _send_http(settings.sms_url, settings.sms_token, number, text, key)
    elif settings.production:
        raise DeliveryError("no gateway", final=True)
    else:
        _write_to_folder(settings.sms_folder, number, text, key, now)


def _send_http(url: str, token: str, number: str, text: str, key: str) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"to": number, "text": text}, ensure_ascii=False).encode()
    try:
        request = Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) is checked at start
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
            answer.read(1024)
    except HTTPError as error:
        raise DeliveryError(
            f"HTTP {error.code}", final=error.code < 500 and error.code not in AGAIN
        ) from None
    except (
        OSError,
        HTTPException,
        ValueError,
    ) as error:  # ValueError: an address or token that cannot be sent
        raise DeliveryError(type(error).__name__) from None


def _write_to_folder(folder: Path, number: str, text: str, key: str, now: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"to": number, "text": text, "at": now.isoformat()}, ensure_ascii=False)
    try:
        (folder / f"{now:%Y%m%dT%H%M%S%f}-{key}.json").write_text(content)
    except OSError as error:
        raise DeliveryError(type(error).__name__) from error


def deliver_due(now: datetime) -> int:
    """Hand over everything due, a message a transaction; safe to run twice and beside another worker.

    A gateway that does not answer is left alone after a few tries. Returns the number handed over.
    """
    delivered = failures = 0
    for _ in range(BATCH):
        message = db.session.scalar(
            select(SmsMessage)
            .where(SmsMessage.sent_at.is_(None), SmsMessage.given_up_at.is_(None), SmsMessage.due_at <= now)
            .order_by(SmsMessage.due_at, SmsMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if message is None or failures >= PATIENCE:
            break
        try:
            _deliver(message, now)
        except DeliveryError as error:
            failures += not error.final
            _put_off(message, error, now)
        else:
            message.sent_at, message.sealed = now, None
            delivered += 1
        db.session.commit()
    db.session.rollback()
    return delivered


def _deliver(message: SmsMessage, now: datetime) -> None:
    if now >= message.expires_at:
        raise DeliveryError("too late", final=True)
    try:
        content = sealing.unseal(PURPOSE, message.sealed or b"")
    except ValueError as error:
        raise DeliveryError("sealed with another master key", final=True) from error
    send(content["to"], content["text"], message.key, now)


def _put_off(message: SmsMessage, error: DeliveryError, now: datetime) -> None:
    message.attempts += 1
    if error.final or message.attempts > len(RETRY_AFTER):
        message.given_up_at, message.sealed = now, None
        logger.error("gave up on text message %d: %s", message.id, error)
    else:
        message.due_at = now + RETRY_AFTER[message.attempts - 1]
        logger.warning("text message %d delayed: %s", message.id, error)


def prune(now: datetime) -> None:
    """Delete what was sent or given up a while ago. Nothing personal is left in it by then."""
    old = now - KEPT
    with unit_of_work():
        db.session.execute(
            delete(SmsMessage).where((SmsMessage.sent_at < old) | (SmsMessage.given_up_at < old))
        )


def init_app(app: Flask) -> None:
    """Deliver every three seconds: somebody waits in front of the page."""
    register_job(app, Job("sms", deliver_due, seconds=3))
    register_job(app, Job("forget sms", prune, hour=3, minute=25))
