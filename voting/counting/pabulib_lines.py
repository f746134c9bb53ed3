"""The lines of a `.pb` file: read within bounds, split into cells, faults collected with their line numbers.

Written for files from strangers: nothing here holds more than one bounded record in memory, whatever is fed.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

#: The longest line and the longest quoted record accepted, in bytes (or characters of a text handle).
MAX_LINE = 256 * 1024
#: How many lines a quoted record may span.
MAX_RECORD_LINES = 200
#: How many blank lines are passed over.
MAX_BLANK_LINES = 10_000
#: How many faults are listed before reading stops.
MAX_FAULTS = 100
#: How many notes are kept.
MAX_NOTES = 100

_EXCERPT = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one line. `message_code` is stable and meant for translation, `message` is English."""

    line: int
    message_code: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class PabulibError(Exception):
    """The file cannot be used; `faults` lists why, in the order found, at most `MAX_FAULTS` of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:5]) or "not a .pb file")
        self.faults = faults


class FaultList:
    """Collects faults and notes while reading.

    `fatal` ends reading. `fault` is listed and reading goes on, until `MAX_FAULTS` end it; in lenient mode it
    becomes a note and the caller leaves the line out. `note` never stops anything.
    """

    def __init__(self, lenient: bool) -> None:
        self.lenient = lenient
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []

    def fatal(self, line: int, code: str, message: str) -> PabulibError:
        """The error to raise now, with everything found so far and this."""
        self.faults.append(Fault(line, code, message))
        return PabulibError(self.faults)

    def fault(self, line: int, code: str, message: str) -> None:
        """Record that a line is wrong."""
        if self.lenient:
            self.note(line, code, message)
            return
        self.faults.append(Fault(line, code, message))
        if len(self.faults) >= MAX_FAULTS:
            raise self.fatal(line, "too_many_faults", f"more than {MAX_FAULTS} faults: reading stopped here")

    def note(self, line: int, code: str, message: str) -> None:
        """Record something a person should know that does not prevent counting."""
        if len(self.notes) < MAX_NOTES:
            self.notes.append(Fault(line, code, message))
        elif len(self.notes) == MAX_NOTES:
            self.notes.append(
                Fault(line, "too_many_notes", f"more than {MAX_NOTES} notes: the rest is left out")
            )

    def raise_if_any(self) -> None:
        """Raise PabulibError when a fault was found."""
        if self.faults:
            raise PabulibError(self.faults)


def printable(text: str) -> str:
    """The text with what would move a terminal's cursor or hide in a message replaced."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def excerpt(text: str) -> str:
    """A short printable piece of `text` for a message."""
    return f"{printable(text[:_EXCERPT])}…" if len(text) > _EXCERPT else printable(text)


def numbered_lines(handle: IO[bytes] | IO[str], faults: FaultList) -> Iterator[tuple[int, str]]:
    """The lines of a binary (UTF-8) or text handle, each with its number and its line end.

    A line that is too long, not UTF-8 or holds a NUL is a fault and is left out. Raises PabulibError for what
    is no text at all.
    """
    number = 0
    while True:
        try:
            raw = handle.readline(MAX_LINE + 1)
        except UnicodeDecodeError as error:
            raise faults.fatal(number + 1, "bad_encoding", "not UTF-8 text") from error
        if not raw:
            return
        number += 1
        if number == 1:
            _refuse_binary(raw, faults)
        if len(raw) > MAX_LINE:
            while raw and not _ends(raw):
                raw = handle.readline(MAX_LINE + 1)
            faults.fault(number, "line_too_long", f"a line of more than {MAX_LINE} characters")
            continue
        if isinstance(raw, bytes):
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                faults.fault(number, "bad_encoding", "not UTF-8 text")
                continue
        else:
            text = raw
        if number == 1:
            text = text.removeprefix("\ufeff")
        if "\0" in text:
            faults.fault(number, "nul_byte", "a NUL byte")
            continue
        yield number, text


def _ends(raw: bytes | str) -> bool:
    return raw.endswith(b"\n") if isinstance(raw, bytes) else raw.endswith("\n")


def _refuse_binary(raw: bytes | str, faults: FaultList) -> None:
    """Name the common things that are uploaded instead of a `.pb` file."""
    head = raw[:8] if isinstance(raw, bytes) else raw[:8].encode("utf-8", "replace")
    if head.startswith(b"PK\x03\x04"):
        raise faults.fatal(1, "not_pabulib", "a zip archive or office document, not a .pb file")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise faults.fatal(1, "bad_encoding", "UTF-16 text; save the file as UTF-8")
    if head.startswith((b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\x7fELF")) or b"\0" in head:
        raise faults.fatal(1, "not_pabulib", "a binary file, not a .pb file")


class OpenQuote(ValueError):
    """A quoted cell has no closing quote in the text given."""


def split_cells(text: str) -> list[str]:
    """The cells of one record. Only a quote at the start of a cell quotes; raises OpenQuote if left open."""
    if '"' not in text:
        return text.split(";")
    cells, at = [], 0
    while True:
        if text.startswith('"', at):
            content, at = [], at + 1
            while True:
                quote = text.find('"', at)
                if quote < 0:
                    raise OpenQuote
                content.append(text[at:quote])
                at = quote + 1
                if not text.startswith('"', at):
                    break
                content.append('"')
                at += 1
            end = text.find(";", at)
            content.append(text[at : end if end >= 0 else len(text)])
            cells.append("".join(content))
        else:
            end = text.find(";", at)
            cells.append(text[at : end if end >= 0 else len(text)])
        if end < 0:
            return cells
        at = end + 1


def records(handle: IO[bytes] | IO[str], faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    """The records of a file as (number of the first line, cells); blank lines are left out.

    A quoted cell may span lines. One that is never closed is a fault of the line where it starts, and reading
    goes on with the next line.
    """
    lines = numbered_lines(handle, faults)
    pending: deque[tuple[int, str]] = deque()
    blank = 0
    while True:
        if pending:
            number, text = pending.popleft()
        else:
            following = next(lines, None)
            if following is None:
                return
            number, text = following
        bare = text.rstrip("\r\n")
        if not bare.strip():
            blank += 1
            if blank > MAX_BLANK_LINES:
                raise faults.fatal(number, "too_many_blank_lines", f"more than {MAX_BLANK_LINES} blank lines")
            continue
        try:
            yield number, split_cells(bare)
            continue
        except OpenQuote:
            pass
        taken: list[tuple[int, str]] = []
        size, cells = len(text), None
        parts = [text]
        while len(taken) < MAX_RECORD_LINES and size <= MAX_LINE:
            following = pending.popleft() if pending else next(lines, None)
            if following is None:
                break
            taken.append(following)
            parts.append(following[1])
            size += len(following[1])
            if '"' in following[1]:
                try:
                    cells = split_cells("".join(parts).rstrip("\r\n"))
                    break
                except OpenQuote:
                    continue
        if cells is None:
            faults.fault(number, "open_quote", "a quoted cell is never closed")
            pending.extendleft(reversed(taken))
        else:
            yield number, cells
