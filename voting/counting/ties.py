"""The order that breaks ties: one total order for a whole count, published beforehand.

Always lower cost first, then more votes, then one of:

- `file`: the project id, compared as text;
- `seed:TEXT`: the lot SHA-256(TEXT | project id), smaller first, with TEXT published before voting opens;
- `order:ID,ID,…`: an order fixed elsewhere (earlier submission, a public draw with its minutes). With it
  every project that is counted must be listed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

FILE = "file"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """How projects that are still level after cost and votes are put in order."""

    kind: str = FILE
    seed: str = ""
    order: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "TieBreak":
        """The tie-break written as `file`, `seed:TEXT` or `order:ID,ID,…`; raises ValueError for others."""
        kind, colon, rest = text.partition(":")
        if text == FILE:
            return cls()
        if kind == "seed" and rest:
            return cls("seed", seed=rest)
        if kind == "order" and colon:
            order = tuple(rest.split(","))
            if len(set(order)) != len(order) or "" in order:
                raise ValueError("the tie-break order names a project twice or not at all")
            return cls("order", order=order)
        raise ValueError(f"unknown tie-break {text!r}: use file, seed:TEXT or order:ID,ID")

    def __str__(self) -> str:
        if self.kind == "seed":
            return f"seed:{self.seed}"
        return f"order:{','.join(self.order)}" if self.kind == "order" else FILE

    @property
    def last_criterion(self) -> str:
        """What decides when cost and votes are equal: `id`, `lot` or `order`."""
        return {"seed": "lot", "order": "order"}.get(self.kind, "id")

    def places(self, ids: Iterable[str]) -> dict[str, int]:
        """The place of each project, 0 first, among those equal in cost and votes.

        Raises ValueError when an explicit order leaves one of `ids` out.
        """
        if self.kind == "order":
            listed = {project_id: place for place, project_id in enumerate(self.order)}
            missing = sorted(set(ids) - set(listed))
            if missing:
                raise ValueError(f"the tie-break order leaves out {', '.join(missing)}")
            return {project_id: listed[project_id] for project_id in ids}
        if self.kind == "seed":
            lots = {project_id: lot(self.seed, project_id) for project_id in ids}
            ranked = sorted(lots, key=lambda project_id: (lots[project_id], project_id))
        else:
            ranked = sorted(ids)
        return {project_id: place for place, project_id in enumerate(ranked)}

    def describe(self) -> str:
        """The whole tie order in words, for the record of a count."""
        last = {
            "file": "project id compared as text, smaller first",
            "seed": f"SHA-256 of {self.seed!r}, a vertical bar and the project id (UTF-8), smaller first",
            "order": f"the published order {', '.join(self.order)}",
        }[self.kind]
        return f"lower cost, more votes, {last}"


def lot(seed: str, project_id: str) -> str:
    """The lot of a project: SHA-256 of `seed|project_id` in UTF-8, as hexadecimal."""
    return hashlib.sha256(f"{seed}|{project_id}".encode()).hexdigest()
