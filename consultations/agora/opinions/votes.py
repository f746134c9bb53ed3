"""Votes on statements as a table: one row a person, one column a statement."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AGREE, PASS, DISAGREE = 1, 0, -1
#: A person who has not voted on a statement.
MISSING = 2


@dataclass(frozen=True)
class VoteTable:
    """Who voted what: `values[person, statement]` is AGREE, PASS, DISAGREE or MISSING.

    `people` and `statements` hold the numbers behind the rows and the columns, both rising.
    """

    people: NDArray[np.int64]
    statements: NDArray[np.int64]
    values: NDArray[np.int8]

    @property
    def voted(self) -> NDArray[np.bool_]:
        """Where there is a vote, in the shape of `values`."""
        return self.values != MISSING

    def rows(self, chosen: NDArray[np.int64]) -> "VoteTable":
        """The same statements with some of the people, by their places."""
        return VoteTable(self.people[chosen], self.statements, self.values[chosen])

    def fingerprint(self) -> str:
        """SHA-256 of the table, hexadecimal: the same votes have the same fingerprint in whatever order they came."""
        digest = hashlib.sha256(b"civic-opinions-input 1\n")
        for part, kind in ((self.people, "<i8"), (self.statements, "<i8"), (self.values, "i1")):
            digest.update(f"{part.shape}\n".encode())
            digest.update(part.astype(kind).tobytes())
        return digest.hexdigest()


def read_votes(votes: Iterable[tuple[int, int, int]], removed: Iterable[int] = ()) -> VoteTable:
    """The table of (person, statement, vote) triples in the order in which they were given.

    The latest vote of a person on a statement counts; statements in `removed` (hidden by moderation) are dropped, and
    so are people who voted on nothing else. Raises ValueError for a vote that is none of the three.
    """
    rows = np.fromiter(
        votes, dtype=np.dtype([("person", "i8"), ("statement", "i8"), ("vote", "i8")])
    )  # fmt: skip
    if len(rows) and not np.isin(rows["vote"], (AGREE, PASS, DISAGREE)).all():
        raise ValueError("a vote is 1 (agree), 0 (pass) or -1 (disagree)")
    rows = rows[~np.isin(rows["statement"], np.fromiter(removed, dtype=np.int64))]
    people, row = np.unique(rows["person"], return_inverse=True)
    statements, column = np.unique(rows["statement"], return_inverse=True)
    values = np.full((len(people), len(statements)), MISSING, dtype=np.int8)
    if len(rows):
        place = row * len(statements) + column
        # The last of equal places: the first one when read from the end.
        places, last = np.unique(place[::-1], return_index=True)
        values.flat[places] = rows["vote"][::-1][last]
    return VoteTable(people, statements, values)
