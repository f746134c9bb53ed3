"""Writing a `.pb` file row by row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import IO

#: The longest line and the longest quoted record there may be, in bytes.
MAX_LINE = 256 * 1024


def write_sections(
    handle: IO[str],
    meta: Mapping[str, str],
    project_columns: Sequence[str],
    project_rows: Iterable[Sequence[str]],
    vote_columns: Sequence[str],
    vote_rows: Iterable[Sequence[str]],
) -> None:
    """Write a `.pb` file from its parts, row by row; the rows may be generators.

    Raises ValueError for a cell or a row that could not be read again.
    """
    handle.write("META\nkey;value\n")
    for key, value in meta.items():
        handle.write(_row((key, value)))
    for name, columns, rows in (
        ("PROJECTS", project_columns, project_rows),
        ("VOTES", vote_columns, vote_rows),
    ):
        handle.write(f"{name}\n{_row(columns)}")
        for row in rows:
            handle.write(_row(row))


def _row(cells: Sequence[str]) -> str:
    text = row_text(cells)
    if len(text.encode()) > MAX_LINE:
        raise ValueError(f"a row takes more than {MAX_LINE} bytes: it could not be read again")
    return text + "\n"


def row_text(cells: Sequence[str]) -> str:
    """The cells of a record as they are written."""
    return ";".join(_cell(cell) for cell in cells)


def _cell(text: str) -> str:
    if "\0" in text:
        raise ValueError("a cell holds a NUL character")
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
