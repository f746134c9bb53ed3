"""Reading an e-mail: who wrote it, what, with which files, and whether a person wrote it at all.

RFC 3834 says what not to answer: messages made by machines, bounces, lists, and our own.
"""

import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr

from civic.files.rules import MAX_BYTES
from civic.text import clean_line, clean_text

#: A consultation in a subject: "C7-2026". A number before it names a contribution already registered.
_REFERENCE = re.compile(r"(?<![\w/])(?:(\d{1,6})/)?C(\d{1,9})-(20\d\d)\b", re.IGNORECASE)
#: A header with the lines it goes on in.
_FIELD = re.compile(rb"^[^\s:]+:.*(?:\n[ \t].*)*\n?", re.MULTILINE)
_TAG = re.compile(r"^c(\d{1,9})$", re.IGNORECASE)
_MACHINES = ("mailer-daemon", "postmaster")
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True)
class File:
    """Something attached."""

    name: str
    data: bytes
    #: larger than any file that is kept: its bytes are left where they are
    too_large: bool = False


@dataclass(frozen=True)
class Mail:
    """An e-mail as far as the register needs it."""

    message_id: str
    name: str
    address: str
    recipients: tuple[str, ...]
    subject: str
    body: str
    files: tuple[File, ...] = ()
    #: why no person is to be answered: "automatic", "bounce", "list", "own"; empty for a letter
    machine: str = ""
    #: the numbers in the subject: (contribution or None, consultation, year)
    references: tuple[tuple[int | None, int, int], ...] = field(default=())

    def consultation_of(self, address: str) -> int | None:
        """The consultation named by the tag of an address we receive mail at, `name+c7@city.example`."""
        local, _at, domain = address.partition("@")
        for recipient in self.recipients:
            name, _plus, tag = recipient.partition("@")[0].partition("+")
            found = _TAG.match(tag)
            if found and name == local and recipient.endswith(f"@{domain}"):
                return int(found[1])
        return None


#: A letter of which nothing can be read.
NOTHING = Mail("", "", "", (), "", "")


