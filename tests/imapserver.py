"""A mail server for tests: IMAP4rev1 over TLS on this machine, as much of RFC 3501 as mail programs use.

Folders live in memory. It can be told to behave as servers do on a bad day: to break the line in the middle of a
letter, to stop answering, to refuse a command, to tell news nobody asked for, to make a folder anew.
"""

import re
import socket
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|([^\s()"]+(?:\[[^\]]*\])?(?:<[^>]*>)?)')
_SECTION = re.compile(r"BODY(\.PEEK)?\[([A-Z]*)\](?:<(\d+)\.(\d+)>)?", re.IGNORECASE)


@dataclass
class Stored:
    """A letter in a folder."""

    uid: int
    raw: bytes
    arrived_at: datetime
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """A folder: its letters and the number that changes when it is made anew."""

    validity: int = 1
    letters: list[Stored] = field(default_factory=list)
    next_uid: int = 1

    def add(self, raw: bytes, arrived_at: datetime, flags: set[str] | None = None) -> int:
        """Put a letter in; its UID."""
        uid = self.next_uid
        self.letters.append(
            Stored(uid, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), arrived_at, flags or set())
        )
        self.next_uid += 1
        return uid

    def make_anew(self) -> None:
        """The same letters under other numbers, as after a server was moved."""
        self.validity, kept = self.validity + 1, self.letters
        self.letters, self.next_uid = [], 1000
        for one in kept:
            self.add(one.raw, one.arrived_at, one.flags)


@dataclass
class Manners:
    """How the server behaves. Counters fall as they are used up."""

    capabilities: str = "IMAP4rev1 AUTH=PLAIN UIDPLUS MOVE"
    #: bytes of a literal after which the line breaks, while `breaks` is above 0
    break_after: int = 0
    breaks: int = 0
    #: UIDs at which it always breaks
    breaks_at: set[int] = field(default_factory=set)
    #: commands that are answered NO
    refused: set[str] = field(default_factory=set)
    #: commands that are never answered
    silent: set[str] = field(default_factory=set)
    #: says news of other letters before each answer
    talkative: bool = False
    #: gives short texts as quoted strings instead of literals
    quotes: bool = False
    #: says a literal is this long
    boasts: int = 0
    #: called before each command
    before: Callable[[str], None] = lambda _command: None


class ImapServer:
    """Listens on a port of this machine until it is closed. `said` is every line clients sent."""

    def __init__(self, folder: Path, user: str = "cutie", password: str = "parola") -> None:
        self.user, self.password = user, password
        self.folders: dict[str, Folder] = {"INBOX": Folder()}
        self.manners = Manners()
        self.said: list[str] = []
        self.certificate = folder / "mail.pem"
        _write_certificate(self.certificate)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def inbox(self) -> Folder:
        """The folder letters arrive in."""
        return self.folders["INBOX"]

    def close(self) -> None:
        """Stop listening and hang up."""
        for one in (self._listener, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), self._context.wrap_socket(line, server_side=True) as secured:
            self._open.append(secured)
            Conversation(self, secured).run()


class Conversation:
    """One client."""

    def __init__(self, server: ImapServer, line: ssl.SSLSocket) -> None:
        self.server, self.line, self.reader = server, line, line.makefile("rb")
        self.folder: Folder | None = None
        self.writable = True
        self.known = False

    def say(self, words: str) -> None:
        """One line to the client."""
        self.line.sendall(words.encode() + b"\r\n")

    def _heard(self) -> str:
        """A whole command, with its literals as quoted strings."""
        whole = b""
        while True:
            line = self.reader.readline()
            if not line:
                raise ConnectionError
            if not (literal := _LITERAL.search(line)):
                return (whole + line).decode("utf-8", "surrogateescape").rstrip("\r\n")
            self.say("+ go on")
            words = self.reader.read(int(literal[1])).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            whole += line[: literal.start()] + b'"' + words + b'"'

    def run(self) -> None:
        """Until the client leaves."""
        self.say("* OK ready")
        while True:
            heard = self._heard()
            self.server.said.append(heard)
            tag, name, rest = (heard.split(" ", 2) + ["", ""])[:3]
            command = name.upper()
            if command == "UID":
                command, _space, rest = rest.partition(" ")
                command = f"UID {command.upper()}"
            manners = self.server.manners
            manners.before(command)
            if command in manners.silent:
                threading.Event().wait(20)
                return
            if command in manners.refused:
                self.say(f"{tag} NO not here")
                continue
            if command == "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK bye")
                return
            said = self._do(command, _tokens(rest))
            self.say(f"{tag} {said}")

    def _do(self, command: str, words: list[str]) -> str:
        if command == "CAPABILITY":
            self.say(f"* CAPABILITY {self.server.manners.capabilities}")
            return "OK done"
        if command == "NOOP":
            return "OK done"
        if command == "LOGIN":
            return self._enter(words[0], words[1])
        if command == "AUTHENTICATE":
            self.say("+ ")
            _as, name, password = b64decode(self._heard()).decode().split("\0")
            return self._enter(name, password)
        if not self.known:
            return "BAD log in first"
        if command in ("SELECT", "EXAMINE"):
            return self._select(words[0], command == "SELECT")
        if self.folder is None:
            return "BAD select a folder first"
        doing = {
            "UID SEARCH": self._search, "UID FETCH": self._fetch, "UID STORE": self._store, "UID COPY": self._copy,
            "UID MOVE": self._move, "EXPUNGE": self._expunge, "UID EXPUNGE": self._expunge, "CLOSE": self._expunge,
        }.get(command)  # fmt: skip
        return doing(self.folder, words) if doing else "BAD unknown"

    def _enter(self, name: str, password: str) -> str:
        self.known = (name, password) == (self.server.user, self.server.password)
        return "OK welcome" if self.known else f"NO [AUTHENTICATIONFAILED] {name}:{password} is wrong"

    def _select(self, name: str, writable: bool) -> str:
        self.folder, self.writable = self.server.folders.get(name), writable
        if self.folder is None:
            return "NO no such folder"
        self.say("* FLAGS (\\Seen \\Deleted \\Flagged)")
        self.say(f"* {len(self.folder.letters)} EXISTS")
        self.say("* 0 RECENT")
        self.say(f"* OK [UIDVALIDITY {self.folder.validity}] same as ever")
        self.say(f"* OK [UIDNEXT {self.folder.next_uid}] next")
        return "OK [READ-WRITE] open" if writable else "OK [READ-ONLY] open"

    def _search(self, folder: Folder, words: list[str]) -> str:
        found = folder.letters
        while words:
            what = words.pop(0).upper()
            if what == "UNSEEN":
                found = [one for one in found if "\\Seen" not in one.flags]
            elif what == "HEADER":
                name, value = words.pop(0), words.pop(0)
                wanted = re.compile(
                    rf"^{re.escape(name)}:[^\n]*{re.escape(value)}".encode(), re.IGNORECASE | re.MULTILINE
                )
                found = [one for one in found if wanted.search(one.raw.partition(b"\r\n\r\n")[0])]
            elif what != "ALL":
                return "BAD unknown search"
        self.say("* SEARCH" + "".join(f" {one.uid}" for one in found))
        return "OK done"

    def _chosen(self, folder: Folder, uids: str) -> list[Stored]:
        wanted: set[int] = set()
        for part in uids.split(","):
            first, _colon, last = part.partition(":")
            end = folder.next_uid if last == "*" else int(last or first)
            wanted.update(range(int(first), end + 1))
        return [one for one in folder.letters if one.uid in wanted]

    def _fetch(self, folder: Folder, words: list[str]) -> str:
        for one in self._chosen(folder, words[0]):
            place = folder.letters.index(one) + 1
            if self.server.manners.talkative:
                self.say(f"* {place} FETCH (FLAGS ({' '.join(one.flags)}) UID {one.uid + 7})")
                self.say(f"* {len(folder.letters)} EXISTS")
                self.say(f"* {place} FETCH (FLAGS ())")
            parts: list[bytes] = []
            for what in words[1].strip("()").split():
                parts.append(self._item(one, what))
            text = f"* {place} FETCH (".encode() + b" ".join(parts) + b")\r\n"
            self._send(one, text)
        return "OK done"

    def _item(self, one: Stored, what: str) -> bytes:
        if what == "UID":
            return f"UID {one.uid}".encode()
        if what == "FLAGS":
            return f"FLAGS ({' '.join(sorted(one.flags))})".encode()
        if what == "INTERNALDATE":
            return f'INTERNALDATE "{one.arrived_at:%d-%b-%Y %H:%M:%S %z}"'.encode()
        if what == "RFC822.SIZE":
            return f"RFC822.SIZE {len(one.raw)}".encode()
        section = _SECTION.fullmatch(what)
        assert section, f"unknown item {what}"
        text = one.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if section[2].upper() == "HEADER" else one.raw
        name = f"BODY[{section[2]}]"
        if section[3] is not None:
            start = int(section[3])
            text, name = text[start : start + int(section[4])], f"{name}<{start}>"
        if not section[1]:
            one.flags.add("\\Seen")
        if self.server.manners.quotes and len(text) < 500 and b"\n" not in text:
            escaped = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
            return name.encode() + b' "' + escaped + b'"'
        length = self.server.manners.boasts or len(text)
        return f"{name} {{{length}}}\r\n".encode() + text

    def _send(self, one: Stored, text: bytes) -> None:
        manners = self.server.manners
        if b"BODY[]" in text[:80] and (manners.breaks > 0 or one.uid in manners.breaks_at):
            manners.breaks -= manners.breaks > 0
            self.line.sendall(text[: manners.break_after or 60])
            raise ConnectionError
        self.line.sendall(text)

    def _store(self, folder: Folder, words: list[str]) -> str:
        if not self.writable:
            return "NO the folder is open for reading alone"
        flags = set(words[2].strip("()").split())
        for one in self._chosen(folder, words[0]):
            one.flags = one.flags - flags if words[1].startswith("-") else one.flags | flags
            if not words[1].upper().endswith(".SILENT"):
                self.say(
                    f"* {folder.letters.index(one) + 1} FETCH (FLAGS ({' '.join(one.flags)}) UID {one.uid})"
                )
        return "OK done"

    def _copy(self, folder: Folder, words: list[str]) -> str:
        target = self.server.folders.get(words[1])
        if target is None:
            return "NO [TRYCREATE] no such folder"
        for one in self._chosen(folder, words[0]):
            target.add(one.raw, one.arrived_at, set(one.flags))
        return "OK done"

    def _move(self, folder: Folder, words: list[str]) -> str:
        said = self._copy(folder, words)
        if said.startswith("OK"):
            self._remove(folder, self._chosen(folder, words[0]))
        return said

    def _expunge(self, folder: Folder, _words: list[str]) -> str:
        self._remove(folder, [one for one in folder.letters if "\\Deleted" in one.flags])
        return "OK done"

    def _remove(self, folder: Folder, gone: list[Stored]) -> None:
        for one in gone:
            self.say(f"* {folder.letters.index(one) + 1} EXPUNGE")
            folder.letters.remove(one)


def _tokens(words: str) -> list[str]:
    found = []
    for quoted, listed, atom in _TOKEN.findall(words):
        found.append(re.sub(r"\\(.)", r"\1", quoted) if not listed and not atom else listed or atom)
    return found


def _write_certificate(path: Path) -> None:
    """A certificate of its own for this machine, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail for tests")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
