"""One commit per request, made in one place.

Services change and flush; the view's decorator commits after a success and rolls back otherwise, so
that a half-done change is never seen. Jobs use `unit_of_work()` for each item.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import psycopg
from flask import make_response
from psycopg.errors import InvalidSqlStatementName
from sqlalchemy import Connection, Engine, PoolProxiedConnection
from sqlalchemy.exc import OperationalError

from civic.extensions import db
from civic.wire import Statement, Wire

View = TypeVar("View", bound=Callable[..., Any])

#: How long a question may wait, as long as a page's statements may.
ANSWER_SECONDS = 30.0


def writes(view: View) -> View:
    """Commit after the view returned a success; roll back on an exception or a status of 400 and over."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            response = make_response(view(*args, **kwargs))
        except BaseException:
            db.session.rollback()
            raise
        if response.status_code >= 400:
            db.session.rollback()
        else:
            db.session.commit()
        return response

    wrapped.civic_writes = True  # type: ignore[attr-defined]
    return wrapped  # type: ignore[return-value]


def writes_itself(view: View) -> View:
    """Mark a POST view that needs no commit from us: it commits inside (casting), or changes only cookies."""
    view.civic_writes_nothing = True  # type: ignore[attr-defined]
    return view


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit at the end of the block, roll back when it raises. For jobs and the command line."""
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def ask(question: Statement, values: dict[str, Any], bind: Engine | None = None) -> tuple[Any, ...] | None:
    """The first row of one question, without a session and without a transaction to end; what it writes is committed.

    Put to libpq itself, because every page asks one; what listens to statements hears of it all the same.
    Where sessions are bound to one connection it is part of that one's transaction. Raises OperationalError when
    the database is away.
    """
    bind = bind or db.engine
    bind.dispatch.before_cursor_execute(bind, None, question.text, values, None, False)
    if isinstance(bind, Connection):
        own: psycopg.Connection[Any] = bind.connection.driver_connection
        return own.execute(question.text, values).fetchone()
    try:
        pooled = bind.raw_connection()
        try:
            return _asked(pooled, question, values)
        finally:
            if pooled.driver_connection is None or pooled.driver_connection.closed:
                pooled.invalidate()
            pooled.close()
    except psycopg.Error as error:
        raise OperationalError(question.text, None, error) from error


def _asked(
    pooled: PoolProxiedConnection, question: Statement, values: dict[str, Any]
) -> tuple[Any, ...] | None:
    def once() -> tuple[Any, ...] | None:
        with Wire(pooled, time.monotonic() + ANSWER_SECONDS) as wire:
            wire.put(question, values)
            return wire.row(wire.answers()[0])

    try:
        return once()
    except InvalidSqlStatementName:
        return once()
