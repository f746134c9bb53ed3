"""Elections of any size in the `.pb` format, the same for the same seed: nearly all ballots are different."""

from pathlib import Path

import numpy as np

CHOICES, MOST_CHOICES, AT_ONCE = 8, 15, 50_000


def write_election(path: Path, ballots: int, projects: int, seed: int) -> None:
    """Write approval ballots of `CHOICES` projects on average to `path`.

    Costs are log-normal, the budget limit pays for three tenths of them, and projects differ in popularity
    (gamma), as in real cities.
    """
    rng = np.random.default_rng(seed)
    costs = np.exp(rng.normal(11.5, 1.0, projects)).astype(np.int64) + 1000
    popularity = rng.gamma(1.5, 1, projects)
    bounds = np.cumsum(popularity / popularity.sum())
    meta = {
        "description": "Bench", "country": "Romania", "unit": "Bench", "instance": "2026", "num_projects": projects,
        "num_votes": ballots, "budget": int(costs.sum() * 3 // 10), "vote_type": "approval", "rule": "greedy",
        "date_begin": "01.03.2026", "date_end": "12.03.2026", "currency": "RON",
    }  # fmt: skip
    with path.open("w", encoding="utf-8") as handle:
        handle.write("META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in meta.items()))
        handle.write("PROJECTS\nproject_id;cost\n")
        handle.writelines(f"{number};{cost}\n" for number, cost in enumerate(costs.tolist(), start=1))
        handle.write("VOTES\nvoter_id;vote\n")
        for first in range(0, ballots, AT_ONCE):
            size = min(AT_ONCE, ballots - first)
            lengths = np.clip(rng.poisson(CHOICES, size), 1, MOST_CHOICES)
            drawn = np.searchsorted(bounds, rng.random((size, MOST_CHOICES))).clip(max=projects - 1) + 1
            rows = (
                f"{voter};{','.join(map(str, sorted(set(row[:length]))))}\n"
                for voter, row, length in zip(
                    range(first + 1, first + size + 1), drawn.tolist(), lengths.tolist(), strict=True
                )
            )
            handle.writelines(rows)