class _Words:
    """The words of an HTML letter, a line where a reader sees one; what libxml2 tells while it reads."""

    _LINES = frozenset(
        {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"}
    )
    _SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.silent = 0

    def start(self, tag: str, _attributes: object) -> None:
        """A new line, or the beginning of what is not read."""
        if tag in self._SILENT:
            self.silent += 1
        elif tag in self._LINES:
            self.parts.append("\n")

    def end(self, tag: str) -> None:
        """The end of what is not read, or of a paragraph."""
        if tag in self._SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in ("p", "div", "tr", "li"):
            self.parts.append("\n")

    def data(self, words: str) -> None:
        """Words; line breaks of the source are spaces."""
        if not self.silent:
            self.parts.append(" ".join(words.split("\n")))

    def close(self) -> str:
        """What was read."""
        return "".join(self.parts)


def words_of_html(html: str) -> str:
    """An HTML letter as plain text.

    >>> words_of_html("<style>p {}</style><p>Bună ziua,</p><p>Vreau&nbsp;umbră.<br>Mulțumesc</p>")
    'Bună ziua,\\n\\nVreau umbră.\\nMulțumesc'
    """
    from lxml import etree

    # The standard library's reader takes minutes for a letter of open brackets, libxml2 a moment.
    reader = etree.HTMLParser(target=_Words(), encoding="utf-8", no_network=True, huge_tree=True)
    try:
        read_so_far = etree.fromstring(html.encode("utf-8", "replace"), reader)
    except etree.LxmlError:
        return ""
    return clean_text("\n".join(" ".join(line.split()) for line in (read_so_far or "").split("\n")))


def decode(data: bytes, charset: str | None) -> str:
    """Text in the encoding it names; when that is wrong, as UTF-8; when that is too, with marks for what is lost."""
    for name in (charset, "utf-8"):
        try:
            return data.decode(name or "utf-8")
        except (LookupError, ValueError):
            continue  # a name no codec has, or one whose codec is not for letters
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _bytes_of(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(message: EmailMessage, name: str) -> str:
    try:
        return clean_line(str(message.get(name, "")))
    except (ValueError, IndexError, TypeError, AttributeError, UnicodeError):
        return ""  # headers that the library cannot read


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    for part in message.walk():
        if not part.is_multipart() and isinstance(part, EmailMessage):
            yield part


def _is_attached(part: EmailMessage) -> bool:
    try:
        return bool(part.get_filename()) or part.get_content_disposition() == "attachment"
    except (ValueError, IndexError, TypeError, AttributeError, UnicodeError):
        return True


def _body(message: EmailMessage) -> str:
    """The first plain text with words in it, else the first HTML text."""
    html = ""
    for part in _leaves(message):
        if _is_attached(part):
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and (text := clean_text(decode(_bytes_of(part), part.get_content_charset()))):
            return text
        if kind == "text/html" and not html:
            html = words_of_html(decode(_bytes_of(part), part.get_content_charset()))
    return html


def _too_large(part: EmailMessage) -> bool:
    """Whether a file is certainly larger than any that is kept: decoding takes three times its size once more."""
    coded = part.get_payload()
    # Base64 makes four characters and some line ends of three bytes, the other way up to three of one.
    growth = 1.5 if _header(part, "Content-Transfer-Encoding").lower() == "base64" else 3.2
    return isinstance(coded, str) and len(coded) > MAX_BYTES * growth


def _files(message: EmailMessage) -> tuple[File, ...]:
    found = []
    for part in _leaves(message):
        if _is_attached(part):
            try:
                name = clean_line(part.get_filename() or "")
            except (ValueError, IndexError, TypeError, AttributeError, UnicodeError):
                name = ""
            too_large = _too_large(part)
            found.append(File(name[:120] or "-", b"" if too_large else _bytes_of(part), too_large))
    return tuple(found)


def _machine(message: EmailMessage, address: str, own: Collection[str]) -> str:
    """Why this is no letter of a person; empty when it is one."""
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return "bounce"
    path = _header(message, "Return-Path")
    if not address or path == "<>" or address.partition("@")[0] in _MACHINES:
        return "bounce"
    if address in own:
        return "own"
    if (_header(message, "Auto-Submitted").lower() or "no").split(";")[0].strip() != "no":
        return "automatic"
    if _header(message, "X-Autoreply") or _header(message, "X-Autorespond"):
        return "automatic"
    if _header(message, "List-Id") or _header(message, "Precedence").lower() in ("bulk", "list", "junk"):
        return "list"
    return ""


def _plain_address(address: str) -> str:
    """An address without its tag, in lower case."""
    local, at, domain = address.lower().partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def read(raw: bytes, own: Collection[str]) -> Mail:
    """An e-mail from its bytes, whatever is wrong with them. `own` are the addresses we ourselves write from."""
    try:
        return _read(raw, own)
    except Exception:
        # One letter made to break the reader must not stop the others: a clerk gets it by its headers.
        head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        kept = [line for line in _FIELD.findall(head) if not line.lower().startswith(b"content-")]
        return _read(b"".join(kept) + b"\n", own)


def _read(raw: bytes, own: Collection[str]) -> Mail:
    # From a file: read as one string, a letter takes four times its size.
    message = BytesParser(policy=policy.default).parse(io.BytesIO(raw))
    assert isinstance(message, EmailMessage)
    name, address = parseaddr(_header(message, "From"))
    address = address.strip().lower() if "@" in address else ""
    given = [_header(message, header) for header in _RECIPIENTS]
    subject = _header(message, "Subject")[:300]
    references = tuple(
        (int(found[1]) if found[1] else None, int(found[2]), int(found[3]))
        for found in _REFERENCE.finditer(subject)
    )
    return Mail(
        message_id=_header(message, "Message-ID"),
        name=clean_line(name)[:120],
        address=address,
        recipients=tuple(one.lower() for _name, one in getaddresses(given) if "@" in one),
        subject=subject,
        body=_body(message),
        files=_files(message),
        machine=_machine(message, _plain_address(address), {_plain_address(one) for one in own}),
        references=references,
    )
