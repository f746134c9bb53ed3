"""Answers made before Flask looks at a request, for what is asked so often that each layer is felt.

A shortcut answers only what the ordinary way would answer in the same words; all else, every refusal too, it leaves
to that way with the request as it came. Behind the proxy's headers, so that host and scheme are the visitor's.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

#: Status, headers, page.
Answer = tuple[str, list[tuple[str, str]], bytes]
Shortcut = Callable[[dict[str, Any]], Answer | None]


def add_shortcut(app: Flask, shortcut: Shortcut) -> None:
    """Let a feature answer requests by their environment alone; None leaves one to Flask."""
    app.extensions["civic_shortcuts"].append(shortcut)


def init_app(app: Flask) -> None:
    """Ask the shortcuts first."""
    shortcuts: list[Shortcut] = []
    app.extensions["civic_shortcuts"] = shortcuts
    ordinary = app.wsgi_app

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for shortcut in shortcuts:
            found = shortcut(environ)
            if found is not None:
                status, headers, page = found
                start_response(status, headers)
                return [page]
        return ordinary(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]
