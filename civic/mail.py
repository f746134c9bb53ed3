"""Handing one message to the mail server, or to a folder in development."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from civic import clock

TIMEOUT_SECONDS = 20


class DeliveryError(Exception):
    """The message could not be handed over now. The text names the kind of failure, never the address."""


def build(
    address: str, subject: str, body: str, sender: str, message_id: str, stop_url: str | None = None
) -> EmailMessage:
    """An RFC 5322 message. Header injection is refused by the email package itself.

    With `stop_url`, mail programs show their own button that stops such messages (RFC 8058).
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(idstring=message_id, domain=sender.rsplit("@", 1)[-1].strip("> "))
    message["Auto-Submitted"] = "auto-generated"
    if stop_url:
        message["List-Unsubscribe"] = f"<{stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(body)
    return message


def send(address: str, subject: str, body: str, message_id: str, stop_url: str | None = None) -> None:
    """Deliver through SMTP_URL, or into `mail/` of the data directory when there is none.

    Raises DeliveryError when the server cannot take it now.
    """
    settings = current_app.config["SETTINGS"]
    try:
        message = build(address, subject, body, settings.mail_from, message_id, stop_url)
    except ValueError as error:
        raise DeliveryError("malformed header") from error
    if settings.smtp_url:
        _send_smtp(settings.smtp_url, message)
    else:
        _write_to_folder(settings.mail_folder, message_id, message)


def _send_smtp(url: str, message: EmailMessage) -> None:
    """`smtp://user:password@host:587` starts TLS when offered; `smtps://` speaks TLS from the start."""
    parts = urlsplit(url)
    context = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                parts.hostname or "", parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=TIMEOUT_SECONDS)
        with server:
            if parts.scheme == "smtp":
                server.ehlo()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(type(error).__name__) from error


def _write_to_folder(folder: Path, message_id: str, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{clock.now():%Y%m%dT%H%M%S%f}-{message_id}.eml"
    try:
        path.write_bytes(bytes(message))
    except OSError as error:
        raise DeliveryError(type(error).__name__) from error
