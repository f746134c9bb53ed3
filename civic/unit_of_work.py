"""One commit per request, made in one place.

Services change and flush; the view's decorator commits after a success and rolls back otherwise, so
that a half-done change is never seen. Jobs use `unit_of_work()` for each item.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import psycopg
from flask import make_response
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from civic.extensions import db

View = TypeVar("View", bound=Callable[..., Any])


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


def ask(question: str, values: dict[str, Any]) -> tuple[Any, ...] | None:
    """The first row of one question, without a session and without a transaction to end.

    Put to the driver itself, because every page asks one; what listens to statements hears of it all the same.
    On the connection a session is bound to, where there is one. Raises OperationalError when the database is away.
    """
    bind = db.engine
    bind.dispatch.before_cursor_execute(bind, None, question, values, None, False)
    if isinstance(bind, Connection):
        own: psycopg.Connection[Any] = bind.connection.driver_connection
        return own.execute(question, values).fetchone()
    pooled = None
    try:
        pooled = bind.raw_connection()
        wire: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        wire.autocommit = True
        row = wire.execute(question, values).fetchone()
        wire.autocommit = False
    except BaseException as error:
        # Whatever happened, a connection that may still commit by itself must not go back to the pool.
        if pooled is not None:
            pooled.invalidate(error)
        if isinstance(error, psycopg.Error):
            raise OperationalError(question, None, error) from error
        raise
    pooled.close()
    return row
