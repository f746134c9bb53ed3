"""Tables for spreadsheets, as CSV and XLSX: rows go out as they are read, and no text is a formula.

In a CSV file every value is text; a workbook holds numbers as numbers. Files begin with the mark by which
spreadsheets know UTF-8.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO

from civic.text import plain_cell

Cell = str | int | Decimal | None

#: The mark by which spreadsheets know UTF-8.
BOM = codecs.BOM_UTF8
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows written between two pieces of a streamed table.
TOGETHER = 200
#: What a cell of a workbook holds at most.
LONGEST = 32_767
#: What the name of a sheet may not hold, and how long it may be.
_NO_NAME, _NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " ")), 31


def _plain(row: Sequence[Cell]) -> list[Cell]:
    return ["" if value is None else plain_cell(value) for value in row]


def stream_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A CSV file in pieces, for a response."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, 1):
        writer.writerow(_plain(row))
        if number % TOGETHER == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def write_csv(
    rows: Iterable[Sequence[Cell]], target: IO[bytes], tell: Callable[[], None] = lambda: None
) -> int:
    """A CSV file written to an open one; returns how many rows, the heading among them. `tell` is called a row."""
    words = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer, written = csv.writer(words), 0
    for row in rows:
        writer.writerow(_plain(row))
        written += 1
        tell()
    words.flush()
    words.detach()
    return written


def append_csv(rows: Iterable[Sequence[Cell]], target: IO[bytes]) -> None:
    """More rows of a CSV file that was begun with `BOM`."""
    words = io.TextIOWrapper(target, encoding="utf-8", newline="")
    csv.writer(words).writerows(_plain(row) for row in rows)
    words.flush()
    words.detach()


def write_workbook(
    target: Path | IO[bytes],
    sheets: Iterable[tuple[str, Iterable[Sequence[Cell]]]],
    tell: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Sheets by name, their first row the heading; returns how many rows each has. Memory stays flat: rows go to
    the disk, beside the file when it has a place there. `tell` is called for each row of the first sheet."""
    import xlsxwriter

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    if isinstance(target, Path):
        options["tmpdir"] = str(target.parent)  # type: ignore[assignment]
    written: dict[str, int] = {}
    where = str(target) if isinstance(target, Path) else target
    with xlsxwriter.Workbook(where, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for name, rows in sheets:
            sheet = book.add_worksheet(_sheet_name(name, written))
            sheet.freeze_panes(1, 0)
            count = 0
            for count, row in enumerate(rows, 1):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        text = plain_cell(value)[:LONGEST]
                        sheet.write_string(count - 1, place, text, bold if count == 1 else None)
                    elif value is not None:
                        sheet.write_number(count - 1, place, value)
                if not written:
                    tell()
            written[name] = count
    return written


def _sheet_name(name: str, taken: Iterable[str]) -> str:
    """A name a workbook takes: without its own signs, short, and no other sheet's."""
    short = " ".join(name.translate(_NO_NAME).split())[:_NAME].strip() or "-"
    others = {one.casefold()[:_NAME] for one in taken}
    number = 2
    while short.casefold() in others:
        short, number = f"{short[: _NAME - 3]} {number}", number + 1
    return short
