"""Rectangles whose areas are to each other as amounts are: the geometry of a treemap ("squarified", Bruls et al. 2000).

Amounts may be Decimal; coordinates are for drawing only, so they are floats.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Box:
    """Where a rectangle stands and how large it is."""

    x: float
    y: float
    width: float
    height: float


def _worst(row: Sequence[float], side: float) -> float:
    """How far the least square rectangle of a row along a side is from a square."""
    total = sum(row)
    return max(max(side * side * one / (total * total), total * total / (side * side * one)) for one in row)


def boxes(amounts: Sequence[Decimal], width: float, height: float) -> list[Box]:
    """A rectangle for each amount, in the order given; amounts are above zero and best given the largest first."""
    if not amounts:
        return []
    whole = sum(amounts, Decimal(0))
    areas = [float(one / whole) * width * height for one in amounts]
    made: list[Box] = []
    free = Box(0.0, 0.0, width, height)
    row: list[float] = []
    for area in areas:
        side = min(free.width, free.height)
        if row and _worst([*row, area], side) > _worst(row, side):
            laid, free = _lay(row, free)
            made += laid
            row = []
        row.append(area)
    laid, _rest = _lay(row, free)
    return made + laid


def _lay(row: Sequence[float], free: Box) -> tuple[list[Box], Box]:
    """The rectangles of a row along the shorter side of what is free, and what is free after them."""
    total, made, at = sum(row), [], 0.0
    upright = free.width >= free.height
    side, most = (free.height, free.width) if upright else (free.width, free.height)
    thick = min(total / side, most) if side else 0.0
    for area in row:
        long = side * area / total
        if upright:
            made.append(Box(free.x, free.y + at, thick, long))
        else:
            made.append(Box(free.x + at, free.y, long, thick))
        at += long
    if upright:
        return made, Box(free.x + thick, free.y, max(0.0, free.width - thick), free.height)
    return made, Box(free.x, free.y + thick, free.width, max(0.0, free.height - thick))


def told_apart(names: Sequence[str]) -> list[str]:
    """The names without the words that most of them begin with: in a small rectangle nothing else had room.

    The first word goes when half of the names have it, each further one when a quarter begin like that. One word stays.

    >>> told_apart(["Cheltuieli pentru cultură", "Cheltuieli pentru învățământ", "Autorități executive"])
    ['Cultură', 'Învățământ', 'Autorități executive']
    """
    split = [name.split() for name in names]
    begin = Counter(" ".join(words[:many]).casefold() for words in split for many in range(1, len(words) + 1))
    made = []
    for words in split:
        dropped = 0
        while dropped + 1 < len(words) and begin[" ".join(words[: dropped + 1]).casefold()] >= max(
            2, len(names) / (4 if dropped else 2)
        ):
            dropped += 1
        rest = " ".join(words[dropped:])
        made.append(rest[:1].upper() + rest[1:])
    return made


def wrapped(words: str, letters: int, lines: int) -> list[str]:
    """Words in lines of so many letters; the last one ends with an ellipsis when some are left out.

    >>> wrapped("Cheltuieli pentru învățământ", 12, 2)
    ['Cheltuieli', 'pentru…']
    """
    made: list[str] = []
    rest = words.split()
    while rest and len(made) < lines:
        line = rest.pop(0)
        while rest and len(line) + 1 + len(rest[0]) <= letters:
            line += " " + rest.pop(0)
        made.append(line if len(line) <= letters else line[: max(1, letters - 1)] + "…")
    if rest and made:
        made[-1] = made[-1][: max(1, letters - 1)].rstrip(" …") + "…"
    return made
