"""One commit per request, made in one place.

Services change and flush; the view's decorator commits after a success and rolls back otherwise, so
that a half-done change is never seen. Jobs use `unit_of_work()` for each item.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from flask import make_response
from sqlalchemy import Connection

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


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection to ask one question on, without a session and without a transaction to end.

    Inside a session that is bound to one connection, that connection.
    """
    bind = db.engine
    if isinstance(bind, Connection):
        yield bind
        return
    with bind.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
