"""Counting in front of the application: in memory, written to the database a few seconds later.

A page costs its visitor a dictionary entry. Each web process counts for itself and adds its counts to the day's; one
that is killed loses the counts of its last seconds, one that is stopped writes them.
"""

import atexit
import logging
import threading
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import Flask

from civic import clock
from civic.unit_of_work import unit_of_work
from civic.visits import rules, service

logger = logging.getLogger(__name__)

#: How often counts are written, and so how many seconds of them a killed process loses.
FLUSH_SECONDS = 5.0

#: (day, service) -> visits, pages, pages for programs
Counts = dict[tuple[date, str], list[int]]


class Counter:
    """The counts of one process that are not yet written."""

    def __init__(self) -> None:
        self._counts: Counts = {}
        self._lock = threading.Lock()

    def add(self, day: date, name: str, visits: int, pages: int, robots: int) -> None:
        """Count for a service on a day."""
        with self._lock:
            row = self._counts.setdefault((day, name), [0, 0, 0])
            row[0] += visits
            row[1] += pages
            row[2] += robots

    def take(self) -> Counts:
        """What was counted since the last time; the counter begins anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def give_back(self, counts: Counts) -> None:
        """Count again what could not be written."""
        for (day, name), (visits, pages, robots) in counts.items():
            self.add(day, name, visits, pages, robots)


def note(counter: Counter, environ: dict[str, Any], status: str, headers: Iterable[tuple[str, str]]) -> None:
    """Count an answer if it is a page somebody opened."""
    name = rules.service_of(environ.get("PATH_INFO", ""))
    if name is None or not status.startswith("200"):
        return
    kind = next((value for key, value in headers if key.lower() == "content-type"), "")
    if not kind.startswith("text/html"):
        return
    day = clock.city_date(clock.now())
    if rules.is_robot(environ.get("HTTP_USER_AGENT", "")):
        counter.add(day, name, 0, 0, 1)
    else:
        host = environ.get("HTTP_HOST", "")
        visits = rules.comes_from_elsewhere(environ.get("HTTP_REFERER", ""), host, name)
        counter.add(day, name, int(visits), 1, 0)


def flush(app: Flask, counter: Counter) -> None:
    """Write what was counted; what cannot be written now is kept for the next time."""
    counts = counter.take()
    if not counts:
        return
    try:
        with app.app_context(), unit_of_work():
            service.add(counts)
    except Exception:
        counter.give_back(counts)
        logger.exception("visits could not be written")


class _Writer:
    """The thread that writes, begun by the first page of its process: threads do not survive a fork."""

    def __init__(self, app: Flask, counter: Counter) -> None:
        self._app, self._counter = app, counter
        self._lock = threading.Lock()
        self._started = False

    def ensure(self) -> None:
        """Begin writing in this process, once."""
        if self._started:
            return
        with self._lock:
            if not self._started:
                self._started = True
                threading.Thread(target=self._write_for_ever, name="visits", daemon=True).start()
                atexit.register(flush, self._app, self._counter)

    def _write_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(FLUSH_SECONDS):
            flush(self._app, self._counter)


def init_app(app: Flask) -> None:
    """Count in front of every other layer. Tests write by themselves, in their own transaction."""
    counter = Counter()
    app.extensions["civic_visits"] = counter
    writer = _Writer(app, counter)
    begin: Callable[[], None] = (lambda: None) if app.testing else writer.ensure
    inner = app.wsgi_app

    def counted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not rules.is_page_asked(environ):
            return inner(environ, start_response)

        def begun(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            begin()
            note(counter, environ, status, headers)
            return start_response(status, headers, *rest)

        return inner(environ, begun)

    app.wsgi_app = counted  # type: ignore[method-assign]
