"""Pages of very long lists by the key of their first or last row: the last page costs what the first does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select

from civic.extensions import db

Line = TypeVar("Line")


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after one row, or before one; at the first when it names neither."""

    after: str = ""
    before: str = ""


FIRST = Cursor()
#: No key is longer.
MOST = 200


def asked() -> Cursor:
    """The place the address asks for."""
    return Cursor(request.args.get("after", "")[:MOST], request.args.get("before", "")[:MOST])


@dataclass(frozen=True)
class Window(Generic[Line]):
    """A page of a list, and the marks its neighbours are asked for by; None where it has none."""

    rows: Sequence[Line]
    before: str | None
    after: str | None

    def filled(self, rows: Sequence[Any]) -> "Window[Any]":
        """The same place of the list with other rows."""
        return Window(rows, self.before, self.after)


def window(
    narrow: Select[Any], key: Any, at: Cursor, size: int, *, read: Callable[[str], Any]
) -> Window[Any]:
    """A page of a list in the order of a unique key, the first column of `narrow`.

    `read` makes a key of what an address says, None of what is none: then the list is shown from its beginning.
    """
    after, before = (read(mark) if mark else None for mark in (at.after, at.before))
    if before is not None and after is None:
        found = db.session.execute(narrow.where(key < before).order_by(key.desc()).limit(size + 1)).all()
        if len(found) > size:
            rows = found[size - 1 :: -1]
            return Window(rows, _mark(rows[0]), _mark(rows[-1]))
        # Fewer than a page stand before it: the first page, whole.
    statement = narrow if after is None else narrow.where(key > after)
    found = db.session.execute(statement.order_by(key).limit(size + 1)).all()
    rows = found[:size]
    return Window(
        rows,
        _mark(rows[0]) if rows and after is not None else None,
        _mark(rows[-1]) if len(found) > size else None,
    )


def _mark(row: Any) -> str:
    return row[0].hex() if isinstance(row[0], bytes) else str(row[0])
