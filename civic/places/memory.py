"""Reading a short list once a request, however many parts of the page ask for it."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TypeVar

from flask import has_request_context, request

Item = TypeVar("Item")


def once_a_request(read: Callable[[], Sequence[Item]]) -> Callable[[], Sequence[Item]]:
    """Remember the result in the request itself; outside one, read every time."""
    key = f"{read.__module__}.{read.__name__}"

    @wraps(read)
    def wrapped() -> Sequence[Item]:
        if not has_request_context():
            return read()
        if key not in request.environ:
            request.environ[key] = read()
        return request.environ[key]

    return wrapped
