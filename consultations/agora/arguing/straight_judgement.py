"""The short way of a judgement: the first that somebody who takes part already gives of an argument.

A judgement that changes, the first in a debate and a browser without script are `views.judge`'s.
"""

import re
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app

from civic.shortcuts import add_shortcut
from civic.wire import Statement
from consultations.agora.arguing import rules
from consultations.agora.pressing import COUNTS, IS_OPEN, Button, StraightPress

#: Judgements and stances from one network; a school or a library stays well below it.
PRESSED_PER_NETWORK = "1200 per hour"
TEMPLATE = "agora/_judge.html"


def _counted(name: str, stance: int) -> str:
    mine = f"me.stance = {stance}"
    return (
        f"{name}_seen = o.{name}_seen + ({mine})::integer,"
        f" {name}_yes = o.{name}_yes + ({mine} AND %(value)s::integer = {rules.CONVINCING})::integer"
    )


#: Keeps a judgement that `policy.can_judge` allows, and counts it. As the service does, it takes the debate first, then
#: the place in it, then the argument: one merged meanwhile is no longer what is counted, and then nothing is kept.
_JUDGE = Statement(
    "WITH me AS (SELECT p.id, coalesce(p.stance, 0) AS stance FROM agora_debate d"  # noqa: S608 - constants
    " JOIN agora_participant p ON p.debate_id = d.id JOIN account a ON a.id = p.account_id"
    f" JOIN agora_post o ON o.debate_id = d.id WHERE {COUNTS} AND {IS_OPEN}"
    f" AND o.id = %(number)s::bigint AND o.kind = '{rules.ARGUMENT}' AND o.side <> '{rules.NOTE}'"
    " AND o.state = 'visible' AND o.merged_into_id IS NULL AND o.participant_id <> p.id"
    " AND NOT EXISTS (SELECT FROM agora_judgement WHERE post_id = o.id AND participant_id = p.id)"
    " FOR KEY SHARE OF d FOR NO KEY UPDATE OF p),"
    f" counted AS (UPDATE agora_post o SET {_counted('for', rules.FOR)}, {_counted('against', rules.AGAINST)},"
    f" {_counted('other', rules.UNDECIDED)},"
    f" unknown = o.unknown + (%(value)s::integer = {rules.UNKNOWN})::integer FROM me"
    " WHERE o.id = %(number)s::bigint AND o.state = 'visible' AND o.merged_into_id IS NULL"
    " RETURNING o.id, me.id AS participant_id, me.stance)"
    " INSERT INTO agora_judgement (post_id, participant_id, value, stance, counted, at)"
    " SELECT id, participant_id, %(value)s::integer, stance, true, %(now)s::timestamptz FROM counted RETURNING post_id"
)
JUDGEMENT = Button(
    re.compile(r"/agora/posts/([0-9]{1,9})/judge"), "arguing.judge", PRESSED_PER_NETWORK, rules.JUDGEMENTS, TEMPLATE,
    _JUDGE, ("number",), by_value=True,
)  # fmt: skip


def remember(environ: dict[str, Any], value: int, context: dict[str, Any]) -> None:
    """The ordinary way took a judgement: the buttons that show it are kept."""
    way: StraightPress = current_app.extensions["civic_straight_judgement"]
    if way.lacks(environ, value):
        marks = {"number": str(10**18)}
        way.remember(environ, value, {**context, "post": SimpleNamespace(id=10**18)}, marks)


def register(app: Flask) -> None:
    """Bind the short way to the application."""
    app.extensions["civic_straight_judgement"] = way = StraightPress(app, JUDGEMENT)
    add_shortcut(app, way)
