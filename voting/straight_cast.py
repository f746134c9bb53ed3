"""The short way of a cast: a resident's first ballot, with a form in which everything is right.

Most casts are that. They are answered before Flask looks at the request: with the same checks of session, token, form,
rules and roll, in one conversation with the database, and on the page that the ordinary way kept for its receipts.
Nothing is refused here. Whatever is different (a desk's browser, somebody with a role, an older ballot, a message to
be shown once, a database that is away) is left to `views_ballot.cast`, which tells what it is.
"""

import hmac
import io
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from flask import Flask
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from civic import i18n, security
from civic.accounts.sessions import account_of
from civic.config import Settings
from civic.errors import DomainError
from civic.fragments import filled
from civic.shortcuts import Answer, add_shortcut
from voting import cart as carts
from voting import casting, keys
from voting.entrance_queries import Entrance
from voting.nightly import receipts

_PATH = re.compile(r"/rounds/([a-z0-9-]+)/vote/cast")
#: What a resident's session may hold; with anything else in it the ordinary way answers.
PLAIN_SESSION = frozenset({"id", "csrf_token", "_user_id", "_fresh", "_id", "_permanent"})
FIELDS = frozenset({"csrf_token", "form_id", "ballot", "signature"})
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64_000
MOST_WAYS = 100
#: In the environment: until when a try of the short way, of which nobody knows what came, had time.
TRIED_UNTIL = "civic.cast_tried_until"


@dataclass(frozen=True)
class Way:
    """What the ordinary way found a moment ago and is the same for everybody."""

    until: float
    entrance: Entrance
    engine: Engine
    page: list[str]


class StraightCast:
    """The shortcut of an application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: Settings = app.config["SETTINGS"]
        self._headers = security.standing_headers(self._settings)
        self._tokens = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        #: For how many seconds a way is known; none in tests, which want to see what they changed.
        self.seconds = app.extensions["civic_pages"].seconds
        self._ways: dict[tuple[str, ...], Way] = {}

    def remember(self, environ: dict[str, Any], entrance: Entrance, engine: Engine, page: list[str]) -> None:
        """The ordinary way took a first ballot of somebody without a role, and this is its page."""
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        self._ways[self._name(environ, _cookies(environ))] = Way(
            time.monotonic() + self.seconds, entrance, engine, page
        )

    def _name(self, environ: dict[str, Any], cookies: dict[str, str]) -> tuple[str, ...]:
        """What the page depends on besides the round: where the site is for this reader, and the language."""
        languages = self._settings.city.languages
        chosen = cookies.get(i18n.COOKIE, "")
        return (
            environ["PATH_INFO"], environ.get("SCRIPT_NAME", ""), environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""), chosen if chosen in languages else languages[0],
        )  # fmt: skip

    def __call__(self, environ: dict[str, Any]) -> Answer | None:
        """The receipt, or None."""
        if environ["REQUEST_METHOD"] != "POST" or (found := _PATH.fullmatch(environ["PATH_INFO"])) is None:
            return None
        started, cookies = time.monotonic(), _cookies(environ)
        way = self._ways.get(self._name(environ, cookies))
        if way is None or way.until <= started:
            return None
        try:
            session = self._session(cookies)
            fields = _fields(environ)
            if fields is None or not self._may_send(environ, session, fields):
                return None
            ballot = self._prepared(way, session, fields, cookies)
            if ballot is None:
                return None
            account = account_of(session["_user_id"])
            if account is None:
                return None
        except (BadData, DomainError, KeyError, TypeError, ValueError, keys.KeysMissing):
            return None
        try:
            receipt = casting.cast_at_once(way.engine, *ballot, account, started + casting.CAST_SECONDS)
        except (psycopg.Error, SQLAlchemyError):
            environ[TRIED_UNTIL] = started + casting.CAST_SECONDS
            return None
        return None if receipt is None else self._answer(environ, way, found[1], fields, receipt, started)

    def _session(self, cookies: dict[str, str]) -> dict[str, Any]:
        """The session as Flask reads it. Raises BadData or KeyError when it is none, or no plain one."""
        interface: Any = self._app.session_interface
        longest = int(self._app.permanent_session_lifetime.total_seconds())
        raw = cookies[self._app.config["SESSION_COOKIE_NAME"]]
        session: dict[str, Any] = interface.get_signing_serializer(self._app).loads(raw, max_age=longest)
        if not session.keys() <= PLAIN_SESSION:
            raise KeyError("a session with more in it")
        return session

    def _may_send(self, environ: dict[str, Any], session: dict[str, Any], fields: dict[str, str]) -> bool:
        """The token against forged requests, and over TLS the page that the form was on, as Flask-WTF looks at them."""
        if not hmac.compare_digest(session["csrf_token"], self._tokens.loads(fields["csrf_token"])):
            return False
        secure = environ["wsgi.url_scheme"] == "https"
        return not secure or bool(
            same_origin(environ.get("HTTP_REFERER", ""), f"https://{environ.get('HTTP_HOST', '')}/")
        )

    def _prepared(
        self, way: Way, session: dict[str, Any], fields: dict[str, str], cookies: dict[str, str]
    ) -> tuple[casting.Cast, casting.VoterLine] | None:
        """The ballot of the form, if it was made for this session and voter and no other window changed it."""
        settings, plan = self._settings, way.entrance.plan
        sent = carts.open_form(settings, fields)
        if sent is None or sent.voter is None:
            return None
        voter_id, round_keys = sent.cart.voter_id, keys.load_round_keys(settings, plan.round_id)
        binding = f"{session.get('id', '')}|{session['_user_id']}"
        if not sent.is_of(settings, binding, round_keys.nym(plan.round_id, voter_id)):
            return None
        if not sent.agrees_with(settings, cookies.get(f"{carts.COOKIE}{plan.round_id}")):
            return None
        choices = sent.cart.choices(plan)
        return casting.prepare(plan, round_keys, voter_id, choices, sent.form.form_id), sent.voter

    def _answer(
        self,
        environ: dict[str, Any],
        way: Way,
        slug: str,
        fields: dict[str, str],
        receipt: casting.Receipt,
        started: float,
    ) -> Answer:
        """The receipt's page with what every page of somebody signed in says."""
        holes = receipts.holes(self._settings, slug, receipt.leaf)
        page = filled(way.page, {**holes, "csrf_token": fields["csrf_token"]}).encode()
        forgotten = carts.removal(f"{carts.COOKIE}{way.entrance.round_id}", self._settings.production)
        request_id = security.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page))),
            ("Cache-Control", "no-store"), ("Set-Cookie", forgotten), *self._headers,
            ("X-Request-Id", request_id), ("Vary", "HX-Request, Cookie"),
        ]  # fmt: skip
        security.note_request(request_id, "voting.cast", "POST", 200, time.monotonic() - started)
        return "200 OK", headers, page


def _cookies(environ: dict[str, Any]) -> dict[str, str]:
    """The cookies by name; of two with one name the first, as Flask has it."""
    pairs = (one.strip().split("=", 1) for one in reversed(environ.get("HTTP_COOKIE", "").split(";")))
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _fields(environ: dict[str, Any]) -> dict[str, str] | None:
    """The form, which can still be read again; None when it is not the one that the review page sends."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") != FORM or environ.get("QUERY_STRING") or not length.isdigit():
        return None
    if int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=len(FIELDS))
    fields = dict(pairs)
    return fields if len(pairs) == len(fields) and fields.keys() == FIELDS else None


def register(app: Flask) -> None:
    """Bind the short way to the application."""
    app.extensions["civic_straight_cast"] = way = StraightCast(app)
    add_shortcut(app, way)
