"""What the register puts on the pages of consultations, accounts and staff, and what holds the report back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, g

from civic.format import ngettext
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.contributions import letter_queries, listing, policy, queries
from consultations.models import Consultation


def consultation(context: dict[str, Any]) -> Panel | None:
    """A consultation's page: how to contribute, how many did, what is answered."""
    one: Consultation = context["consultation"]
    if one.announced_at is None:
        return None
    total, answered = listing.count_register(one.id)
    address = current_app.config["SETTINGS"].mailbox_address
    name, _at, domain = address.partition("@")
    return Panel(
        "contributions/_panel.html",
        {
            "consultation": one,
            "decision": policy.can_send(one, context["now"]),
            "late": one.closes_at is not None and context["now"] >= one.closes_at,
            "address": f"{name}+c{one.id}@{domain}" if address else "",
            "total": total,
            "answered": answered,
        },
        position=20,
    )


def staff_consultation(context: dict[str, Any]) -> Panel | None:
    """The page of those who lead a consultation: the work with its answers."""
    one: Consultation = context["consultation"]
    if one.announced_at is None:
        return None
    return Panel(
        "contributions/_panel_staff.html",
        {"consultation": one, "counts": listing.count_work(one.id), "can_enter": policy.can_enter(g.actor)},
        position=20,
    )


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Where the work begins: letters that wait."""
    if not may(g.actor, Action.REGISTER_CONTRIBUTIONS):
        return None
    waiting = letter_queries.count_waiting()
    return Panel("contributions/_panel_letters.html", {"waiting": waiting}, position=45) if waiting else None


def account(_context: dict[str, Any]) -> Panel | None:
    """An account's page: what its owner sent."""
    if g.actor.id is None:
        return None
    rows = listing.list_mine(g.actor.id, 5)
    return Panel("contributions/_panel_account.html", {"rows": rows}, position=40) if rows else None


def gate(one: Consultation, _now: datetime) -> Sequence[str]:
    """The report waits while a registered contribution has no answer (Law 52/2003, art. 12(3))."""
    waiting = queries.unanswered(one.id)
    if not waiting:
        return []
    return [
        ngettext(
            "%(num)s registered contribution has no published answer.",
            "%(num)s registered contributions have no published answer.",
            waiting,
        )
    ]
