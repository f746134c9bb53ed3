"""The lines of a `.pb` file: read within bounds, split into cells, faults collected with their line numbers.

Written for files from strangers: nothing here holds more than one bounded record in memory, whatever is fed.
"""

import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from voting.counting.pabulib_writer import MAX_LINE, row_text

#: How much of a file is read at a time.
PIECE = 64 * 1024
#: How many lines a quoted record may span.
MAX_RECORD_LINES = 200
#: How many blank lines are passed over.
MAX_BLANK_LINES = 10_000
#: How many faults are listed before reading stops.
MAX_FAULTS = 100
#: How many notes are kept.
MAX_NOTES = 100

_EXCERPT = 40
#: How much of the beginning says how the lines of a file end.
_HEAD = 64 * 1024


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


@dataclass(frozen=True, slots=True)
class Piece:
    """Some whole lines of a file, numbered, without their ends. `plain`: without quotation marks and in order."""

    first: int
    lines: list[str]
    plain: bool

    def numbered(self) -> Iterator[tuple[int, str]]:
        """Each line with its number."""
        return enumerate(self.lines, self.first)


def pieces(handle: IO[bytes] | IO[str], faults: FaultList) -> Iterator[Piece]:
    """The lines of a binary (UTF-8) or text handle, many at a time.

    A line that is too long, not UTF-8 or holds a NUL is a fault and is left out. Raises PabulibError for what
    is no text at all.
    """
    number, rest, skipping = 1, b"", False
    for raw in _line_feeds(_blocks(handle, faults)):
        if number == 1 and not rest and not skipping:
            _refuse_binary(raw, faults)
        block = raw if skipping else rest + raw
        if skipping:
            # Only that the line goes on need be known of it until its end.
            end = block.find(b"\n") + 1
            if not end:
                continue
            block, skipping, number = block[end:], False, number + 1
        end = block.rfind(b"\n") + 1
        rest = block[end:]
        if end:
            yield from _decoded(number, block[: end - 1], faults)
            number += block.count(b"\n", 0, end)
        if len(rest) > MAX_LINE:
            faults.fault(number, "line_too_long", f"a line of more than {MAX_LINE} bytes")
            rest, skipping = b"", True
    if rest:
        yield from _decoded(number, rest, faults)


def _blocks(handle: IO[bytes] | IO[str], faults: FaultList) -> Iterator[bytes]:
    while True:
        try:
            raw = handle.read(PIECE)
        except UnicodeDecodeError as error:
            raise faults.fatal(1, "bad_encoding", "not UTF-8 text") from error
        if not raw:
            return
        yield raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass")


