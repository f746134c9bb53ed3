"""What consultations add to shared pages: home, a neighbourhood, the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from consultations import presenters, queries

SHOWN = 3


def home_today(context: dict[str, Any]) -> Panel | None:
    """What one can say something about today."""
    now = context["now"]
    total = queries.count_open(now)
    if not total:
        return None
    cards = [presenters.card(one, now) for one in queries.list_open(now, SHOWN)]
    return Panel("consultations/_panel_today.html", {"cards": cards, "total": total}, position=30)


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """The consultations open for a neighbourhood, the whole city's among them."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    now = clock.now()
    cards = [presenters.card(one, now) for one in queries.list_open(now, SHOWN, area.id)]
    return Panel("consultations/_panel_neighbourhood.html", {"cards": cards}, position=45) if cards else None


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Those whose report is late, for those who can do something about it."""
    if not may(g.actor, Action.MANAGE_CONSULTATIONS):
        return None
    now = clock.now()
    rows, total = queries.list_overdue(now, 5)
    late = [(one, presenters.late_sentence(one, now)) for one in rows]
    return Panel("consultations/_panel_staff.html", {"late": late, "total": total}, position=45)
