"""What questionnaires say on the pages of their consultation."""

from typing import Any

from flask import g

from civic import clock
from civic.format import language
from civic.navigation import Panel
from civic.policy import Action, may
from consultations.policy import has_ended
from consultations.questionnaires import policy, queries
from consultations.questionnaires.views import address, has_answered, sitting_of


def of_consultation(context: dict[str, Any]) -> Panel | None:
    """The questionnaires people can answer, have answered or can read the results of."""
    now = context.get("now") or clock.now()
    lines = []
    for one in queries.list_of_consultation(context["consultation"].id):
        answered = has_answered(one, sitting_of(one))
        lines.append(
            {
                "title": one.told("title", language()),
                "url": address("show", one),
                "questions": len(one.asked.questions),
                "decision": policy.can_answer(g.actor, one, answered, now),
                "sign_in": policy.must_sign_in(g.actor, one, now),
                "answered": answered,
                "results": policy.can_see_results(g.actor, one, answered, now),
                "one": one,
            }
        )
    return Panel("questionnaires/_panel.html", {"lines": lines}, position=20) if lines else None


def of_staff(context: dict[str, Any]) -> Panel | None:
    """Staff: the questionnaires of a consultation, and the way to write one."""
    if not may(g.actor, Action.VIEW_CONSULTATIONS):
        return None
    consultation, now = context["consultation"], context.get("now") or clock.now()
    rows = queries.list_of_consultation(consultation.id, published=False)
    values = {
        "consultation": consultation,
        "rows": rows,
        "managing": may(g.actor, Action.MANAGE_CONSULTATIONS) and not has_ended(consultation, now),
    }
    return Panel("questionnaires/_staff_panel.html", values, position=30)
