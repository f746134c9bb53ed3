"""Words that someone typed, as a condition of SQL. One rule everywhere: every word, from its beginning, whatever
the marks on its letters (`civic.text.fold`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, select

from civic.extensions import db
from civic.text import search_terms, search_words

#: So many rows of a very long list are looked at themselves before its index of words is asked: the first few, and
#: more of them only where those do not fill a page.
LOOKED = (1_000, 5_000)
#: A word that more than one row in so many has is common, one that at most so many of the rows looked at have is rare.
COMMON, RARE = 10, 10

#: Letters that have a plain twin, for columns that keep no searchable copy: Romanian ones, then those of neighbours.
_MARKED = "ăâîșşțţĂÂÎȘŞȚŢéèêëáàäöóőüúűíçñÉÈÊËÁÀÄÖÓŐÜÚŰÍÇÑ"
_PLAIN = "aaisstt" * 2 + "eeeeaaaooouuuicn" * 2


def matches(vector: Any, words: str) -> ColumnElement[bool]:
    """Whether a column of searchable words (tsvector) has them all; nothing matches what holds no word."""
    terms = search_terms(words)
    return vector.op("@@")(func.to_tsquery("simple", terms)) if terms else false()


def has_words(column: Any, words: str) -> ColumnElement[bool]:
    """The same of a column that keeps no searchable copy of its words.

    Reads every row: for kinds of which there are hundreds, not hundreds of thousands.
    """
    plain = func.lower(func.translate(cast(column, Text), _MARKED, _PLAIN))
    found = [plain.op("~")(rf"\m{word}") for word in search_words(words)]
    return and_(*found) if found else false()


def likeness(vector: Any, words: str) -> ColumnElement[float]:
    """How well a column fits the words as they were typed, whole; 0 where it has only words that begin so."""
    return func.ts_rank(vector, func.to_tsquery("simple", " | ".join(search_words(words))))


@dataclass(frozen=True)
class Found:
    """The first rows of a list that have the words, and how many have: exactly, or at least when `more` is so."""

    keys: Sequence[int]
    total: int
    more: bool


def _once(word: str) -> Any:
    """A word as a query that is made once, not for every row it is held against."""
    return select(func.to_tsquery("simple", f"{word}:*")).scalar_subquery()


def _look(
    rows: Select[Any], vector: Any, order: Sequence[Any], typed: Sequence[str], looked: int
) -> tuple[int, Sequence[int], Sequence[int]]:
    """Of the first `looked` rows of a list: how many there are, the keys of those that have all the words, and how
    many have each word."""
    first = rows.with_only_columns(*order, vector.label("words"))
    head = first.order_by(*(column.desc() for column in order)).limit(looked).subquery()
    has = [head.c.words.op("@@")(_once(word)) for word in typed]
    key = head.c[len(order) - 1]
    each = [func.count().filter(one) for one in has] if len(has) > 1 else []
    seen, keys, *counts = db.session.execute(
        select(func.count(), func.array_agg(key).filter(and_(*has)), *each)
    ).one()
    return seen, keys or [], counts or (len(keys or []),)


def find_first(
    rows: Select[Any], vector: Any, order: Sequence[Any], words: str, size: int, enough: int | None = None
) -> Found:
    """The keys of the first `size` rows of a very long list that have the words. Takes as long at a million rows as
    at ten thousand.

    `order` are the columns the list goes down by, the last of them its key. Words that many rows have fill a page
    from the first rows of the list, and are not counted to the end; others are few enough to be asked of the index,
    and a word that is in nearly every row is then tried on those few alone.
    """
    typed = search_words(words)
    if not typed:
        return Found((), 0, False)
    wanted = size if enough is None else enough
    for looked in LOOKED:
        seen, keys, counts = _look(rows, vector, order, typed, looked)
        if seen < looked:
            return Found(keys[:size], len(keys), False)
        if len(keys) >= wanted:
            return Found(keys[:size], len(keys), True)
    having = dict(zip(typed, counts, strict=True))
    tried = [word for word, many in having.items() if many > max(seen / COMMON, RARE)]
    if min(counts) > RARE:
        tried = []
    few = rows.with_only_columns(*order)
    few = few.where(matches(vector, " ".join(word for word in typed if word not in tried)))
    if tried:  # as an expression that no index has
        few = few.where(matches(func.strip(vector), " ".join(tried)))
    # Found before it is put in order: else the planner walks down the whole list to find what hardly a row has.
    cte = few.cte("few").prefix_with("MATERIALIZED")
    ordered = select(cte.c[len(order) - 1], func.count().over())
    found = db.session.execute(ordered.order_by(*(column.desc() for column in cte.c)).limit(size)).all()
    return Found([row[0] for row in found], found[0][1] if found else 0, False)
