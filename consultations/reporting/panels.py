"""Where the report is found."""

from typing import Any

from flask import g

from civic.navigation import Panel
from consultations.reporting import policy


def consultation(context: dict[str, Any]) -> Panel | None:
    """On the page of a consultation, first, once it is published."""
    if context["consultation"].report_published_at is None:
        return None
    return Panel("reporting/_panel.html", context, position=5)


def staff_consultation(context: dict[str, Any]) -> Panel | None:
    """On the page of those who lead it: how the report looks, before it is published too."""
    if not policy.can_read(g.actor, context["consultation"], context["now"]):
        return None
    return Panel("reporting/_panel.html", context, position=30)
