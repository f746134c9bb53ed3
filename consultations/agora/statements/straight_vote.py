"""The short way of a vote: somebody who takes part already says what they think of a statement and gets the next one.

Nearly all votes are that. They are answered before Flask looks at the request, with the same checks of session, token,
limit, account and debate, in one statement that keeps the vote and draws the next. Nothing is refused here: whatever
is different (somebody's first vote, an account whose votes count later, somebody with a role, the last statement, a
browser without script) is left to `views.vote`. A vote sent twice is one vote, so it may be tried here and kept there.
"""

import re
import time
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import psycopg
from flask import Flask, g
from itsdangerous import BadData
from limits import parse
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from civic import clock, security
from civic.accounts.sessions import account_of
from civic.extensions import db, limiter
from civic.fragments import filled, with_holes
from civic.moderation.gate.rules import SETTLES_AFTER
from civic.moderation.gate.views import counted_later
from civic.network import network_of
from civic.shortcuts import Answer, Doorkeeper, add_shortcut, cookies_of, fields_of, html_headers
from civic.unit_of_work import ask
from civic.wire import Statement
from consultations.agora.statements import presenters, rules

_PATH = re.compile(r"/agora/statements/([0-9]{1,9})/vote")
FIELDS = frozenset({"csrf_token", "value"})
VALUES = {str(value): value for value in rules.VOTES}
TEMPLATE = "agora/_vote.html"
#: The name of the view, under which its limit counts.
ENDPOINT = "statements.vote"
#: Votes from one network; a school or a library stays well below it.
VOTED_PER_NETWORK = "6000 per hour"
_LIMIT = parse(VOTED_PER_NETWORK)
MOST_WAYS = 100
_NUMBERS = ("number", "voted", "total")
#: Of htmx's headers those that ask for a whole page.
_NOT_A_PART = {"HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"}

#: Keeps a vote that `policy.can_vote` allows and that counts at once, and draws the next statement as
#: `queries.draw_next` does. The statement itself is not in what it sees of the votes.
_VOTE = Statement(
    "WITH voter AS (SELECT a.id FROM account a WHERE a.id = %(account)s::bigint AND a.session_epoch = %(epoch)s::bigint"
    " AND a.disabled_at IS NULL AND a.email_confirmed_at IS NOT NULL"
    " AND (a.person_id IS NOT NULL OR a.created_at <= %(settled)s::timestamptz)"
    " AND NOT EXISTS (SELECT FROM role_grant WHERE account_id = a.id)),"
    " asked AS (SELECT s.id, s.debate_id, p.id AS participant_id FROM agora_statement s"
    " JOIN agora_debate d ON d.id = s.debate_id JOIN agora_participant p ON p.debate_id = d.id"
    " JOIN voter ON voter.id = p.account_id WHERE s.id = %(statement)s::bigint AND s.state = 'visible'"
    " AND d.with_statements AND d.opened_at IS NOT NULL AND d.closes_at > %(now)s::timestamptz"
    " AND d.hidden_at IS NULL AND d.archived_at IS NULL AND d.answered_at IS NULL),"
    " kept AS (INSERT INTO agora_vote (participant_id, statement_id, debate_id, value, at)"
    " SELECT participant_id, id, debate_id, %(value)s::integer, %(now)s::timestamptz FROM asked"
    " ON CONFLICT (participant_id, statement_id) DO UPDATE SET value = excluded.value, at = excluded.at RETURNING 1),"
    " shown AS (SELECT s.id, s.text, s.weight, s.id = asked.id OR v.statement_id IS NOT NULL AS voted FROM asked"
    " JOIN agora_statement s ON s.debate_id = asked.debate_id AND s.state = 'visible'"
    " LEFT JOIN agora_vote v ON v.participant_id = asked.participant_id AND v.statement_id = s.id)"
    " SELECT next.id, next.text, (SELECT count(*) FROM shown WHERE voted), (SELECT count(*) FROM shown) FROM kept,"
    " (SELECT id, text FROM shown WHERE NOT voted ORDER BY -ln(1.0 - random()) / weight LIMIT 1) next"
)


