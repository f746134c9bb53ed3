"""Consultations as tests need them, in any state, with the moments of the law."""

from datetime import datetime, timedelta
from typing import Any

from civic.clock import city_date
from consultations import clocks, rules
from consultations.models import Consultation
from tests.factories import NOON, make_department, save

#: A Monday noon without a public holiday near it.
OPENED = NOON


def make_consultation(state: str = "open", now: datetime = OPENED, **values: Any) -> Consultation:
    """A consultation that is in a state at `now`. Open ones opened a day before and end ten days later."""
    opens_at = now + timedelta(days=2) if state == "announced" else now - timedelta(days=1)
    if state not in ("draft", "announced", "open"):
        opens_at = now - timedelta(days=40)
    closes_on = city_date(opens_at) + timedelta(days=11)
    moments: dict[str, Any] = {}
    if state != "draft":
        moments = {
            "announced_at": opens_at - timedelta(days=3) if state == "announced" else opens_at,
            "opens_at": opens_at,
            "closes_on": closes_on,
            "closes_at": clocks.end_of(closes_on),
            "earliest_close_at": clocks.end_of(city_date(opens_at) + timedelta(days=10)),
        }
    if state in ("reported", "adopted", "rejected"):
        moments["report_published_at"] = now - timedelta(days=2)
    if state in rules.OUTCOMES:
        moments |= {
            "outcome": state,
            "outcome_at": now - timedelta(days=1),
            "outcome_reason": "Motivul scris.",
        }
    defaults = {
        "kind": "draft_decision",
        "title": "Proiect de hotărâre privind regulamentul parcurilor",
        "summary": "Câinii pot umbla liberi între orele 6 și 8.",
        "dimension": "decision_making",
        "department_id": values.pop("department_id", None) or make_department().id,
        "responsible": "Ana Pop, referent relația cu societatea civilă",
        "send_to": "Registratura primăriei, str. Chiristigiilor 11-13",
        "created_at": now - timedelta(days=60),
        "changed_at": now - timedelta(days=60),
        "search_text": "",
    }
    return save(Consultation(**{**defaults, **moments, **values}))
