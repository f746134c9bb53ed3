"""Words that someone typed, as a condition of SQL. One rule everywhere: every word, from its beginning, whatever
the marks on its letters (`civic.text.fold`).
"""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func

from civic.text import search_terms, search_words

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
