"""What meetings put on shared pages: home, a neighbourhood, a consultation, the staff's first page."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.debates.presenters import late_words
from consultations.meetings import presenters, queries

SHOWN = 3


def home_today(context: dict[str, Any]) -> Panel | None:
    """The next meetings one can go to."""
    now = context["now"]
    cards = [presenters.card(one, now) for one in queries.list_next(now, SHOWN)]
    return Panel("meetings/_panel_area.html", {"cards": cards, "level": 3}, position=60) if cards else None


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """The next meetings for those who live here, the whole city's among them."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    now = clock.now()
    cards = [presenters.card(one, now) for one in queries.list_next(now, SHOWN, area.id)]
    return Panel("meetings/_panel_area.html", {"cards": cards, "level": 2}, position=60) if cards else None


def consultation(context: dict[str, Any]) -> Panel | None:
    """A consultation's page: the meetings about it."""
    rows = queries.list_of_consultation(context["consultation"].id)
    if not rows:
        return None
    cards = [presenters.card(one, context["now"]) for one in rows]
    return Panel("meetings/_panel_consultation.html", {"cards": cards}, position=35)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Meetings whose minutes are late, for those who can publish them."""
    if not may(g.actor, Action.MANAGE_CONSULTATIONS):
        return None
    now = clock.now()
    late = [
        (one, late_words(one.minutes_due_at, now))
        for one in queries.list_without_minutes(now, 5)
        if one.minutes_due_at is not None
    ]
    return Panel("meetings/_panel_staff.html", {"late": late}, position=47) if late else None
