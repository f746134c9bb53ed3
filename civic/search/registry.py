"""What can be searched: for each kind of subject, how what is public of it is matched with words.

A kind is one of `civic.links`: that is where a match's title and address come from, and what may not be shown
publicly is left out there once more. A feature registers with the filter its own list has, so that the box and
the list never disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select


@dataclass(frozen=True)
class Searched:
    """One kind of thing. `matching` gets what was typed and selects ids, the best or newest first, without a limit;
    a second column, where there is one, is the tsvector by which the newest matches are ranked.

    A kind of which there may be a million has `searched` instead: everything public of it, as these two columns.
    """

    kind: str
    title: object
    matching: Callable[[str], Select[Any]] | None
    #: its place on the page, the smallest first
    position: int
    #: the endpoint of its own list, which takes the words as `q`
    more: str = ""
    searched: Callable[[], Select[Any]] | None = None


_SEARCHED: dict[str, Searched] = {}


def register_searched(one: Searched) -> None:
    """Offer a kind of subject to the box."""
    _SEARCHED[one.kind] = one


def all_searched() -> list[Searched]:
    """Every kind, in the order of the page."""
    return sorted(_SEARCHED.values(), key=lambda one: (one.position, one.kind))
