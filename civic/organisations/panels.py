"""What organisations add to shared pages: an account, a neighbourhood, the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.organisations import labels, policy, queries
from civic.organisations.queries import Filters
from civic.policy import Action, may


def account(_context: dict[str, Any]) -> Panel | None:
    """An account's page: the organisations its owner speaks for."""
    if g.actor.id is None:
        return None
    mine = queries.list_memberships(g.actor.id)
    values = {"mine": mine, "decision": policy.can_begin(g.actor), "labels": labels}
    return Panel("organisations/_panel_account.html", values, position=55)


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """A neighbourhood's page: how many organisations work there."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    total = sum(queries.count_by_form(Filters(neighbourhood_id=area.id)).values())
    if not total:
        return None
    return Panel("organisations/_panel_neighbourhood.html", {"area": area, "total": total}, position=60)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: what waits to be verified, and who is left without members."""
    if not may(g.actor, Action.VIEW_ORGANISATIONS):
        return None
    counts = queries.queue_counts(clock.now())
    return Panel("organisations/_panel_staff.html", {"counts": counts}, position=40)
