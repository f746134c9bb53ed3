"""Where staff see every debate with its clock, move an end, and give the official answer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, tags
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.places import queries as places
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.agora import policy, presenters, queries, rules, service
from consultations.agora.forms import AnswerForm, EndForm
from consultations.agora.models import AgoraDebate
from consultations.agora.summary import presenters as summaries

blueprint = Blueprint("staff_agora", __name__, url_prefix="/staff/agora")


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index() -> str:
    """Every debate that was sent, with what the city hall owes."""
    return render_template(
        "agora/staff_index.html",
        **presenters.list_context(clock.now(), everything=True),
        can_manage=policy.can_manage(g.actor),
    )


def _sent(debate_id: int) -> AgoraDebate:
    one = queries.get_debate(debate_id)
    if one.submitted_at is None:
        raise NotFound
    return one


def _forms() -> tuple[EndForm, AnswerForm]:
    return EndForm(None, prefix="end_form-"), AnswerForm(None, prefix="answer_form-")


def _page(one: AgoraDebate, now: datetime, status: int = 200, wrong: Any = None) -> tuple[str, int]:
    end_form, answer_form = _forms()
    if isinstance(wrong, EndForm):
        end_form = wrong
    if isinstance(wrong, AnswerForm):
        answer_form = wrong
    answer_form.department_id.choices = [(str(row.id), row.name) for row in places.list_departments()]
    return render_template(
        "agora/staff_show.html",
        **presenters.detail_context(one, now),
        **summaries.summary_context(one, now),
        end_form=end_form,
        answer_form=answer_form,
        wrong=wrong,
        can_move_end=policy.can_move_end(g.actor, one, now),
        can_answer=policy.can_answer(g.actor, one, now),
        earliest=rules.earliest_end(one, now),
    ), status


def _run(debate_id: int, form: Any, field: str, done: str, command: Callable[[datetime], object]) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    now = clock.now()
    if not form.validate():
        return _page(_sent(debate_id), now, 422, form)
    try:
        command(now)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form[field].errors = [*form[field].errors, str(error.message)]
        return _page(_sent(debate_id), now, error.status, form)
    flash(done, "success")
    return redirect(url_for("staff_agora.show", debate_id=debate_id), code=303)


@blueprint.get("/<int:debate_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(debate_id: int) -> Any:
    """One debate with its clock and what can be done about it."""
    return _page(_sent(debate_id), clock.now())


@blueprint.post("/<int:debate_id>/concerns")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def mark(debate_id: int) -> Response:
    """Say whom it concerns especially."""
    service.mark(g.actor, _sent(debate_id).id, tags.chosen(), clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for("staff_agora.show", debate_id=debate_id), code=303)


@blueprint.post("/<int:debate_id>/end")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def move_end(debate_id: int) -> Any:
    """Move the end of the arguments."""
    _sent(debate_id)
    form = EndForm(prefix="end_form-")
    return _run(
        debate_id, form, "closes_at", _("The end was moved."),
        lambda now: service.move_end(g.actor, debate_id, form.closes_at.data, form.reason.data, now),  # type: ignore[arg-type]
    )  # fmt: skip


@blueprint.post("/<int:debate_id>/answer")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def answer(debate_id: int) -> Any:
    """Give the official answer."""
    _sent(debate_id)
    form = AnswerForm(prefix="answer_form-")
    form.department_id.choices = [(str(row.id), row.name) for row in places.list_departments()]
    return _run(
        debate_id, form, "what", _("The answer is published."),
        lambda now: service.answer(
            g.actor, debate_id, form.what.data, form.department_id.data, form.by.data, now, form.leads_to.data or ""
        ),
    )  # fmt: skip
