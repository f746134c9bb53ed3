"""The list of figures of a run: printed a line each, and written to `bench/results.json`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: What a ratio of writes is taken against.
BARE_INSERT = "a bare Flask INSERT and COMMIT of a row of the same width, both with two web processes"


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is None when it could not be taken, and `reference` says why."""

    id: str
    value: float | None
    unit: str
    reference: str
    runs: int
    seed: int


class Results:
    """Figures in the order in which they were taken."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.figures: list[Figure] = []

    def add(self, name: str, value: float | None, unit: str, reference: str, runs: int = 1) -> None:
        """Note a figure and print it."""
        rounded = None if value is None else float(f"{value:.4g}")
        self.figures.append(Figure(name, rounded, unit, reference, runs, self.seed))
        shown = "not taken" if rounded is None else f"{rounded:g} {unit}".rstrip()
        print(f"{name:28} {shown:>16}   {reference}", flush=True)

    def write(self, path: Path) -> None:
        """Write the list as JSON."""
        data: list[dict[str, Any]] = [asdict(figure) for figure in self.figures]
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
