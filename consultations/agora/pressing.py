"""The short way of a button: a vote, a judgement, answered before Flask looks at the request.

Most presses are of somebody without a role, who takes part already and whose presses count. They are kept with the
same checks of session, token, limit, account and debate, in one statement to the database. Nothing is refused here:
whatever is different is left to the ordinary way, which tells what it is. What is pressed twice counts once, so it
may be tried here and be done there.
"""

import re
import time
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask, g
from itsdangerous import BadData
from limits import RateLimitItem, parse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from civic import clock, security
from civic.accounts.sessions import account_of
from civic.extensions import db, limiter
from civic.fragments import filled, with_holes
from civic.moderation.gate.rules import SETTLES_AFTER
from civic.moderation.gate.views import counted_later
from civic.network import network_of
from civic.shortcuts import Answer, Doorkeeper, cookies_of, fields_of, html_headers
from civic.unit_of_work import ask
from civic.wire import Statement

FIELDS = frozenset({"csrf_token", "value"})
MOST_WAYS = 100
#: Of htmx's headers those that ask for a whole page.
NOT_A_PART = {"HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"}

#: Conditions of a statement: an account `a` without a role whose presses count, and a debate `d` that is open.
COUNTS = (
    "a.id = %(account)s::bigint AND a.session_epoch = %(epoch)s::bigint AND a.disabled_at IS NULL"
    " AND a.email_confirmed_at IS NOT NULL"
    " AND (a.person_id IS NOT NULL OR a.created_at <= %(settled)s::timestamptz)"
    " AND NOT EXISTS (SELECT FROM role_grant WHERE account_id = a.id)"
)
IS_OPEN = (
    "d.opened_at IS NOT NULL AND d.closes_at > %(now)s::timestamptz AND d.hidden_at IS NULL"
    " AND d.archived_at IS NULL AND d.answered_at IS NULL"
)


@dataclass(frozen=True)
class Button:
    """What is pressed: its address with a number in it, the view's name and limit, and what keeps it.

    The statement knows `account`, `epoch`, `number`, `value`, `now` and `settled`; it says a row where it was kept.
    """

    path: re.Pattern[str]
    endpoint: str
    per_network: str
    values: tuple[int, ...]
    template: str
    keep: Statement
    #: the names of what it says, which are the holes of the part
    holes: tuple[str, ...]
    #: whether the part is another one for each value
    by_value: bool = False


@dataclass(frozen=True)
class Way:
    """What the ordinary way found a moment ago and is the same for everybody."""

    until: float
    engine: Engine
    part: list[str]


class StraightPress:
    """The shortcut of an application for one button."""

    def __init__(self, app: Flask, button: Button) -> None:
        self.button = button
        self.limit: RateLimitItem = parse(button.per_network)
        self._values = {str(value): value for value in button.values}
        self._headers = security.standing_headers(app.config["SETTINGS"])
        self._door = Doorkeeper(app)
        #: For how many seconds a way is known; none in tests, which want to see what they changed.
        self.seconds = app.extensions["civic_pages"].seconds
        self._ways: dict[tuple[Any, ...], Way] = {}

    def _name(self, environ: dict[str, Any], cookies: dict[str, str], value: int) -> tuple[Any, ...]:
        return (*self._door.site(environ, cookies), value if self.button.by_value else None)

    def lacks(self, environ: dict[str, Any], value: int) -> bool:
        """Whether the part shown to a resident after such a press should be remembered now."""
        if not self.seconds or environ.get("QUERY_STRING") or g.actor.roles or counted_later():
            return False
        known = self._ways.get(self._name(environ, cookies_of(environ), value))
        return known is None or known.until <= time.monotonic()

    def remember(
        self, environ: dict[str, Any], value: int, context: dict[str, Any], marks: dict[str, str]
    ) -> None:
        """Keep what the ordinary way shows; `marks` stand in its context for what differs."""
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        part = with_holes(self.button.template, context, marks)
        name = self._name(environ, cookies_of(environ), value)
        self._ways[name] = Way(time.monotonic() + self.seconds, db.engine, part)

    def __call__(self, environ: dict[str, Any]) -> Answer | None:
        """The part to swap, or None."""
        button = self.button
        if (
            environ["REQUEST_METHOD"] != "POST"
            or (found := button.path.fullmatch(environ["PATH_INFO"])) is None
        ):
            return None
        if environ.get("HTTP_HX_REQUEST") != "true" or NOT_A_PART & environ.keys():
            return None
        started, cookies = time.monotonic(), cookies_of(environ)
        try:
            session = self._door.session(cookies)
            fields = fields_of(environ, FIELDS)
            if fields is None or not self._door.may_send(environ, session, fields["csrf_token"]):
                return None
            account, value = account_of(session["_user_id"]), self._values[fields["value"]]
        except (BadData, KeyError, TypeError, ValueError):
            return None
        way = self._ways.get(self._name(environ, cookies, value))
        if way is None or way.until <= started or account is None or not self._is_within_limit(environ):
            return None
        now = clock.now()
        values = {
            "account": account[0], "epoch": account[1], "number": int(found[1]), "value": value,
            "now": now.isoformat(), "settled": (now - SETTLES_AFTER).isoformat(),
        }  # fmt: skip
        try:
            said = ask(button.keep, values, way.engine)
        except (psycopg.Error, SQLAlchemyError):
            return None
        if said is None:
            return None
        holes = dict(zip(button.holes, map(str, said), strict=True))
        page = filled(way.part, {**holes, "csrf_token": fields["csrf_token"]}).encode()
        request_id = security.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        security.note_request(request_id, button.endpoint, "POST", 200, time.monotonic() - started)
        return "200 OK", html_headers(page, request_id, self._headers), page

    def _is_within_limit(self, environ: dict[str, Any]) -> bool:
        """Count the press where the view's own limit counts it; beyond that the ordinary way says so."""
        network = network_of(environ.get("REMOTE_ADDR", ""))
        return not limiter.enabled or limiter.limiter.hit(self.limit, network, self.button.endpoint)
