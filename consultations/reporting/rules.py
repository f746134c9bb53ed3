"""What a report may say about small groups of people. Plain values in, plain values out."""

from collections.abc import Sequence
from dataclasses import dataclass

#: A group of fewer people is not shown: its members could be recognised.
LEAST_CELL = 10


@dataclass(frozen=True)
class AreaCell:
    """How many people of an area took part; `people` is None where it is not shown."""

    area_id: int
    people: int | None
    population: int | None


def shown_areas(counted: Sequence[AreaCell]) -> list[AreaCell]:
    """The areas as they may be published: fewer than ten people are not shown, and never one hidden area alone.

    With a single area hidden, its figure would be the total less the others: the smallest of those shown is then
    hidden with it.

    >>> [cell.people for cell in shown_areas([AreaCell(1, 40, None), AreaCell(2, 3, None), AreaCell(3, 12, None)])]
    [40, None, None]
    """
    hidden = {cell.area_id for cell in counted if 0 < (cell.people or 0) < LEAST_CELL}
    shown = sorted(
        (cell for cell in counted if cell.area_id not in hidden and cell.people),
        key=lambda cell: (cell.people or 0, cell.area_id),
    )
    if len(hidden) == 1 and shown:
        hidden.add(shown[0].area_id)
    return [
        AreaCell(cell.area_id, None if cell.area_id in hidden else cell.people, cell.population)
        for cell in counted
    ]
