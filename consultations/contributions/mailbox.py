"""The mailbox that receives contributions, through IMAP over TLS; small enough for tests to stand in for it."""

import imaplib
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from civic.config import Settings

TIMEOUT_SECONDS = 30
#: Letters taken in one go; the others wait for the next.
AT_ONCE = 50
#: Larger letters are not loaded whole: their writer is told by a clerk.
MOST_BYTES = 60_000_000
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


@dataclass(frozen=True)
class Envelope:
    """A letter that waits: how the mailbox calls it, how large it is, when it arrived there."""

    key: str
    size: int
    arrived_at: datetime


class Mailbox(Protocol):
    """What reading a mailbox needs."""

    def waiting(self) -> list[Envelope]:
        """Letters not taken yet, the oldest first, no more than `AT_ONCE`."""

    def read(self, key: str, head: bool = False) -> bytes:
        """A letter's bytes, or those of its headers alone."""

    def done(self, key: str) -> None:
        """Mark a letter as taken: it waits no longer."""


class ImapMailbox:
    """A folder of an IMAP server. What waits is what nobody has seen."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self.server = server

    def waiting(self) -> list[Envelope]:
        """See Mailbox.waiting."""
        _status, found = self.server.uid("search", "UNSEEN")
        keys = (found[0] or b"").split()[:AT_ONCE] if found else []
        return [self._envelope(key.decode()) for key in keys]

    def _envelope(self, key: str) -> Envelope:
        _status, answer = self.server.uid("fetch", key, "(INTERNALDATE RFC822.SIZE)")
        line = answer[0] if answer and isinstance(answer[0], bytes) else b""
        size, arrived = _SIZE.search(line), imaplib.Internaldate2tuple(line)
        moment = datetime.fromtimestamp(time.mktime(arrived), UTC) if arrived else datetime.now(UTC)
        return Envelope(key, int(size[1]) if size else 0, moment)

    def read(self, key: str, head: bool = False) -> bytes:
        """See Mailbox.read."""
        wanted = "(BODY.PEEK[HEADER])" if head else "(BODY.PEEK[])"
        _status, answer = self.server.uid("fetch", key, wanted)
        return next((part[1] for part in answer if isinstance(part, tuple)), b"")

    def done(self, key: str) -> None:
        """See Mailbox.done."""
        self.server.uid("store", key, "+FLAGS.SILENT", "(\\Seen)")


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The mailbox of the settings, for a while. Raises OSError or imaplib.IMAP4.error when it cannot be reached."""
    parts = urlsplit(settings.mailbox_url or "")
    server = imaplib.IMAP4_SSL(
        parts.hostname or "", parts.port or 993,
        ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS,
    )  # fmt: skip
    try:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        server.select(unquote(parts.path.strip("/")) or "INBOX")
        yield ImapMailbox(server)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()
