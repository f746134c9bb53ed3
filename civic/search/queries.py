"""The questions behind the box: the best few of every kind, in a single statement, and one before it for each kind
that may be very long."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from civic.extensions import db
from civic.matching import find_first, likeness
from civic.search.registry import Searched

#: How many of a kind the page shows, and among how many of the newest matches they are chosen.
SHOWN, AMONG = 5, 200
#: So many of the newest are enough to choose from, where there may be a million.
ENOUGH = 20


def _best(one: Searched, words: str) -> Select[Any]:
    """(kind, id, its place) of the few best and one more, so that the page knows whether there are others."""
    if one.searched is not None:
        matching = one.searched()
        key, vector = matching.selected_columns
        matching = matching.where(key.in_(find_first(matching, vector, [key], words, AMONG, ENOUGH).keys))
    else:
        assert one.matching is not None
        matching = one.matching(words)
    if len(matching.selected_columns) == 1:
        found = matching.limit(SHOWN + 1).subquery()
        return select(literal(one.kind), found.c[0])
    among = matching.limit(AMONG).subquery()
    ranked = select(literal(one.kind), among.c[0])
    ranked = ranked.order_by(likeness(among.c[1], words).desc(), among.c[0].desc()).limit(SHOWN + 1)
    return select(ranked.subquery())


def find_best(kinds: Sequence[Searched], words: str) -> dict[str, list[int]]:
    """The ids of the best matches of each kind that has some, the best first; one more than is shown when there
    are others.
    """
    found: dict[str, list[int]] = {}
    for kind, subject_id in db.session.execute(union_all(*(_best(one, words) for one in kinds))):
        found.setdefault(kind, []).append(subject_id)
    return found
