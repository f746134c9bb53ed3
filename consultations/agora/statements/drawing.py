"""The drawing of opinions as circles on squares: geometry alone, so that a page draws it without numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

#: Squares on the longer side.
SQUARES = 40
#: Units of the drawing across one square, and the circle of one person.
UNIT, SMALLEST = 10, 2.0


@dataclass(frozen=True)
class Circle:
    """The people of one group in one square. `group` is -1 where there are no groups to show."""

    x: float
    y: float
    radius: float
    group: int
    people: int


@dataclass(frozen=True)
class Drawing:
    """What the page draws, in units: its size, the circles, and where the reader stands."""

    width: int
    height: int
    circles: list[Circle]
    own: tuple[float, float] | None


def square_of(point: tuple[float, float], low: Sequence[float], side: float) -> tuple[int, int]:
    """The square a point of the plane lies in; one outside the drawing is put at its edge."""
    column, line = ((value - edge) / side for value, edge in zip(point, low, strict=True))
    return (min(max(int(column), 0), SQUARES - 1), min(max(int(line), 0), SQUARES - 1))


def draw(
    squares: Sequence[Sequence[int]], low: Sequence[float], side: float, own: tuple[float, float] | None
) -> Drawing:
    """Circles whose area grows with the people in their square, upwards as on paper."""
    lines = max((line for _column, line, _group, _many in squares), default=0) + 1
    columns = max((column for column, _line, _group, _many in squares), default=0) + 1

    def middle(column: int, line: int) -> tuple[float, float]:
        return (column + 0.5) * UNIT, (lines - line - 0.5) * UNIT

    circles = []
    for column, line, group, many in squares:
        x, y = middle(column, line)
        circles.append(Circle(x, y, min(UNIT * 0.9, round(SMALLEST * sqrt(many), 2)), group, many))
    place = None
    if own is not None:
        column, line = square_of(own, low, side)
        place = middle(min(column, columns - 1), min(line, lines - 1))
    return Drawing(columns * UNIT, lines * UNIT, circles, place)
