"""The mailbox that receives contributions, through IMAP over TLS; small enough for tests to stand in for it."""

import base64
import imaplib
import re
import ssl
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from civic.config import Settings

#: A server that says nothing for this long is not waited for.
TIMEOUT_SECONDS = 30
#: One command and its answer take no longer, however slowly the bytes drip.
COMMAND_SECONDS = 120
#: Letters taken in one go; the others wait for the next.
AT_ONCE = 50
#: Larger letters are not loaded whole: their writer is told by a clerk.
MOST_BYTES = 60_000_000
#: A letter is read in parts of this size: no server's word makes us hold more at once.
PART_BYTES = 1 << 20
#: The longest line of an answer: a search that finds a million letters.
MOST_LINE = 10_000_000

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_QUOTED = re.compile(rb'BODY\[[^]]*\](?:<\d+>)? "((?:[^"\\]|\\.)*)"')


class Unusable(imaplib.IMAP4.error):
    """The server answers, but the mailbox cannot be read; why, in words that hold no secret."""


@dataclass(frozen=True)
class Envelope:
    """A letter that waits: how the mailbox calls it, how large it is, when it arrived there."""

    key: str
    size: int
    arrived_at: datetime


class Mailbox(Protocol):
    """What reading a mailbox needs."""

    def waiting(self, besides: Collection[str] = ()) -> list[Envelope]:
        """Letters not taken yet, the oldest first, no more than `AT_ONCE`, `besides` not among them."""

    def read(self, key: str, head: bool = False) -> bytes:
        """A letter's bytes, or those of its headers alone; none when it is not there any more."""

    def done(self, key: str) -> None:
        """Mark a letter as taken: it waits no longer."""

    def again(self, key: str, message_id: str) -> Envelope | None:
        """A letter taken before, by what it was called then or by its Message-ID; None when it is gone."""


class Connection(imaplib.IMAP4_SSL):
    """A connection that holds and waits for no more than we want, whatever the server says or keeps back."""

    _held = b""
    _until = float("inf")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._until = time.monotonic() + COMMAND_SECONDS
        super().__init__(*arguments, **named)

    def _command(self, name: str, *args: Any) -> Any:
        self._until = time.monotonic() + COMMAND_SECONDS
        return super()._command(name, *args)  # type: ignore[misc]

    def _more(self) -> bytes:
        if time.monotonic() > self._until:
            raise TimeoutError("the answer takes too long")
        return self.sock.recv(65536)

    def read(self, size: int) -> bytes:
        """So many bytes of a literal."""
        if size > 2 * PART_BYTES:
            raise self.abort("a literal larger than was asked for")
        parts, missing = [self._held[:size]], size - len(self._held)
        self._held = self._held[size:]
        while missing > 0:
            if not (more := self._more()):
                raise self.abort("the line broke in a literal")
            parts.append(more[:missing])
            self._held = more[missing:]
            missing -= len(more)
        return b"".join(parts)

    def readline(self) -> bytes:
        """One line; what there is of it when the line broke."""
        parts, length = [], 0
        while b"\n" not in self._held:
            parts.append(self._held)
            length += len(self._held)
            if length > MOST_LINE:
                raise self.abort("a line without end")
            self._held = self._more()
            if not self._held:
                return b"".join(parts)
        line, _newline, self._held = self._held.partition(b"\n")
        return b"".join((*parts, line, b"\n"))


