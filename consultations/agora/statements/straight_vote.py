"""The short way of a vote: somebody who takes part already says what they think of a statement and gets the next one.

Somebody's first vote, the last statement and a browser without script are `views.vote`'s.
"""

import re
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app

from civic.shortcuts import add_shortcut
from civic.wire import Statement
from consultations.agora.pressing import COUNTS, IS_OPEN, Button, StraightPress
from consultations.agora.statements import presenters, rules

#: Votes from one network; a school or a library stays well below it.
VOTED_PER_NETWORK = "6000 per hour"
TEMPLATE = "agora/_vote.html"

#: Keeps a vote that `policy.can_vote` allows, and draws the next statement as `queries.draw_next` does. It does not see
#: the vote it keeps, so the statement counts as voted on by its number.
_VOTE = Statement(
    "WITH asked AS (SELECT s.id, s.debate_id, p.id AS participant_id FROM agora_statement s"  # noqa: S608 - constants
    " JOIN agora_debate d ON d.id = s.debate_id JOIN agora_participant p ON p.debate_id = d.id"
    f" JOIN account a ON a.id = p.account_id WHERE {COUNTS} AND {IS_OPEN} AND d.with_statements"
    " AND s.id = %(number)s::bigint AND s.state = 'visible'),"
    " kept AS (INSERT INTO agora_vote (participant_id, statement_id, debate_id, value, at)"
    " SELECT participant_id, id, debate_id, %(value)s::integer, %(now)s::timestamptz FROM asked"
    " ON CONFLICT (participant_id, statement_id) DO UPDATE SET value = excluded.value, at = excluded.at RETURNING 1),"
    " shown AS (SELECT s.id, s.text, s.weight, s.id = asked.id OR v.statement_id IS NOT NULL AS voted FROM asked"
    " JOIN agora_statement s ON s.debate_id = asked.debate_id AND s.state = 'visible'"
    " LEFT JOIN agora_vote v ON v.participant_id = asked.participant_id AND v.statement_id = s.id)"
    " SELECT next.id, next.text, (SELECT count(*) FROM shown WHERE voted), (SELECT count(*) FROM shown) FROM kept,"
    " (SELECT id, text FROM shown WHERE NOT voted ORDER BY -ln(1.0 - random()) / weight LIMIT 1) next"
)
VOTE = Button(
    re.compile(r"/agora/statements/([0-9]{1,9})/vote"), "statements.vote", VOTED_PER_NETWORK, rules.VOTES, TEMPLATE,
    _VOTE, ("number", "text", "voted", "total"),
)  # fmt: skip


def remember(environ: dict[str, Any], value: int, context: dict[str, Any]) -> None:
    """The ordinary way took a vote: where a next statement is shown, what shows it is kept."""
    way: StraightPress = current_app.extensions["civic_straight_vote"]
    if context["statement"] is None or not way.lacks(environ, value):
        return
    # Numbers, where an address or a count is made of it.
    marks = {
        "number": str(10**18),
        "text": "hole-of-the-text",
        "voted": str(10**18 + 1),
        "total": str(10**18 + 2),
    }
    shown = SimpleNamespace(id=int(marks["number"]), text=marks["text"])
    progress = presenters.progress(marks["voted"], marks["total"])
    way.remember(environ, value, {**context, "statement": shown, **progress}, marks)


def register(app: Flask) -> None:
    """Bind the short way to the application."""
    app.extensions["civic_straight_vote"] = way = StraightPress(app, VOTE)
    add_shortcut(app, way)
