"""What rounds add to shared pages, and how a round is called elsewhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _

from civic import clock
from civic.links import Link
from civic.navigation import Panel
from civic.policy import Action, may
from civic.rounds import queries, words

#: How far ahead the staff's first page looks.
AHEAD = timedelta(days=30)


def resolve_rounds(ids: Iterable[int]) -> dict[int, Link]:
    """Links of the published rounds among the ids, in one query."""
    return {
        round_.id: Link(
            "round",
            round_.id,
            round_.name,
            url_for("rounds.show", slug=round_.slug),
            _("Advisory ballot") if round_.asks else _("Edition"),
        )
        for round_ in queries.list_published_rounds_by_id(list(ids))
    }


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """What runs now, until when, and the money kept for a neighbourhood in editions that have not ended."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    now = context.get("now") or clock.now()
    pots = queries.list_pots_of_area(area.id, now)
    running = [
        {"round": round_, "phase": words.PHASE_NAMES[phase.kind], "ends_at": phase.ends_at}
        for round_, phase in queries.list_running_phases(now, area.id)
    ]
    if not pots and not running:
        return None
    return Panel(
        "rounds/_neighbourhood_panel.html", {"pots": pots, "running": running, "area": area}, position=10
    )


def staff_home(context: dict[str, Any]) -> Panel | None:
    """The next beginnings and ends of phases, for those who plan."""
    if not may(g.actor, Action.VIEW_EVALUATIONS):
        return None
    now = context.get("now") or clock.now()
    coming = [
        {
            "round": round_,
            "phase": words.PHASE_NAMES[phase.kind],
            "starts": phase.starts_at > now,
            "at": phase.starts_at if phase.starts_at > now else phase.ends_at,
        }
        for round_, phase in queries.list_upcoming_phases(now, now + AHEAD)
    ]
    return Panel("rounds/_staff_panel.html", {"coming": coming}, position=20) if coming else None
