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
    """The areas as they may be published: fewer than ten people are not shown, nor what would tell their number.

    What is hidden is known together, as the total less what is shown. So it is never one area alone, and never fewer
    than ten people: the smallest of those shown are hidden with it until both hold.

    >>> [cell.people for cell in shown_areas([AreaCell(1, 40, None), AreaCell(2, 3, None), AreaCell(3, 12, None)])]
    [40, None, None]
    """
    people = {cell.area_id: cell.people or 0 for cell in counted}
    hidden = {area for area, number in people.items() if 0 < number < LEAST_CELL}
    shown = sorted(
        (area for area, number in people.items() if number >= LEAST_CELL),
        key=lambda area: (people[area], area),
    )
    while hidden and shown and (len(hidden) == 1 or sum(people[area] for area in hidden) < LEAST_CELL):
        hidden.add(shown.pop(0))
    return [
        AreaCell(cell.area_id, None if cell.area_id in hidden else cell.people, cell.population)
        for cell in counted
    ]
