"""What deliveries add to shared pages: home, a neighbourhood, the staff's first page."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from civic.tracker import presenters, queries, rules

#: The tiles of the home page: groups of stages, and single ones.
_TILES = ("finished", "under_way", "in_procurement", "halted")


def home_became(_context: dict[str, Any]) -> Panel | None:
    """What became of what was decided: four figures and three deliveries."""
    counts = queries.count_by_status(queries.Filters())
    if not counts:
        return None
    today = clock.city_date(clock.now())
    words = {
        "finished": _("finished or being handed over"),
        "under_way": _("being worked on"),
        "in_procurement": _("in procurement"),
        "halted": _("halted, with the reason"),
    }
    tiles = [
        {
            "value": sum(counts.get(status, 0) for status in rules.stages_of(name)),
            "label": words[name],
            "url": url_for("tracker.index", status=name),
        }
        for name in _TILES
    ]
    rows = queries.list_deliveries(queries.Filters(), 1, 3)
    cards = [presenters.card(row, today) for row in rows]
    total = sum(counts.values())
    return Panel("tracker/_home_panel.html", {"tiles": tiles, "cards": cards, "total": total}, position=40)


def neighbourhood(context: dict[str, Any]) -> Panel | None:
    """What is being done in this neighbourhood."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    filters = queries.Filters(neighbourhood_id=area.id)
    total = sum(queries.count_by_status(filters).values())
    if not total:
        return None
    today = clock.city_date(clock.now())
    cards = [presenters.card(row, today) for row in queries.list_deliveries(filters, 1, 3)]
    values = {"cards": cards, "total": total, "area": area}
    return Panel("tracker/_neighbourhood_panel.html", values, position=40)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """The late ones, for those who can do something about them."""
    if not may(g.actor, Action.MANAGE_DELIVERIES):
        return None
    today = clock.city_date(clock.now())
    rows, total = queries.list_late(today, 5)
    late = [(row, (today - row.planned_end).days) for row in rows if row.planned_end]
    return Panel("tracker/_staff_panel.html", {"late": late, "total": total}, position=50)
