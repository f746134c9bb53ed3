"""Where contested decisions show on shared pages: the account, and the staff's home."""

from typing import Any

from flask import g

from civic import clock
from civic.moderation.appeals import queries
from civic.navigation import Panel
from civic.policy import Action, may


def account_panel(context: dict[str, Any]) -> Panel | None:
    """The account page: decisions about one's texts, when there are any."""
    total = queries.count_statements(context["account"].id)
    return Panel("appeals/_panel_account.html", {"total": total}, position=2) if total else None


def staff_panel(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: appeals that wait for a second person."""
    if not may(g.actor, Action.VIEW_MODERATION):
        return None
    waiting, late = queries.count_open(clock.now())
    return (
        Panel("appeals/_panel_staff.html", {"waiting": waiting, "late": late}, position=11)
        if waiting
        else None
    )