@dataclass(frozen=True)
class Way:
    """What the ordinary way found a moment ago and is the same for everybody."""

    until: float
    engine: Engine
    part: list[str]


class StraightVote:
    """The shortcut of an application."""

    def __init__(self, app: Flask) -> None:
        settings = app.config["SETTINGS"]
        self._headers = security.standing_headers(settings)
        self._door = Doorkeeper(app)
        #: For how many seconds a way is known; none in tests, which want to see what they changed.
        self.seconds = app.extensions["civic_pages"].seconds
        self._ways: dict[tuple[str, ...], Way] = {}

    def remember(self, environ: dict[str, Any], context: dict[str, Any]) -> None:
        """The ordinary way took a vote; where there is a next statement for a resident, what shows it is kept."""
        if not self.seconds or context["statement"] is None or g.actor.roles or counted_later():
            return
        name = self._door.site(environ, cookies_of(environ))
        known = self._ways.get(name)
        if known is not None and known.until > time.monotonic():
            return
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        # Marks in the place of what differs; numbers, where an address or a count is made of it.
        marks = {"text": "hole-of-the-text", **{key: str(10**18 + at) for at, key in enumerate(_NUMBERS)}}
        shown = SimpleNamespace(id=int(marks["number"]), text=marks["text"])
        progress = presenters.progress(marks["voted"], marks["total"])
        part = with_holes(TEMPLATE, {**context, "statement": shown, **progress}, marks)
        self._ways[name] = Way(time.monotonic() + self.seconds, db.engine, part)

    def __call__(self, environ: dict[str, Any]) -> Answer | None:
        """The part that shows the next statement, or None."""
        if environ["REQUEST_METHOD"] != "POST" or (found := _PATH.fullmatch(environ["PATH_INFO"])) is None:
            return None
        if environ.get("HTTP_HX_REQUEST") != "true" or _NOT_A_PART & environ.keys():
            return None
        started, cookies = time.monotonic(), cookies_of(environ)
        way = self._ways.get(self._door.site(environ, cookies))
        if way is None or way.until <= started:
            return None
        try:
            session = self._door.session(cookies)
            fields = fields_of(environ, FIELDS)
            if fields is None or not self._door.may_send(environ, session, fields["csrf_token"]):
                return None
            account, value = account_of(session["_user_id"]), VALUES[fields["value"]]
        except (BadData, KeyError, TypeError, ValueError):
            return None
        if account is None or not _is_within_limit(environ):
            return None
        now = clock.now()
        values = {
            "account": account[0], "epoch": account[1], "statement": int(found[1]), "value": value,
            "now": now.isoformat(), "settled": (now - SETTLES_AFTER).isoformat(),
        }  # fmt: skip
        try:
            drawn = ask(_VOTE, values, way.engine)
        except (psycopg.Error, SQLAlchemyError):
            return None
        return None if drawn is None else self._answer(environ, way, fields, drawn, started)

    def _answer(
        self,
        environ: dict[str, Any],
        way: Way,
        fields: dict[str, str],
        drawn: tuple[Any, ...],
        started: float,
    ) -> Answer:
        holes = dict(zip(("number", "text", "voted", "total"), map(str, drawn), strict=True))
        page = filled(way.part, {**holes, "csrf_token": fields["csrf_token"]}).encode()
        request_id = security.request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        security.note_request(request_id, ENDPOINT, "POST", 200, time.monotonic() - started)
        return "200 OK", html_headers(page, request_id, self._headers), page


def _is_within_limit(environ: dict[str, Any]) -> bool:
    """Count the vote where the view's own limit counts it; beyond that the ordinary way says so."""
    network = network_of(environ.get("REMOTE_ADDR", ""))
    return not limiter.enabled or limiter.limiter.hit(_LIMIT, network, ENDPOINT)


def register(app: Flask) -> None:
    """Bind the short way to the application."""
    app.extensions["civic_straight_vote"] = way = StraightVote(app)
    add_shortcut(app, way)
