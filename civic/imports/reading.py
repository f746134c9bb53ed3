"""Rows of a CSV file or of a sheet of a workbook, one after another: memory does not grow with their number."""

import codecs
import csv
import io
import lzma
import re
import tempfile
import zipfile
import zlib
from array import array
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import IO, Any

from civic.errors import Invalid
from civic.files.storage import CHUNK
from civic.imports.layout import column_of, layout_of
from civic.imports.rules import NO_RESULT, Cell, written

#: What more than this makes is a bomb, not a table.
MAX_UNPACKED, MAX_PARTS = 2_000_000_000, 2_000
MAX_COLUMNS, MAX_CELL, MAX_ROWS = 200, 100_000, 1_048_576
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Built-in formats of numbers that show a day.
_DAY_FORMATS = frozenset((14, 15, 16, 17, 22))
#: Those that show a percentage.
_PERCENT_FORMATS = frozenset((9, 10))
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
#: Words, colours and signs in a format of numbers that say nothing about days.
_SAID = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
#: A character of a workbook written by its number, as Excel keeps line ends.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: The first line by which spreadsheets are told the sign between columns.
_SIGN_TOLD = re.compile(r'"?sep=([,;\t|])"?\s*', re.IGNORECASE)
#: How much of a file is looked at to find the sign between its columns.
_LOOKED_AT = 64_000

Numbered = tuple[int, list[Cell]]


class Unusable(Invalid):
    """The file is no table we can read; `code` says why, `row` from which row on where one is to blame."""

    def __init__(self, code: str, row: int = 0) -> None:
        super().__init__(code)
        self.code, self.row = code, row

    @property
    def stored(self) -> str:
        """As an import keeps it."""
        return f"{self.code}:{self.row}" if self.row else self.code


@contextmanager
def opened(content: IO[bytes], form: str, sheet: str = "") -> Iterator[Iterator[Numbered]]:
    """(number in the file, cells) of every row that has something in it. Raises Unusable."""
    with tempfile.TemporaryFile() as copy:
        while piece := content.read(CHUNK):
            copy.write(piece)
        copy.seek(0)
        # Both end before the copy is closed, also when nobody reads to the end.
        with closing(_csv_rows(copy) if form == "csv" else _workbook_rows(copy, sheet)) as rows:
            yield _bounded(rows)


def _workbook_rows(content: IO[bytes], sheet: str) -> Generator[Numbered, None, None]:
    try:
        with zipfile.ZipFile(content) as package:
            yield from _sheet_rows(package, sheet)
    except (
        zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, ValueError, OverflowError, EOFError, OSError,
        NotImplementedError, lzma.LZMAError,
    ) as error:  # fmt: skip
        raise Unusable("workbook") from error
    except RuntimeError as error:
        # What a package says whose parts are encrypted.
        raise Unusable("locked") from error


