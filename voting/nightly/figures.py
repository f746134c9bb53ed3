"""What a night publishes of the turnout, so that neither a figure nor the change since the last one tells of few people.

Plain values in, plain values out. A figure is a dict as `vote_night.figures` keeps it:
{"night", "roll", "voted", "tables": {table: {cell: voted}}, "days": [{"night", "ages": [[youngest, oldest, voted]]}]}.
What the cells of a table do not add up to are those that are not told apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from voting.turnout import LEAST_CELL, age_cells, merge_bands

#: The first age of every band after the youngest. Finer among the old than after the close: it was among people close
#: to a hundred that stolen identities voted.
NIGHT_BANDS = (18, 25, 35, 45, 55, 65, 75, 85, 95)

#: A cell that is never told: people whose neighbourhood is not known.
NOWHERE = ""


class Cell(NamedTuple):
    """How many are on the roll, and how many of them have voted."""

    roll: int
    voted: int


@dataclass(frozen=True)
class Counts:
    """What is counted in a night: all in all, and by each table's cells."""

    total: Cell
    tables: Mapping[str, Mapping[str, Cell]]


def next_figures(before: Mapping[str, Any], counts: Counts, night: date) -> dict[str, Any]:
    """The figures as they are published from this night on: those before where too little has changed."""
    shown, total = int(before.get("voted", 0)), counts.total
    kept = {"days": [], **before}
    if total.voted - shown < LEAST_CELL or total.voted >= total.roll:
        return kept
    tables = {
        name: next_cells(before.get("tables", {}).get(name, {}), cells, shown, total.voted)
        for name, cells in counts.tables.items()
    }
    return {
        **kept,
        "night": night.isoformat(),
        "roll": total.roll,
        "voted": total.voted,
        "tables": tables,
    }


def next_cells(
    shown: Mapping[str, int], cells: Mapping[str, Cell], total_shown: int, total: int
) -> dict[str, int]:
    """The cells of a table to show from now on.

    A cell is renewed when it has changed by `LEAST_CELL` people or more and not everybody in it has voted. What is not
    told apart (the total less all cells) is nobody or as many, and changes by nobody or as many; when renewing a cell
    would make it otherwise, the cell that changed least keeps its old figure.
    """
    renewed = {
        name
        for name, cell in cells.items()
        if name != NOWHERE
        and abs(cell.voted - shown.get(name, 0)) >= LEAST_CELL
        and LEAST_CELL <= cell.voted < cell.roll
    }
    apart_before = total_shown - sum(shown.values())
    while renewed:
        rest = [cell for name, cell in cells.items() if name not in renewed]
        after = {**shown, **{name: cells[name].voted for name in renewed}}
        apart = total - sum(after.values())
        unanimous = bool(rest) and sum(cell.voted for cell in rest) >= sum(cell.roll for cell in rest) > 0
        if _large(apart) and _large(abs(apart - apart_before)) and not unanimous:
            return after
        renewed.remove(min(renewed, key=lambda name: (abs(cells[name].voted - shown.get(name, 0)), name)))
    return dict(shown)


def _large(people: int) -> bool:
    return people == 0 or people >= LEAST_CELL


def with_day(
    figures: Mapping[str, Any], night: date, rows: Iterable[tuple[date, int, int]], day: date
) -> dict[str, Any]:
    """The figures with the ages of those in this night's batch: rows of (birth date, on the roll, in the batch).

    Bands with fewer than `LEAST_CELL` join a neighbour, so that nothing follows by subtraction.
    """
    bands = merge_bands(age_cells(rows, day, NIGHT_BANDS))
    told = [[youngest, oldest, voted] for youngest, oldest, _roll, voted in bands]
    return {**figures, "days": [*figures.get("days", []), {"night": night.isoformat(), "ages": told}]}
