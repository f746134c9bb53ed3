"""Geometry of the charts: numbers in, coordinates and shares out. Knows neither Flask nor HTML.

Amounts may be Decimal; coordinates are for drawing only, so they are floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

Number = int | float | Decimal

#: Size of the drawing area of a line chart, in its own units; the picture stretches to its place.
LINE_WIDTH, LINE_HEIGHT = 600.0, 200.0

#: Size of the money flow; drawn one to one on a wide screen.
FLOW_WIDTH, FLOW_GAP, FLOW_BAR, FLOW_SCALE_HEIGHT = 1120.0, 14.0, 16.0, 300.0
FLOW_COLUMNS = (0.0, 300.0, 640.0, 1104.0)
FLOW_LABEL_HEIGHT = 38.0


def share(value: Number, whole: Number) -> float:
    """Percentage of a whole, from 0 to 100, for a bar's length. An empty whole gives 0."""
    return round(max(0.0, min(100.0, float(value) / float(whole) * 100)), 2) if whole else 0.0


def nice_ceiling(value: Number) -> float:
    """The least of 1, 2, 2.5, 5 or 10 times a power of ten that is not below the value.

    >>> nice_ceiling(4812)
    5000.0
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(float(value)))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= float(value))


def line_points(values: Sequence[Number | None], top: float) -> list[tuple[float, float]]:
    """Coordinates of a line's points; a missing value leaves its place empty."""
    last = max(len(values) - 1, 1)
    return [
        (round(index / last * LINE_WIDTH, 1), round(LINE_HEIGHT * (1 - float(value) / top), 1))
        for index, value in enumerate(values)
        if value is not None
    ]


def line_geometry(series: Sequence[Any]) -> dict[str, Any]:
    """Lines of several series (each a mapping with ``values``) on one scale from zero.

    Returns ``top`` (value of the upper edge), ``ticks`` (values at the grid lines, from the top) and ``lines``: for
    each series the ``path`` of its line and the ``dots`` of its points, as SVG path data.
    """
    values = [value for one in series for value in one["values"] if value is not None]
    top = nice_ceiling(max(values, default=0))
    lines = []
    for one in series:
        points = line_points(one["values"], top)
        lines.append(
            {
                "path": "M" + "L".join(f"{x} {y}" for x, y in points) if points else "",
                # A line of no length with round ends is a dot that stays round when the picture is stretched.
                "dots": "".join(f"M{x} {y}h.01" for x, y in points),
            }
        )
    ticks = [top, top / 2, 0.0]
    return {"top": top, "ticks": [int(tick) if tick == int(tick) else tick for tick in ticks], "lines": lines}


@dataclass
class Node:
    """A block of the money flow: where it stands, and what it is."""

    label: str
    amount: Number
    x: float
    y: float
    height: float
    kind: str
    used: float = field(default=0.0, repr=False)

    @property
    def middle(self) -> float:
        """Where the label's line stands."""
        return round(self.y + self.height / 2, 1)


def _ribbon(source: Node, target: Node, height: float) -> str:
    """A band from the right side of one block to the left side of another; takes its place on both."""
    x0, x1 = source.x + FLOW_BAR, target.x
    y0, y1 = source.y + source.used, target.y + target.used
    source.used += height
    target.used += height
    bend = (x0 + x1) / 2
    return (
        f"M{x0:.1f} {y0:.1f}C{bend:.1f} {y0:.1f} {bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + height:.1f}C{bend:.1f} {y1 + height:.1f} {bend:.1f} {y0 + height:.1f} {x0:.1f} {y0 + height:.1f}Z"
    )


def money_flow(budget: Number, pots: Sequence[Any], labels: dict[str, str]) -> dict[str, Any]:
    """Blocks and bands of budget → pots → projects → paid or still to pay.

    ``pots``: mappings with ``name``, ``amount`` and ``projects``, each a mapping with ``name``, ``amount`` and ``paid``.
    ``labels``: the words for ``budget``, ``paid`` and ``unpaid``. What a pot has not given to projects flows nowhere,
    and what the budget has not given to pots neither. Returns width, height, ``nodes`` and ``ribbons``.
    """
    scale = FLOW_SCALE_HEIGHT / float(budget) if budget else 0.0
    nodes: list[Node] = []
    ribbons: list[dict[str, str]] = []

    def column(index: int, entries: Sequence[tuple[str, Number, str]]) -> list[Node]:
        y, made = 0.0, []
        for label, amount, kind in entries:
            height = max(round(float(amount) * scale, 1), 2.0)
            made.append(Node(label, amount, FLOW_COLUMNS[index], round(y, 1), height, kind))
            y += max(height + FLOW_GAP, FLOW_LABEL_HEIGHT)
        nodes.extend(made)
        return made

    whole = column(0, [(labels["budget"], budget, "budget")])[0]
    pot_nodes = column(1, [(pot["name"], pot["amount"], "pot") for pot in pots])
    projects = [(index, project) for index, pot in enumerate(pots) for project in pot["projects"]]
    project_nodes = column(2, [(project["name"], project["amount"], "project") for _, project in projects])
    paid = sum(float(project["paid"]) for _, project in projects)
    unpaid = sum(max(0.0, float(project["amount"]) - float(project["paid"])) for _, project in projects)
    ends = column(
        3, [(labels["paid"], Decimal(str(paid)), "paid"), (labels["unpaid"], Decimal(str(unpaid)), "unpaid")]
    )
    for pot_node, pot in zip(pot_nodes, pots, strict=True):
        ribbons.append({"path": _ribbon(whole, pot_node, float(pot["amount"]) * scale), "kind": "pot"})
        pot_node.used = 0.0
    for node, (index, project) in zip(project_nodes, projects, strict=True):
        ribbons.append(
            {"path": _ribbon(pot_nodes[index], node, float(project["amount"]) * scale), "kind": "project"}
        )
        node.used = 0.0
        for end, amount in (
            # What was paid beyond the amount came from elsewhere than this pot: its band is no wider than the project.
            (ends[0], min(float(project["paid"]), float(project["amount"]))),
            (ends[1], float(project["amount"]) - float(project["paid"])),
        ):
            if amount > 0:
                ribbons.append({"path": _ribbon(node, end, amount * scale), "kind": end.kind})
    height = max((node.y + max(node.height, FLOW_LABEL_HEIGHT) for node in nodes), default=0.0)
    return {"width": FLOW_WIDTH, "height": ceil(height), "bar": FLOW_BAR, "nodes": nodes, "ribbons": ribbons}
