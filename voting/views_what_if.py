"""The staff page "what if": a form, and the answer once the worker has counted."""

from decimal import Decimal
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, format, numbers, tasks
from civic.errors import DomainError, NotAllowed, NotFound
from civic.extensions import limiter
from civic.format import ngettext
from civic.policy import Action, may, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.security import is_fragment
from civic.unit_of_work import writes
from voting import round_queries, what_if_work
from voting.forms import WhatIfForm
from voting.plan import FrozenRound, PlannedPot
from voting.reasons import amount_words
from voting.views_staff import blueprint
from voting.what_if_work import Question

PER_ACCOUNT = "20 per minute; 200 per hour"


def asker_key() -> str:
    """Limits by the account that asks."""
    return f"what-if-{g.actor.id}"


def _pots(plan: FrozenRound) -> list[PlannedPot]:
    used = {project.pot for project in plan.projects.values()}
    return [pot for pot in plan.pots.values() if pot.id in used]


def _form(plan: FrozenRound, pot: PlannedPot) -> WhatIfForm:
    own = sorted((project.title, project.code) for project in plan.projects.values() if project.pot == pot.id)
    form = WhatIfForm(request.form if request.method == "POST" else None, budget=pot.amount)
    form.without.choices = [(code, title) for title, code in own]
    form.project.choices = [("", _("no project")), *((code, title) for title, code in own)]
    return form


@blueprint.route("/what-if", methods=["GET", "POST"])
@requires(Action.TRY_COUNTS)
@limiter.limit(PER_ACCOUNT, methods=["POST"], key_func=asker_key)
@writes
def what_if(round_id: int) -> Any:
    """Ask what the count would give with another budget, without some projects, or with more votes for one."""
    round_, now = get_any_round(round_id), clock.now()
    plan, decision = round_queries.plan_of(round_), what_if_work.can_ask(round_, now)
    if plan is None or not decision or not _pots(plan):
        if request.method == "POST":
            raise NotAllowed(decision.reason)
        return render_template("voting/staff/what_if.html", round=round_, decision=decision, form=None)
    pots, chosen = _pots(plan), numbers.whole_number(request.args.get("pot"))
    pot = next((one for one in pots if one.id == chosen), pots[0])
    form = _form(plan, pot)
    if request.method == "POST" and form.validate():
        try:
            task = what_if_work.ask(g.actor, round_, plan, _question(form, pot), now)
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            return redirect(
                url_for("staff_voting.what_if_answer", round_id=round_id, task_id=task.id), code=303
            )
    page = render_template(
        "voting/staff/what_if.html", round=round_, decision=decision, form=form, pots=pots, pot=pot
    )
    return page, 422 if form.is_submitted() else 200


def _question(form: WhatIfForm, pot: PlannedPot) -> Question:
    more = {form.project.data: form.votes.data} if form.project.data and form.votes.data else {}
    budget = form.budget.data if form.budget.data != pot.amount else None
    return Question(pot.id, budget, tuple(form.without.data or ()), more)


@blueprint.get("/what-if/<int:task_id>")
@requires(Action.TRY_COUNTS)
def what_if_answer(round_id: int, task_id: int) -> str:
    """How far the count is, then what would have been chosen: the page, or the part that asks again."""
    round_, task = get_any_round(round_id), tasks.get_task(task_id)
    plan = round_queries.plan_of(round_)
    if task.kind != what_if_work.KIND or task.params.get("round") != round_id or plan is None:
        raise NotFound
    if task.account_id != g.actor.id and not may(g.actor, Action.VIEW_AUDIT):
        raise NotAllowed(_("Only the person who asked for this work sees how far it has come."))
    template = "voting/staff/_what_if_answer.html" if is_fragment() else "voting/staff/what_if_answer.html"
    return render_template(template, task=task, round=round_, **_told(round_, plan, task))


def _told(round_: Round, plan: FrozenRound, task: tasks.Task) -> dict[str, Any]:
    """The question and, once it is there, the answer, in words."""
    asked, answer = task.params, task.result

    def titles(codes: Any) -> list[str]:
        return [plan.projects[code].title for code in codes or () if code in plan.projects]

    return {
        "pot": plan.pots[asked["pot"]],
        "without": titles(asked["without"]),
        "more": [(plan.projects[code].title, votes) for code, votes in asked["more"].items()],
        "budget": asked["budget"] and amount_words(asked["budget"], plan.currency),
        "answer": _answer(answer, plan.currency) if task.state == "done" else None,
        "gained": titles(answer.get("gained")),
        "lost": titles(answer.get("lost")),
        "selected": titles(answer.get("selected")),
        "url": url_for("staff_voting.what_if_answer", round_id=round_.id, task_id=task.id),
    }


def _answer(answer: dict[str, Any], currency: str) -> dict[str, Any]:
    winners = len(answer["selected"])
    return {
        "milliseconds": answer["milliseconds"],
        "tiles": [
            {
                "value": format.number(winners),
                "label": ngettext("winning project", "winning projects", winners),
            },
            {
                "value": amount_words(answer["spent"], currency),
                "label": _("spent of %(budget)s", budget=amount_words(answer["budget"], currency)),
            },
            {
                "value": format.percent(Decimal(answer["with_winner"]) / (answer["voters"] or 1)),
                "label": _("of voters have at least one winning project"),
            },
        ],
    }


def answer_link(task: tasks.Task) -> tuple[object, str]:
    """Where a finished question's answer is."""
    return _("See the answer"), url_for(
        "staff_voting.what_if_answer", round_id=task.params["round"], task_id=task.id
    )
