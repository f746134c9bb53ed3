"""Answers made before Flask looks at a request, for what is asked so often that each layer is felt.

A shortcut answers only what the ordinary way would answer in the same words; all else, every refusal too, it leaves
to that way with the request as it came. Behind the proxy's headers, so that host and scheme are the visitor's.
"""

import hmac
import io
from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from flask_wtf.csrf import same_origin
from itsdangerous import URLSafeTimedSerializer

from civic import i18n
from civic.config import Settings

#: Status, headers, page.
Answer = tuple[str, list[tuple[str, str]], bytes]
Shortcut = Callable[[dict[str, Any]], Answer | None]


#: What a resident's session may hold; with anything else in it the ordinary way answers.
PLAIN_SESSION = frozenset({"id", "csrf_token", "_user_id", "_fresh", "_id", "_permanent"})
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64_000


class Doorkeeper:
    """What Flask and Flask-WTF look at before a view: the session, and the token against forged requests."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: Settings = app.config["SETTINGS"]
        self._tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")

    def session(self, cookies: dict[str, str]) -> dict[str, Any]:
        """The session as Flask reads it. Raises BadData or KeyError when it is none, or no plain one."""
        interface: Any = self._app.session_interface
        longest = int(self._app.permanent_session_lifetime.total_seconds())
        raw = cookies[self._app.config["SESSION_COOKIE_NAME"]]
        session: dict[str, Any] = interface.get_signing_serializer(self._app).loads(raw, max_age=longest)
        if not session.keys() <= PLAIN_SESSION:
            raise KeyError("a session with more in it")
        return session

    def may_send(self, environ: dict[str, Any], session: dict[str, Any], token: str) -> bool:
        """The token against forged requests, and over TLS the page that the form was on, as Flask-WTF looks at them."""
        if not hmac.compare_digest(session["csrf_token"], self._tokens.loads(token)):
            return False
        secure = environ["wsgi.url_scheme"] == "https"
        return not secure or bool(
            same_origin(environ.get("HTTP_REFERER", ""), f"https://{environ.get('HTTP_HOST', '')}/")
        )

    def site(self, environ: dict[str, Any], cookies: dict[str, str]) -> tuple[str, ...]:
        """What every page depends on: where the site is for this reader, and the language."""
        languages = self._settings.city.languages
        chosen = cookies.get(i18n.COOKIE, "")
        return (
            environ.get("SCRIPT_NAME", ""), environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""),
            chosen if chosen in languages else languages[0],
        )  # fmt: skip


def cookies_of(environ: dict[str, Any]) -> dict[str, str]:
    """The cookies by name; of two with one name the first, as Flask has it."""
    pairs = (one.strip().split("=", 1) for one in reversed(environ.get("HTTP_COOKIE", "").split(";")))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def fields_of(environ: dict[str, Any], names: Collection[str]) -> dict[str, str] | None:
    """The form, which can still be read again; None when it has not just these fields."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM or environ.get("QUERY_STRING") or not length.isdigit():
        return None
    if int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=len(names))
    fields = dict(pairs)
    return fields if len(pairs) == len(fields) and fields.keys() == set(names) else None


def html_headers(
    page: bytes, request_id: str, standing: list[tuple[str, str]], *more: tuple[str, str]
) -> list[tuple[str, str]]:
    """The headers of a page or a part of one for somebody signed in."""
    return [
        ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page))),
        ("Cache-Control", "no-store"), *more, *standing, ("X-Request-Id", request_id),
        ("Vary", "HX-Request, Cookie"),
    ]  # fmt: skip


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
