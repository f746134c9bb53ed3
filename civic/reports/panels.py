"""What reports add to the page on which the work of staff begins."""

from typing import Any

from flask import g

from civic import clock
from civic.navigation import Panel
from civic.policy import Action, may
from civic.reports import presenters, queries


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Measures whose day has passed, to council staff all of them and to a department its own; and who waits for a signature."""
    leads = may(g.actor, Action.MANAGE_INDICATORS)
    if not leads and not may(g.actor, Action.WRITE_REPORTS):
        return None
    promises = [
        one for one in queries.list_promises() if leads or (one.measure.department_id in g.actor.departments)
    ]
    today = clock.city_date(clock.now())
    late = [row for row in presenters.measure_rows(promises, today) if row["late"]]
    waiting = queries.count_submitted() if leads else 0
    if not late and not waiting:
        return None
    return Panel("reports/_staff_panel.html", {"late": late, "waiting": waiting}, position=62)
