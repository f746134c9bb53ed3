"""Pages that all strangers share for a few seconds, so that a crowd costs the database what one reader does.

A stranger is signed in to nothing and carries no cookie but the language. What a page gives to anyone with
a cookie is never kept, and neither is a page that sets one. Each web process keeps its own pages.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, make_response, request, session

from civic import i18n
from civic.security import is_fragment

#: How late a stranger may hear of a change.
KEEP_SECONDS = 5.0
MOST_PAGES = 256
LARGEST_PAGE = 250_000

Key = tuple[str, str, bool]


@dataclass(frozen=True)
class _Kept:
    body: bytes
    mimetype: str
    until: float


class SharedPages:
    """The kept pages of one process, the least recently read dropped first."""

    def __init__(self, seconds: float, timer: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.timer = timer
        self._pages: OrderedDict[Key, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> Response | None:
        """The kept page as a new response, unless it is too old."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept.until <= self.timer():
                return None
            self._pages.move_to_end(key)
        return Response(kept.body, mimetype=kept.mimetype)

    def keep(self, key: Key, response: Response) -> None:
        """Keep a page that all strangers may see."""
        body = response.get_data()
        if len(body) > LARGEST_PAGE:
            return
        with self._lock:
            self._pages[key] = _Kept(body, response.mimetype or "text/html", self.timer() + self.seconds)
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _is_stranger() -> bool:
    return not g.actor.is_authenticated and not set(request.cookies) - {i18n.COOKIE}


def shared_by_strangers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let strangers share what a GET view answers with 200 and without touching the session."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        pages: SharedPages = current_app.extensions["civic_pages"]
        if not pages.seconds or not _is_stranger():
            return view(*args, **kwargs)
        key = (request.full_path, i18n.choose_language(), is_fragment())
        kept = pages.find(key)
        if kept is not None:
            return kept
        response = make_response(view(*args, **kwargs))
        if response.status_code == 200 and not session.modified and "Set-Cookie" not in response.headers:
            pages.keep(key, response)
        return response

    return wrapped


def init_app(app: Flask) -> None:
    """Keep pages, except in tests, which want to see what they changed."""
    app.extensions["civic_pages"] = SharedPages(0 if app.testing else KEEP_SECONDS)