class ImapMailbox:
    """A folder of an IMAP server. What waits is what nobody has seen.

    A letter is called by the folder's UIDVALIDITY and its UID: when a folder is made anew, an old name means nothing.
    """

    def __init__(self, server: imaplib.IMAP4) -> None:
        self.server = server
        _name, said = server.response("UIDVALIDITY")
        self.validity = said[0].decode() if said and said[0] else "0"

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        status, answer = self.server.uid(command, *arguments)
        if status != "OK":
            raise Unusable(f"it refused {command.upper()}")
        return answer or []

    def _search(self, *criteria: str) -> list[int]:
        found = self._ask("search", *criteria)
        return sorted({int(one) for line in found for one in (line or b"").split()})

    def waiting(self, besides: Collection[str] = ()) -> list[Envelope]:
        """See Mailbox.waiting."""
        left = {int(uid) for key in besides if (uid := self._uid(key)).isdigit()}
        return self._envelopes([uid for uid in self._search("UNSEEN") if uid not in left][:AT_ONCE])

    def _envelopes(self, uids: list[int]) -> list[Envelope]:
        if not uids:
            return []
        wanted, found = set(uids), {}
        for line in self._ask("fetch", ",".join(map(str, uids)), "(UID INTERNALDATE RFC822.SIZE)"):
            # Servers put in news of other letters, and of a letter's flags alone.
            if not isinstance(line, bytes) or not (uid := _UID.search(line)) or int(uid[1]) not in wanted:
                continue
            if size := _SIZE.search(line):
                arrived = imaplib.Internaldate2tuple(line)
                moment = datetime.fromtimestamp(time.mktime(arrived), UTC) if arrived else datetime.now(UTC)
                found[int(uid[1])] = Envelope(f"{self.validity}-{int(uid[1])}", int(size[1]), moment)
        return [found[uid] for uid in uids if uid in found]

    def _uid(self, key: str) -> str:
        """The UID behind a letter's name; nobody's when the folder was made anew since."""
        validity, _dash, uid = key.rpartition("-")
        return uid if validity == self.validity else ""

    def read(self, key: str, head: bool = False) -> bytes:
        """See Mailbox.read."""
        uid, section, parts = self._uid(key), "HEADER" if head else "", []
        if not uid:
            return b""
        for start in range(0, MOST_BYTES, PART_BYTES):
            answer = self._ask("fetch", uid, f"(UID BODY.PEEK[{section}]<{start}.{PART_BYTES}>)")
            parts.append(_words_of(answer, uid))
            if len(parts[-1]) < PART_BYTES:
                break
        return b"".join(parts)

    def done(self, key: str) -> None:
        """See Mailbox.done."""
        if uid := self._uid(key):
            self._ask("store", uid, "+FLAGS.SILENT", "(\\Seen)")

    def again(self, key: str, message_id: str) -> Envelope | None:
        """See Mailbox.again."""
        uid = self._uid(key)
        found = self._envelopes([int(uid)]) if uid.isdigit() else []
        if not found and message_id and message_id.isascii():
            found = self._envelopes(self._search("HEADER", "Message-ID", quoted(message_id))[:1])
        return found[0] if found else None


def _words_of(answer: list[Any], uid: str) -> bytes:
    """What a FETCH brought of one letter: a literal, a quoted string, or nothing; news of other letters is left."""
    for at, part in enumerate(answer):
        if isinstance(part, tuple):
            # Some servers say the UID before the text, some after it.
            rest = answer[at + 1] if at + 1 < len(answer) and isinstance(answer[at + 1], bytes) else b""
            told = _UID.search(part[0]) or _UID.search(rest)
            if told and told[1] == uid.encode():
                words: bytes = part[1]
                return words
        elif (
            isinstance(part, bytes)
            and (told := _UID.search(part))
            and told[1] == uid.encode()
            and (short := _QUOTED.search(part))
        ):
            return re.sub(rb"\\(.)", rb"\1", short[1])
    return b""


def quoted(words: str) -> str:
    r"""A string of an IMAP command.

    >>> print(quoted('a "b" \\c'))
    "a \"b\" \\c"
    """
    return '"{}"'.format(words.replace("\\", "\\\\").replace('"', '\\"'))


def folder_name(name: str) -> str:
    """A folder as IMAP writes it: ASCII as it is, the rest in its own UTF-7 (RFC 3501, 5.1.3).

    >>> folder_name("Primărie & noi")
    'Prim&AQM-rie &- noi'
    """

    def other(found: re.Match[str]) -> str:
        coded = base64.b64encode(found[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{coded}-"

    return re.sub(r"[^\x20-\x7e]+", other, name.replace("&", "&-"))


def _log_in(server: imaplib.IMAP4, name: str, password: str) -> None:
    try:
        if "AUTH=PLAIN" in server.capabilities:
            server.authenticate("PLAIN", lambda _challenge: f"\0{name}\0{password}".encode())
        elif (name + password).isascii():
            server.login(quoted(name), password)
        else:
            raise Unusable("it takes no name or password with letters beyond ASCII")
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        # What the server says may repeat what it was told.
        raise (
            error if isinstance(error, Unusable) else Unusable("it refused the name or the password")
        ) from None


@contextmanager
def open_mailbox(settings: Settings) -> Iterator[Mailbox]:
    """The mailbox of the settings, for a while. Raises OSError or imaplib.IMAP4.error when it cannot be used."""
    parts = urlsplit(settings.mailbox_url or "")
    server = Connection(
        parts.hostname or "", parts.port or 993,
        ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS,
    )  # fmt: skip
    try:
        _log_in(server, unquote(parts.username or ""), unquote(parts.password or ""))
        status, _said = server.select(quoted(folder_name(unquote(parts.path.strip("/")) or "INBOX")))
        if status != "OK":
            raise Unusable("it has no such folder")
        yield ImapMailbox(server)
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def why(error: Exception) -> str:
    """What kept a mailbox from being read, for the log: never an address, a name or a password."""
    if isinstance(error, Unusable):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate does not prove whose it is"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return f"the line broke ({type(error).__name__})"