def _line_feeds(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes; where lines end in a carriage return alone, as old programs write them, in line feeds.

    The beginning decides for all of the file, in however small pieces it is read.
    """
    head = b""
    for raw in blocks:
        head += raw
        if b"\n" in head[:_HEAD] or len(head) >= _HEAD:
            break
    returns = b"\n" not in head[:_HEAD] and b"\r" in head[: _HEAD - 1]
    for raw in itertools.chain([head] if head else [], blocks):
        yield raw.replace(b"\r", b"\n") if returns else raw


def _decoded(number: int, block: bytes, faults: FaultList) -> Iterator[Piece]:
    """One piece of whole lines, or one for each line where something is wrong with one of them."""
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text and (len(block) <= MAX_LINE or _all_short(block)):
        if number == 1:
            text = text.removeprefix("\ufeff")
        yield Piece(number, text.split("\n"), '"' not in text)
        return
    for at, raw in enumerate(block.split(b"\n"), number):
        if len(raw) > MAX_LINE:
            faults.fault(at, "line_too_long", f"a line of more than {MAX_LINE} bytes")
            continue
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError:
            faults.fault(at, "bad_encoding", "not UTF-8 text")
            continue
        if "\0" in line:
            faults.fault(at, "nul_byte", "a NUL byte")
            continue
        yield Piece(at, [line.removeprefix("\ufeff") if at == 1 else line], False)


def _all_short(block: bytes) -> bool:
    return all(len(line) <= MAX_LINE for line in block.split(b"\n"))


def _refuse_binary(raw: bytes, faults: FaultList) -> None:
    """Name the common things that are uploaded instead of a `.pb` file."""
    head = raw[:8]
    if head.startswith(b"PK\x03\x04"):
        raise faults.fatal(1, "not_pabulib", "a zip archive or office document, not a .pb file")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise faults.fatal(1, "bad_encoding", "UTF-16 text; save the file as UTF-8")
    if head.startswith((b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\x7fELF")) or b"\0" in head:
        raise faults.fatal(1, "not_pabulib", "a binary file, not a .pb file")


#: The rest of a quoted cell up to the quote that closes it, and of its cell after that.
_CLOSING = re.compile(r'[^"]*+(?:""[^"]*+)*+"[^;]*+')


def closes(line: str) -> bool:
    """Whether a quoted cell open at the beginning of `line` is closed in it, and none open at its end."""
    found = _CLOSING.match(line)
    if found is None:
        return False
    at = found.end() + 1
    while at <= len(line):
        if line.startswith('"', at):
            found = _CLOSING.match(line, at + 1)
            if found is None:
                return False
            at = found.end() + 1
        else:
            end = line.find(";", at)
            at = end + 1 if end >= 0 else len(line) + 1
    return True


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


class Records:
    """Puts lines together to records: a quoted cell may span lines, blank lines are left out.

    A quoted cell that is never closed is a fault of the line where it starts, and reading goes on with the next
    line.
    """

    def __init__(self, faults: FaultList) -> None:
        self._faults = faults
        self._open: list[tuple[int, str]] = []
        self._size = 0
        self._blank = 0
        self._given_up = 0

    @property
    def complete(self) -> bool:
        """Whether no record waits for its end."""
        return not self._open

    def feed(self, number: int, line: str) -> Iterator[tuple[int, list[str]]]:
        """The records that this line completes, as (number of the first line, cells)."""
        waiting = deque([(number, line)])
        while waiting:
            at, text = waiting.popleft()
            cells = self._begin(at, text) if self.complete else self._go_on(at, text)
            if cells is not None:
                yield cells
            elif self._open and (len(self._open) > MAX_RECORD_LINES or self._size > MAX_LINE):
                waiting.extendleft(reversed(self._give_up()))

    def finish(self) -> Iterator[tuple[int, list[str]]]:
        """The records in what a quotation mark left open at the end of the file."""
        while self._open:
            for number, line in self._give_up():
                yield from self.feed(number, line)

    def _begin(self, number: int, line: str) -> tuple[int, list[str]] | None:
        bare = line.rstrip("\r")
        if not bare.strip():
            self._blank += 1
            if self._blank > MAX_BLANK_LINES:
                raise self._faults.fatal(
                    number, "too_many_blank_lines", f"more than {MAX_BLANK_LINES} blank lines"
                )
            return None
        try:
            return self._whole(number, bare)
        except OpenQuote:
            self._open, self._size = [(number, line)], len(line)
            return None

    def _whole(self, number: int, text: str) -> tuple[int, list[str]] | None:
        """The cells of a record, or None where they could not be written again: quotation marks grow."""
        cells = split_cells(text)
        grows = len(text) > MAX_LINE // 8 and ('"' in text or "\r" in text)
        if grows and len(row_text(cells).encode()) > MAX_LINE:
            self._faults.fault(
                number, "line_too_long", f"a record of more than {MAX_LINE} bytes when written"
            )
            return None
        return number, cells

    def _go_on(self, number: int, line: str) -> tuple[int, list[str]] | None:
        self._open.append((number, line))
        self._size += len(line) + 1
        # Each line is looked at once: a record of many lines is put together only when it is whole.
        if not closes(line):
            return None
        whole, first = "\n".join(text for _, text in self._open).rstrip("\r"), self._open[0][0]
        self._open = []
        return self._whole(first, whole)

    def _give_up(self) -> list[tuple[int, str]]:
        """Report the open quotation mark; the lines after it, to be read on their own."""
        (first, _), *others = self._open
        self._open = []
        self._given_up += 1
        if self._given_up > MAX_FAULTS:
            raise self._faults.fatal(first, "too_many_faults", f"more than {MAX_FAULTS} cells never closed")
        self._faults.fault(first, "open_quote", "a quoted cell is never closed")
        return others
