"""What debates put on the pages of their consultation, and what of them holds the report back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g
from flask_babel import gettext as _

from civic import clock
from civic.format import moment
from civic.navigation import Panel
from civic.organisations import acting
from civic.policy import Action, may
from consultations import rules as kinds
from consultations.debates import policy, presenters, queries, rules
from consultations.models import Consultation

#: Clocks shown on the staff's home.
SHOWN = 10


def _values(one: Consultation, now: datetime) -> dict[str, Any]:
    requests, debates = queries.list_requests(one.id), queries.list_debates(one.id)
    return {
        "consultation": one,
        "requests": presenters.request_rows(requests, debates, now),
        "debates": presenters.debate_rows(debates, now),
    }


def consultation(context: dict[str, Any]) -> Panel | None:
    """A consultation's page: who asked for a debate, when it is, and how an organisation asks for one."""
    one: Consultation = context["consultation"]
    if one.announced_at is None:
        return None
    values = _values(one, context["now"])
    asked = kinds.KINDS[one.kind].debate and policy.can_be_asked(one, context["now"])
    if not values["requests"] and not values["debates"] and not asked:
        return None
    return Panel("debates/_panel.html", {**values, "can_be_asked": bool(asked)}, position=30)


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: debates to be announced and minutes to be published, each with its clock."""
    if not may(g.actor, Action.MANAGE_CONSULTATIONS):
        return None
    rows = presenters.clock_rows(clock.now(), SHOWN)
    return Panel("debates/_panel_clocks.html", {"rows": rows}, position=44) if rows else None


def staff_consultation(context: dict[str, Any]) -> Panel | None:
    """The page of those who lead it: the requests with their clocks, the debates, the way to announce one."""
    one: Consultation = context["consultation"]
    if one.announced_at is None:
        return None
    values, planned = _values(one, context["now"]), queries.find_planned(one.id)
    decision = policy.can_announce(g.actor, one, planned, context["now"])
    if not values["requests"] and not values["debates"] and not decision:
        return None
    return Panel("debates/_panel_staff.html", {**values, "can_announce": decision}, position=25)


def gate(one: Consultation, _now: datetime) -> Sequence[str]:
    """The report waits for the debate that an organisation asked for, for one that is announced, and for minutes."""
    debates, said = queries.list_debates(one.id), []
    ended = [each.ended_at for each in debates if each.ended_at is not None]
    waiting = rules.open_requests(queries.list_requests(one.id), ended)
    if waiting:
        cards = acting.cards([each.organisation_id for each in waiting])
        names = ", ".join(cards[each.organisation_id].name for each in waiting)
        said.append(_("A public debate was asked for and has not been held: %(names)s.", names=names))
    for each in debates:
        if each.ended_at is not None and each.minutes_at is None:
            said.append(_("The debate of %(moment)s has no minutes.", moment=moment(each.starts_at)))
        elif each.ended_at is None and each.cancelled_at is None and not waiting:
            said.append(_("The debate of %(moment)s is not over.", moment=moment(each.starts_at)))
    return said
