"""What reports add to the page on which the work of staff begins."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from civic.reports import presenters, queries


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Reports that wait for a signature, and measures whose day has passed."""
    if not may(g.actor, Action.MANAGE_INDICATORS):
        return None
    today = clock.city_date(clock.now())
    late = [row for row in presenters.measure_rows(queries.list_promises(), today) if row["late"]]
    waiting = queries.count_submitted()
    if not late and not waiting:
        return None
    return Panel("reports/_staff_panel.html", {"late": late, "waiting": waiting}, position=62)
