"""How the sheet of a workbook is laid out beyond its cells: which cells are joined, how many rows are hidden.

Both stand after the rows or between them, so the sheet is looked through once as bytes before its cells are read.
"""

import re
import zipfile
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from civic.files.storage import CHUNK
from civic.imports.rules import Cell, Joined

#: More joined cells than any table has.
MOST = 200_000
_JOINED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^<>]{0,300}?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_HIDDEN = re.compile(rb"<(?:\w+:)?row\s[^<>]{0,300}?\bhidden=[\"'](?:1|true)[\"']")
#: How much of a piece is looked at again with the next one: no tag of these two is longer.
_TAG = 400


@dataclass
class Layout:
    """Joined cells that go over several rows, and the count of the hidden rows."""

    #: (first row, last row, column) of each, packed into one number and in their order
    joined: Sequence[int] = ()
    hidden: int = 0
    _next: int = 0
    #: column -> last row, what stands there
    _open: dict[int, tuple[int, Joined]] = field(default_factory=dict)

    def fill(self, number: int, cells: list[Cell], most: int) -> list[Cell]:
        """A row with what stands in the cells above that its own are joined with; rows come in their order.

        A row without anything of its own stays empty.
        """
        own = any(cell != "" for cell in cells)
        for column in [one for one, (last, _cell) in self._open.items() if last < number]:
            del self._open[column]
        for column, (_last, cell) in self._open.items() if own else ():
            cells.extend([""] * (column + 1 - len(cells)))
            if cells[column] == "":
                cells[column] = cell
        while self._next < len(self.joined) and self.joined[self._next] >> 42 <= number:
            packed = self.joined[self._next]
            self._next += 1
            first, last, column = packed >> 42, packed >> 21 & 0x1FFFFF, packed & 0x1FFFFF
            value = cells[column] if column < min(len(cells), most) else ""
            if first == number and value != "" and not isinstance(value, Joined):
                self._open[column] = (last, Joined(value, number))
        return cells


def layout_of(package: zipfile.ZipFile, part: str) -> Layout:
    """The layout of a sheet. Raises ValueError where it joins more cells than any table does."""
    found, hidden, rest = array("Q"), 0, b""
    with package.open(part) as source:
        while piece := source.read(CHUNK):
            piece = rest + piece
            # What lies in the part looked at again counts the second time only.
            end = len(piece) - _TAG
            if b"mergeCell" in piece:
                found.extend(
                    _packed(one) for one in _JOINED.finditer(piece) if one.start() < end and _goes_down(one)
                )
            if b"hidden=" in piece:
                hidden += sum(one.start() < end for one in _HIDDEN.finditer(piece))
            rest = piece[max(0, end) :]
            if len(found) > MOST:
                raise ValueError("joined")
    found.extend(_packed(one) for one in _JOINED.finditer(rest) if _goes_down(one))
    hidden += sum(1 for _one in _HIDDEN.finditer(rest))
    return Layout(array("Q", sorted(found)), hidden)


def _goes_down(found: "re.Match[bytes]") -> bool:
    return int(found[4]) > int(found[2])


def _packed(found: "re.Match[bytes]") -> int:
    return int(found[2]) << 42 | min(int(found[4]), 0x1FFFFF) << 21 | column_of(found[1].decode())


def column_of(reference: str) -> int:
    """Where a cell stands in its row: 0 for A1.

    >>> column_of("A1"), column_of("AB12")
    (0, 27)
    """
    place = 0
    for letter in reference:
        if letter.isdigit():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1
