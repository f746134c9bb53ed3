"""Rows of a CSV file or of a workbook's first sheet, one after another: memory does not grow with their number."""

import codecs
import csv
import io
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import IO, Any

from lxml import etree

from civic.errors import Invalid
from civic.files.storage import CHUNK
from civic.imports.rules import Cell

#: What more than this makes is a bomb, not a table.
MAX_UNPACKED, MAX_PARTS = 2_000_000_000, 2_000
MAX_COLUMNS, MAX_CELL, MAX_ROWS = 200, 100_000, 1_048_576
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Built-in formats of numbers that show a day.
_DAY_FORMATS = frozenset((14, 15, 16, 17, 22))
_EPOCH = date(1899, 12, 30)

Numbered = tuple[int, list[Cell]]


class Unusable(Invalid):
    """The file is no table we can read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def opened(content: IO[bytes], form: str) -> Iterator[Iterator[Numbered]]:
    """(number in the file, cells) of every row that has something in it, the heading first. Raises Unusable."""
    with tempfile.TemporaryFile() as copy:
        while piece := content.read(CHUNK):
            copy.write(piece)
        copy.seek(0)
        # Both end before the copy is closed, also when nobody reads to the end.
        with closing(_csv_rows(copy) if form == "csv" else _workbook_rows(copy)) as rows:
            yield _bounded(rows)


def _workbook_rows(content: IO[bytes]) -> Generator[Numbered, None, None]:
    try:
        with zipfile.ZipFile(content) as package:
            yield from _sheet_rows(package)
    except (
        zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, EOFError, NotImplementedError,
    ) as error:  # fmt: skip
        raise Unusable("workbook") from error


def _bounded(rows: Iterator[Numbered]) -> Iterator[Numbered]:
    for number, row in rows:
        while row and row[-1] == "":
            row.pop()
        if len(row) > MAX_COLUMNS:
            raise Unusable("columns")
        if number > MAX_ROWS:
            raise Unusable("rows")
        if row:
            yield number, row


def _csv_rows(content: IO[bytes]) -> Generator[Numbered, None, None]:
    words = io.TextIOWrapper(content, encoding=_encoding(content), newline="")
    try:
        first = words.readline(MAX_CELL)
        if "\0" in first:
            raise Unusable("text")
        mark = max((",", ";", "\t", "|"), key=first.count)
        words.seek(0)
        reader = csv.reader(words, delimiter=mark, strict=True)
        for number, row in enumerate(reader, 1):
            yield number, [cell.strip() for cell in row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise Unusable("text") from error
    finally:
        words.detach()


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


def _sheet_rows(package: zipfile.ZipFile) -> Iterator[Numbered]:
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
        days = _day_styles(package) if "xl/styles.xml" in names else frozenset()
        for number, row in enumerate(_elements(package, _first_sheet(package), "row"), 1):
            told = row.get("r", "")
            yield int(told) if told.isdigit() else number, _cells(row, strings, days)
    finally:
        strings.close()


def _elements(package: zipfile.ZipFile, part: str, name: str) -> Iterator[Any]:
    """The elements of a name in a part, each forgotten once it was looked at."""
    with package.open(part) as source:
        walk = etree.iterparse(
            source, events=("end",), tag=_S + name, resolve_entities=False, no_network=True, huge_tree=False
        )
        for _event, element in walk:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _first_sheet(package: zipfile.ZipFile) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(package.read("xl/workbook.xml"), parser)
    sheet = book.find(f"{_S}sheets/{_S}sheet")
    links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    for link in links:
        if sheet is not None and link.get("Id") == sheet.get(_R):
            target = link.get("Target", "").lstrip("/")
            return target if target.startswith("xl/") else f"xl/{target}"
    raise Unusable("workbook")


def _day_styles(package: zipfile.ZipFile) -> frozenset[int]:
    """The numbers of the styles that show a number as a day."""
    styles = etree.fromstring(
        package.read("xl/styles.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
    )
    own = {
        int(one.get("numFmtId")): one.get("formatCode", "").lower()
        for one in styles.iterfind(f".//{_S}numFmt")
    }
    found = set()
    for place, style in enumerate(styles.iterfind(f"{_S}cellXfs/{_S}xf")):
        number = int(style.get("numFmtId", "0"))
        if number in _DAY_FORMATS or ("y" in own.get(number, "") and "d" in own.get(number, "")):
            found.add(place)
    return frozenset(found)


def _text_of(element: Any) -> str:
    """The words of a shared or inline text, without how they are read aloud in other scripts."""
    return "".join(part.text or "" for part in element.iter(_S + "t") if part.getparent().tag != _S + "rPh")[
        :MAX_CELL
    ]


def _cells(row: Any, strings: _Strings, days: frozenset[int]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iterfind(_S + "c"):
        place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
        if place >= 20_000:
            raise Unusable("columns")
        value = _value(cell, strings, days)
        if value == "" and place >= MAX_COLUMNS:
            continue
        cells.extend([""] * (place - len(cells)))
        cells.append(value)
    return cells


def _column(reference: str) -> int:
    """Where a cell stands in its row: 0 for A1.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    place = 0
    for letter in reference:
        if letter.isdigit():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1


def _value(cell: Any, strings: _Strings, days: frozenset[int]) -> Cell:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text_of(cell).strip()
    raw = cell.findtext(_S + "v")
    if raw is None:
        return ""
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
    if int(cell.get("s", "0")) in days and 0 < number < 200_000:
        return (_EPOCH + timedelta(days=int(number))).isoformat()
    return number
