"""Meetings as tests need them: planned, announced, going on, held, cancelled."""

from datetime import timedelta
from typing import Any

from civic import clock
from civic.deadlines import queries as deadlines
from consultations.meetings import rules
from consultations.meetings.models import AgendaItem, Meeting
from tests.factories import save


def make_meeting(state: str = "announced", items: int = 1, **values: Any) -> Meeting:
    """A meeting in a state now; an announced one is in ten days."""
    now, day = clock.now(), timedelta(days=1)
    starts = {"going_on": now - timedelta(hours=1), "held": now - 2 * day}.get(state, now + 10 * day)
    defaults: dict[str, Any] = {
        "kind": "council", "title": "Ședința ordinară din mai", "summary": "Oricine poate veni.",
        "starts_at": starts, "ends_at": starts + timedelta(hours=3), "place": "Sala de consiliu",
        "created_at": now - 30 * day, "changed_at": now - 30 * day,
    }  # fmt: skip
    if state != "draft":
        version = deadlines.get_current(rules.MINUTES)
        defaults |= {
            "announced_at": now - 20 * day, "minutes_due_at": starts + 10 * day, "minutes_version_id": version.id,
        }  # fmt: skip
    if state == "cancelled":
        defaults |= {"cancelled_at": now - day, "cancelled_reason": "Sala este în lucru."}
    one = save(Meeting(**{**defaults, **values}))
    for number in range(1, items + 1):
        save(AgendaItem(meeting_id=one.id, position=number, title=f"Punctul {number}"))
    return one
