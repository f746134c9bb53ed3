"""From votes to what is stored of them: sums of groups and of squares of the drawing. Loads numpy: the worker's alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consultations.agora.opinions import OpinionMap, compute, read_votes
from consultations.agora.statements.drawing import SQUARES, square_of

#: Two decimals more than anybody sees in the drawing.
DIGITS = 4


@dataclass(frozen=True)
class Stored:
    """What is kept: the sums, and for each person their place and group."""

    data: dict[str, Any]
    places: list[tuple[int, float, float, int | None]]
    #: with which each statement is drawn to be shown next
    weights: dict[int, float]
    people: int
    votes: int
    statements: int
    seed: int
    version: int
    fingerprint: str
    refused: str


def from_votes(votes: Iterable[tuple[int, int, int]]) -> Stored:
    """Compute and sum up (person, statement, vote) triples, in the order of the votes."""
    return stored(compute(read_votes(votes)))


def stored(found: OpinionMap) -> Stored:
    """What of a result is kept."""
    numbers = [int(one) for one in found.table.statements]
    groups = _groups(found)
    return Stored(
        data={
            "statements": {
                str(number): [
                    [int(part[group][place]) for part in (found.by_group.agree, found.by_group.disagree, found.by_group.seen)]
                    for group in range(len(found.by_group.seen))
                ]
                for place, number in enumerate(numbers)
            },
            "groups": [
                {
                    "size": len(one.members),
                    "stands_for": [[numbers[each.place], each.side] for each in one.stands_for],
                }
                for one in found.groups
            ]
            if found.stable
            else [],
            **_drawing(found, groups),
            "stability": round(found.clusters.stability, DIGITS) if found.clusters.stability is not None else None,
        },
        places=[
            (int(person), round(float(x), DIGITS), round(float(y), DIGITS), groups.get(row))
            for row, (person, (x, y)) in enumerate(zip(found.table.people, found.projection.positions, strict=True))
        ],
        weights={number: max(float(weight), 1e-9) for number, weight in zip(numbers, found.priority, strict=True)},
        people=len(found.table.people),
        votes=int(found.table.voted.sum()),
        statements=len(numbers),
        seed=found.seed,
        version=found.version,
        fingerprint=found.fingerprint,
        refused=found.clusters.refused or "",
    )  # fmt: skip


def _groups(found: OpinionMap) -> dict[int, int]:
    """The shown group of each row of the table that is in one."""
    if not found.stable:
        return {}
    return {int(row): one.number for one in found.groups for row in one.members}


def _drawing(found: OpinionMap, groups: dict[int, int]) -> dict[str, Any]:
    """How many people stand in each square, by group: [column, row, group, people]. No square names anybody.

    The drawing shows who has voted enough; a square is as high as it is wide. `low` and `side` are its corner and
    its size, by which one's own place is found.
    """
    rows = [int(row) for row in found.counted]
    if not rows:
        return {"squares": [], "low": [0.0, 0.0], "side": 1.0}
    points = found.projection.positions[rows]
    low = [float(one) for one in points.min(axis=0)]
    side = float((points.max(axis=0) - points.min(axis=0)).max()) / SQUARES or 1.0
    counted = Counter(
        (*square_of((float(x), float(y)), low, side), groups.get(row, -1))
        for row, (x, y) in zip(rows, points, strict=True)
    )
    squares = [[column, line, group, many] for (column, line, group), many in sorted(counted.items())]
    return {"squares": squares, "low": low, "side": side}
