"""What residents' words add to the page of a delivery and to the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.moderation import tombstones
from civic.navigation import Panel
from civic.policy import Action, may
from civic.tracker.checks import policy, queries, rules
from civic.tracker.checks.service import CHECK

#: Deliveries with disputes on the staff's first page.
_FIRST = 5


def delivery(context: dict[str, Any]) -> Panel | None:
    """What residents say of it, and how to say it."""
    one = context["delivery"]
    told, counts = queries.list_told(one.id, rules.SHOWN), queries.counts(one.id)
    if not told and not counts and not rules.can_be_checked(one.status):
        return None
    actor = g.actor
    said = queries.has_said(one.id, actor.id, one.status_since) if actor.is_authenticated else False
    values = {
        "delivery": one,
        "told": told,
        "hidden_for": tombstones.reasons_of(CHECK, (row.id for row in told if row.state == "hidden")),
        "confirming": counts.get(True, 0),
        "disputing": counts.get(False, 0),
        "decision": policy.can_check(actor, one, said),
        "checkable": rules.can_be_checked(one.status),
    }
    return Panel("tracker/checks/_panel.html", values, position=10)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Works that residents dispute, with the department's clock."""
    actor = g.actor
    if not may(actor, Action.ANSWER_DISPUTES):
        return None
    total = queries.count_queue(actor)
    if not total:
        return None
    rows = queries.list_queue(actor, _FIRST)
    return Panel(
        "tracker/checks/_staff_panel.html", {"rows": rows, "total": total, "now": clock.now()}, position=48
    )
