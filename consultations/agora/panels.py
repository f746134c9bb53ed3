"""What debates add to shared pages: home, a consultation, a round, the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.agora import presenters, queries

SHOWN = 3


def home_today(context: dict[str, Any]) -> Panel | None:
    """The debates one can argue in today."""
    now = context["now"]
    found = queries.list_open(now, SHOWN)
    if not found:
        return None
    have = {one.id: seconds for one, seconds, _total in found}
    cards = presenters.cards([one for one, _seconds, _total in found], now, have)
    return Panel("agora/_panel_today.html", {"cards": cards, "total": found[0][2]}, position=35)


def _about(kind: str, subject_id: int) -> Panel:
    rows = queries.list_about(kind, subject_id, SHOWN)
    cards = presenters.cards(rows, clock.now()) if rows else []
    return Panel("agora/_panel_about.html", {"cards": cards, "about": f"{kind}:{subject_id}"}, position=60)


def consultation(context: dict[str, Any]) -> Panel | None:
    """The debates about a consultation, and the way to open one."""
    one = context["consultation"]
    return _about("consultation", one.id) if one.announced_at is not None else None


def of_round(context: dict[str, Any]) -> Panel | None:
    """The debates about a round, and the way to open one."""
    return _about("round", context["round"].id) if context["round"].published_at is not None else None


def of_proposal(context: dict[str, Any]) -> Panel | None:
    """The way to a debate about a public proposal; those there are stand among what it led to."""
    return _way("proposal", context["proposal"].id) if context["public"] else None


def of_delivery(context: dict[str, Any]) -> Panel:
    """The way to a debate about a delivery; those there are stand among what it led to."""
    return _way("delivery", context["delivery"].id)


def _way(kind: str, subject_id: int) -> Panel:
    return Panel("agora/_panel_about.html", {"cards": [], "about": f"{kind}:{subject_id}"}, position=60)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """The answers the city hall owes, for those who can give them."""
    if not may(g.actor, Action.MANAGE_CONSULTATIONS):
        return None
    now = clock.now()
    rows, total = queries.list_owed(now, 5)
    owed = [(one, presenters.owed_sentence(one, now)) for one in rows]
    return Panel("agora/_panel_staff.html", {"owed": owed, "total": total}, position=47)
