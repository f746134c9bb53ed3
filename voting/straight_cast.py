"""The short way of a cast: a resident's first ballot, with a form in which everything is right.

Most casts are that. They are answered before Flask looks at the request: with the same checks of session, token, form,
rules and roll, in one conversation with the database, and on the page that the ordinary way kept for its receipts.
Nothing is refused here. Whatever is different (a desk's browser, somebody with a role, an older ballot, a message to
be shown once, a database that is away) is left to `views_ballot.cast`, which tells what it is.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask
from itsdangerous import BadData
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from civic import security
from civic.accounts.sessions import account_of
from civic.config import Settings
from civic.errors import DomainError
from civic.fragments import filled
from civic.shortcuts import Answer, Doorkeeper, add_shortcut, cookies_of, fields_of, html_headers
from voting import cart as carts
from voting import casting, keys
from voting.entrance_queries import Entrance
from voting.nightly import receipts

_PATH = re.compile(r"/rounds/([a-z0-9-]+)/vote/cast")
FIELDS = frozenset({"csrf_token", "form_id", "ballot", "signature"})
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
        self._settings: Settings = app.config["SETTINGS"]
        self._headers = security.standing_headers(self._settings)
        self._door = Doorkeeper(app)
        #: For how many seconds a way is known; none in tests, which want to see what they changed.
        self.seconds = app.extensions["civic_pages"].seconds
        self._ways: dict[tuple[str, ...], Way] = {}

    def remember(self, environ: dict[str, Any], entrance: Entrance, engine: Engine, page: list[str]) -> None:
        """The ordinary way took a first ballot of somebody without a role, and this is its page."""
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        self._ways[self._name(environ, cookies_of(environ))] = Way(
            time.monotonic() + self.seconds, entrance, engine, page
        )

    def _name(self, environ: dict[str, Any], cookies: dict[str, str]) -> tuple[str, ...]:
        """What the page depends on besides the round."""
        return (environ["PATH_INFO"], *self._door.site(environ, cookies))

    def __call__(self, environ: dict[str, Any]) -> Answer | None:
        """The receipt, or None."""
        if environ["REQUEST_METHOD"] != "POST" or (found := _PATH.fullmatch(environ["PATH_INFO"])) is None:
            return None
        started, cookies = time.monotonic(), cookies_of(environ)
        way = self._ways.get(self._name(environ, cookies))
        if way is None or way.until <= started:
            return None
        try:
            session = self._door.session(cookies)
            fields = fields_of(environ, FIELDS)
            if fields is None or not self._door.may_send(environ, session, fields["csrf_token"]):
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
        headers = html_headers(page, request_id, self._headers, ("Set-Cookie", forgotten))
        security.note_request(request_id, "voting.cast", "POST", 200, time.monotonic() - started)
        return "200 OK", headers, page


def register(app: Flask) -> None:
    """Bind the short way to the application."""
    app.extensions["civic_straight_cast"] = way = StraightCast(app)
    add_shortcut(app, way)
