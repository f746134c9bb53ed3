"""What a report may say about small groups of people. Plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from civic.suppression import suppress_line


@dataclass(frozen=True)
class AreaCell:
    """How many people of an area took part; `people` is None where it is not shown."""

    area_id: int
    people: int | None
    population: int | None


def shown_areas(counted: Sequence[AreaCell]) -> list[AreaCell]:
    """The areas as they may be published: fewer than ten people are not shown, nor what would tell their number.

    What is hidden is known together, as the total less what is shown; so an area nobody came from is hidden like a
    small one, else it would tell that the few are all from the others.

    >>> [cell.people for cell in shown_areas([AreaCell(1, 40, None), AreaCell(2, 3, None), AreaCell(3, 12, None)])]
    [40, None, None]
    """
    shown = suppress_line([cell.people or 0 for cell in counted])
    return [replace(cell, people=people) for cell, people in zip(counted, shown, strict=True)]
