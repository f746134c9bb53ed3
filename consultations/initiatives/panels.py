"""What citizens' drafts put on shared pages: home, a neighbourhood, a consultation, the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.initiatives import presenters, queries
from consultations.initiatives.rules import State

SHOWN = 3


def home_today(context: dict[str, Any]) -> Panel | None:
    """What one can sign today."""
    now = context["now"]
    rows = queries.list_signed_now(now, SHOWN)
    if not rows:
        return None
    total = queries.count_in(State.COLLECTING, now)
    values = {"cards": presenters.cards(rows, now), "total": total}
    return Panel("initiatives/_panel_today.html", values, position=35)


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """What those who live here can sign."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    now = clock.now()
    rows = queries.list_signed_now(now, SHOWN, area.id)
    if not rows:
        return None
    return Panel("initiatives/_panel_neighbourhood.html", {"cards": presenters.cards(rows, now)}, position=46)


def consultation(context: dict[str, Any]) -> Panel | None:
    """Where a citizens' draft comes from, on the pages of its consultation."""
    one = context["consultation"]
    found = queries.find_by_consultation(one.id) if one.kind == "citizens_draft" else None
    if found is None:
        return None
    return Panel("initiatives/_panel_consultation.html", {"initiative": found}, position=5)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """What waits for the secretariat, with its clocks."""
    if not may(g.actor, Action.MANAGE_CONSULTATIONS):
        return None
    now = clock.now()
    rows = queries.list_late(now, 5)
    if not rows:
        return None
    waiting = [
        (one, presenters.STATES[presenters.state_of(one, now)], presenters.when_sentence(one, now),
         presenters.late_words(one, now))
        for one in rows
    ]  # fmt: skip
    return Panel("initiatives/_panel_staff.html", {"waiting": waiting}, position=46)
