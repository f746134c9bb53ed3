"""Comparing a recount with what was published. Plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """What is compared, and in which order a reader wants to know."""

    WINNERS = "winners"
    SPENT = "spent"
    BALLOTS = "ballots"
    PROJECT = "project"
    PLAN = "plan"
    LEAVES = "leaves"
    TEXTS = "texts"
    OPENED = "opened"
    VOTES = "votes"
    INPUT = "input"
    RECORD = "record"
    MINUTES = "minutes"


#: Said by the second program's part when the publication can no longer be written from what is stored.
UNWRITTEN = "unwritten"

#: (what, where) -> how it reads; `where` is a budget, a project, a step of the close, or empty.
Facts = Mapping[tuple[What, str], str]


@dataclass(frozen=True)
class Difference:
    """Something that is not the same; empty where one side knows nothing of it."""

    what: What
    where: str
    published: str
    found: str

    def as_row(self, *, figures: bool = True) -> list[str]:
        """As it is stored; without `figures`, nothing but that it differs where figures or hashes over very few
        ballots would tell what they say."""
        if not figures and self.what not in (What.PLAN, What.LEAVES):
            return [str(self.what), self.where, "", ""]
        return [str(self.what), self.where, self.published, self.found]


def differences(published: Facts, found: Facts) -> list[Difference]:
    """What differs between two sets of facts, the weightiest first. A fact that one side lacks differs too."""
    order = list(What)
    keys = sorted({*published, *found}, key=lambda key: (order.index(key[0]), key[1]))
    return [
        Difference(what, where, published.get((what, where), ""), found.get((what, where), ""))
        for what, where in keys
        if published.get((what, where)) != found.get((what, where))
    ]


def outcome_of(found: list[Difference], second_wrong: int | None) -> str:
    """`same`, or `differs` as soon as either count finds anything. None: the second could not be made."""
    return "differs" if found or second_wrong else "same"
