"""Where a summary is found."""

from typing import Any

from flask import g

from civic.navigation import Panel
from consultations.summaries import policy, presenters, queries


def consultation(context: dict[str, Any]) -> Panel | None:
    """On the page of a consultation, once it is published."""
    found = presenters.paragraphs(context["consultation"].id)
    return Panel("summaries/_panel.html", {"paragraphs": found}, position=4) if found else None


def staff_consultation(context: dict[str, Any]) -> Panel | None:
    """On the page of those who lead it: where it is written."""
    one = context["consultation"]
    if not policy.can_write(g.actor, one):
        return None
    summary = queries.find_summary(one.id)
    return Panel("summaries/_panel_staff.html", {"consultation": one, "summary": summary}, position=29)
