"""How deadlines are counted. Plain values in, plain values out."""

from enum import StrEnum

MOST_DAYS = 400


class Unit(StrEnum):
    """What is counted."""

    WORKING = "working"
    CALENDAR = "calendar"
    HOURS = "hours"


class Basis(StrEnum):
    """Where a deadline comes from."""

    LAW = "law"
    HOUSE = "house"


#: What makes another rule of a deadline; its reason and its mark are about a rule, not part of it.
TERMS = ("days", "unit", "basis", "source_ro", "source_en")


def same_terms(one: object, other: object) -> bool:
    """Whether two versions say the same, so that a new one would say nothing."""
    return all(getattr(one, name) == getattr(other, name) for name in TERMS)
