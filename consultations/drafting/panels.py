"""The text of a draft on the pages of its consultation."""

from typing import Any

from flask import Flask

from civic.navigation import Panel, add_panel
from consultations.drafting import queries
from consultations.policy import can_contribute


def _public(context: dict[str, Any]) -> Panel | None:
    one = context["consultation"]
    edition = queries.current_edition(one.id)
    if edition is None:
        return None
    return Panel(
        "consultations/drafting/_panel.html",
        {
            "consultation": one,
            "edition": edition,
            "remarks": queries.count_visible(one.id),
            "receives": bool(can_contribute(one, context["now"])),
        },
        position=20,
    )


def _staff(context: dict[str, Any]) -> Panel | None:
    one = context["consultation"]
    return Panel(
        "consultations/drafting/_panel_staff.html",
        {
            "consultation": one,
            "edition": queries.current_edition(one.id),
            "prepared": queries.find_prepared(one.id),
        },
        position=20,
    )


def bind(app: Flask) -> None:
    """Hang the panels on the pages of consultations."""
    add_panel(app, "consultation", _public)
    add_panel(app, "staff.consultation", _staff)
