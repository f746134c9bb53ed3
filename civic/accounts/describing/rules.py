"""Which bands and genders there are, and counting them. Plain values only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic.suppression import suppress_line

#: The bands in which population statistics are read, from the least age of an account on.
AGE_BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("woman", "man", "another")


@dataclass(frozen=True)
class GroupCount:
    """How many people of a set said they belong to a group (None: nothing said); `count` is None when hidden."""

    group: str | None
    count: int | None


def hide_small(groups: Sequence[str], counted: Mapping[str | None, int]) -> list[GroupCount]:
    """The groups in their order, then those who said nothing, with small counts hidden.

    >>> [one.count for one in hide_small(["16-24", "25-34"], {"16-24": 3, "25-34": 12, None: 40})]
    [None, None, 40]
    """
    names: list[str | None] = [*groups, None]
    return [
        GroupCount(name, count)
        for name, count in zip(names, suppress_line([counted.get(name, 0) for name in names]), strict=True)
    ]