def _bounded(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    for number, row in rows:
        while row and row[-1] == "":
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise Unusable("columns", number)
        if number > MAX_ROWS:
            raise Unusable("rows")
        if row:
            yield number, row


def _csv_rows(content: IO[bytes]) -> Generator[Numbered, None, None]:
    words = io.TextIOWrapper(content, encoding=_encoding(content), newline="")
    number = 0
    try:
        start = words.read(_LOOKED_AT)
        if "\0" in start.partition("\n")[0] or start.startswith(("%PDF", "PK\3\4")):
            raise Unusable("text")
        told = _SIGN_TOLD.fullmatch(start.partition("\n")[0])
        words.seek(0)
        reader = csv.reader(words, delimiter=told[1] if told else _sign(start), strict=True)
        for number, row in enumerate(reader, 1):
            if any("\0" in cell for cell in row):
                raise Unusable("signs", number)
            if not (told and number == 1):
                yield number, [cell.strip() for cell in row]
    except csv.Error as error:
        # The row that could not be read is the one after the last that could.
        raise Unusable("quotes", number + 1) from error
    except UnicodeDecodeError as error:
        raise Unusable("text") from error
    finally:
        words.detach()


def _sign(start: str) -> str:
    """What stands between the columns: the sign that gives the most rows of one width, quotes and titles or not.

    >>> _sign("Report, 2024, all\\na;b;c\\n1;2,5;3\\n")
    ';'
    """
    ratings = {mark: _rating(start, mark) for mark in ",;\t|"}
    best = max(ratings, key=lambda mark: ratings[mark])
    return best if ratings[best] else max(ratings, key=start.partition("\n")[0].count)


def _rating(start: str, mark: str) -> int:
    widths: Counter[int] = Counter()
    try:
        # The last line may be cut off.
        for row in csv.reader(io.StringIO(start, newline=""), delimiter=mark):
            widths[len(row)] += 1
    except csv.Error:
        pass
    return max(((rows - 1) * (width - 1) for width, rows in widths.items()), default=0)


def _encoding(content: IO[bytes]) -> str:
    """UTF-8 where the whole file is, with or without its mark; else the code page of Romanian Windows."""
    start = content.read(4)
    content.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := content.read(CHUNK):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1250"
    finally:
        content.seek(0)
    return "utf-8-sig"


class _Strings:
    """The texts that the cells of a workbook share, kept on the disk with the places where they begin."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the last row
        self._starts = array("Q", [0])

    def add(self, words: str) -> None:
        self._file.write(words.encode())
        self._starts.append(self._file.tell())

    def read(self, place: int) -> str:
        if not 0 <= place < len(self._starts) - 1:
            raise Unusable("workbook")
        self._file.seek(self._starts[place])
        return self._file.read(self._starts[place + 1] - self._starts[place]).decode()

    def close(self) -> None:
        self._file.close()


def _sheet_rows(package: zipfile.ZipFile, name: str) -> Iterator[Numbered]:
    entries = package.infolist()
    if len(entries) > MAX_PARTS or sum(one.file_size for one in entries) > MAX_UNPACKED:
        raise Unusable("workbook")
    names = {one.filename for one in entries}
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll")) for name in names):
        raise Unusable("macros")
    strings = _Strings()
    try:
        if "xl/sharedStrings.xml" in names:
            for item in _elements(package, "xl/sharedStrings.xml", "si"):
                strings.add(_text_of(item))
        sheet = _chosen(package, name)
        styles = _styles(package) if "xl/styles.xml" in names else (frozenset[int](), frozenset[int]())
        days = _Days(*styles, _epoch(package))
        layout = layout_of(package, sheet.part)
        number = 0
        for row in _elements(package, sheet.part, "row"):
            told = row.get("r", "")
            # Rows go down: a number that stood before would have work on them believe that it is done.
            number = max(number + 1, int(told) if told.isdigit() else 0)
            yield number, layout.fill(number, _cells(row, strings, days), MAX_COLUMNS)
    finally:
        strings.close()


def _elements(package: zipfile.ZipFile, part: str, name: str) -> Iterator[Any]:
    """The elements of a name in a part, each forgotten once it was looked at."""
    from lxml import etree

    with package.open(part) as source:
        walk = etree.iterparse(
            source, events=("end",), tag=_S + name, resolve_entities=False, no_network=True, huge_tree=False
        )
        for _event, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str


@dataclass(frozen=True)
class _Days:
    """Which styles show a number as a day and which as a percentage, and the day from which a workbook counts."""

    styles: frozenset[int]
    percents: frozenset[int]
    epoch: date


@dataclass(frozen=True)
class Book:
    """What of a workbook is read: the name of the sheet and how many of its rows are hidden; and all its sheets."""

    sheet: str
    hidden: int
    sheets: list[str]


def look_into(content: IO[bytes], name: str = "") -> Book:
    """What is read of a workbook that was taken, when the sheet of that name is chosen or none is."""
    with zipfile.ZipFile(content) as package:
        read = _chosen(package, name)
        return Book(read.name, layout_of(package, read.part).hidden, [one.name for one in _sheets(package)])


def _chosen(package: zipfile.ZipFile, name: str) -> _Sheet:
    """The sheet of that name; without it the first with rows under a heading."""
    sheets = _sheets(package)
    named = next((one for one in sheets if one.name == name), None) if name else None
    return named or next((one for one in sheets if _has_rows(package, one.part)), sheets[0])


def _parsed(package: zipfile.ZipFile, part: str) -> Any:
    """A small part of a workbook, whole. What is no XML is a SyntaxError."""
    from lxml import etree

    return etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _book(package: zipfile.ZipFile) -> Any:
    return _parsed(package, "xl/workbook.xml")


def _epoch(package: zipfile.ZipFile) -> date:
    about = _book(package).find(f"{_S}workbookPr")
    since_1904 = about is not None and about.get("date1904", "0") in ("1", "true")
    return _EPOCH_1904 if since_1904 else _EPOCH


def _sheets(package: zipfile.ZipFile) -> list[_Sheet]:
    """The sheets that are not hidden, in their order."""
    links = _parsed(package, "xl/_rels/workbook.xml.rels")
    parts = {link.get("Id"): link.get("Target", "").lstrip("/") for link in links}
    found = []
    for sheet in _book(package).iterfind(f"{_S}sheets/{_S}sheet"):
        part = parts.get(sheet.get(_R), "")
        if part and "worksheet" in part and sheet.get("state", "visible") == "visible":
            found.append(_Sheet(sheet.get("name", ""), part if part.startswith("xl/") else f"xl/{part}"))
    if not found:
        raise Unusable("workbook")
    return found


def _has_rows(package: zipfile.ZipFile, part: str) -> bool:
    """Whether two rows of a sheet have at least two cells with something in them each."""
    rows = 0
    for row in _elements(package, part, "row"):
        filled = sum(cell.find(f"{_S}v") is not None or cell.find(f"{_S}is") is not None for cell in row)
        rows += filled > 1
        if rows > 1:
            return True
    return False


def _styles(package: zipfile.ZipFile) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the styles that show a number as a day, and of those that show it as a percentage."""
    styles = _parsed(package, "xl/styles.xml")
    own = {
        int(one.get("numFmtId")): _SAID.sub("", one.get("formatCode", "")).lower()
        for one in styles.iterfind(f".//{_S}numFmt")
    }
    found, percents = set(), set()
    for place, style in enumerate(styles.iterfind(f"{_S}cellXfs/{_S}xf")):
        number = int(style.get("numFmtId", "0"))
        if number in _DAY_FORMATS or ("y" in own.get(number, "") and "d" in own.get(number, "")):
            found.add(place)
        elif number in _PERCENT_FORMATS or "%" in own.get(number, ""):
            percents.add(place)
    return frozenset(found), frozenset(percents)


def _text_of(element: Any) -> str:
    """The words of a shared or inline text, without how they are read aloud in other scripts."""
    words = "".join(part.text or "" for part in element.iter(_S + "t") if part.getparent().tag != _S + "rPh")
    return _ESCAPED.sub(lambda found: _character(int(found[1], 16)), words[:MAX_CELL])


def _character(number: int) -> str:
    """The character of an escape; those that no text has are a space."""
    return " " if (number < 32 and number != 10) or 0xD800 <= number < 0xE000 else chr(number)


def _cells(row: Any, strings: _Strings, days: _Days) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iterfind(_S + "c"):
        place = column_of(cell.get("r", "")) if cell.get("r") else len(cells)
        if place >= 20_000:
            raise Unusable("columns")
        value = _value(cell, strings, days)
        if value == "" and place >= MAX_COLUMNS:
            continue
        cells.extend([""] * (place - len(cells)))
        cells.append(value)
    return cells


def _value(cell: Any, strings: _Strings, days: _Days) -> Cell:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text_of(cell).strip()
    raw = cell.findtext(_S + "v")
    if not raw:
        return NO_RESULT if kind == "n" and cell.find(_S + "f") is not None else ""
    if kind == "s":
        return strings.read(int(raw) if raw.isdigit() else -1).strip()
    if kind != "n":
        return raw.strip()
    try:
        # A workbook keeps binary fractions: what was typed is the shortest text that gives the same one.
        number = Decimal(repr(float(raw)))
    except (ValueError, ArithmeticError):
        return raw.strip()
    if not number.is_finite():
        return raw.strip()
    style = int(cell.get("s", "0"))
    if style in days.styles and 0 < number < 200_000:
        return (days.epoch + timedelta(days=int(number))).isoformat()
    if style in days.percents:
        return f"{written(number * 100)}%"
    return number
