"""Staff's and evaluators' pages of the analysis, and appeals from filing to decision."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, Invalid, NotFound
from civic.extensions import db
from civic.format import ngettext
from civic.money import read_optional
from civic.numbers import sent_numbers, whole_number
from civic.policy import Action, requires
from civic.text import render_plain
from civic.unit_of_work import writes
from proposals import labels, rounds
from proposals import policy as proposal_policy
from proposals.evaluation import policy, queries, service
from proposals.evaluation.forms import AnswerForm, AppealDecisionForm, AppealForm, ReasonForm
from proposals.evaluation.models import ASPECTS, Appeal, Evaluation
from proposals.views_public import get_visible, page_number

blueprint = Blueprint("evaluation", __name__)


def _pages(total: int) -> int:
    return -(-total // queries.PER_PAGE)


# --- taking into analysis --------------------------------------------------------------------------------


@blueprint.get("/staff/proposals/take")
@requires(Action.MANAGE_PROPOSALS)
def take_list() -> str:
    """Published proposals of a round, or of none, to hand to the departments."""
    typed = request.args.get("round")
    if typed is None:
        round_id = queries.find_round_that_waits()
    else:
        round_id = whole_number(typed)
    rows, total = queries.list_to_take(round_id, page_number())
    able = queries.departments_with_evaluators()
    return render_template(
        "proposals/take.html",
        rows=rows,
        total=total,
        page=page_number(),
        pages=_pages(total),
        rounds=rounds.list_public_rounds(),
        round_id=round_id,
        departments=[(one, one.id in able) for one in queries.list_departments()],
    )


@blueprint.post("/staff/proposals/take")
@requires(Action.MANAGE_PROPOSALS)
@writes
def take() -> Response:
    """Hand the chosen proposals to the chosen departments; each stands on its own."""
    now, done, departments = clock.now(), 0, sent_numbers("departments")
    for proposal_id in sent_numbers("ids"):
        try:
            with db.session.begin_nested():
                service.take_into_analysis(g.actor, proposal_id, departments, now)
            done += 1
        except DomainError as error:
            flash(str(error.message), "warning")
    if done:
        flash(
            ngettext("%(num)s proposal is in analysis.", "%(num)s proposals are in analysis.", done),
            "success",
        )
    elif not sent_numbers("ids"):
        flash(_("Choose at least one from the list."), "warning")
    return redirect(url_for("evaluation.take_list", round=request.args.get("round", "")), code=303)  # type: ignore[return-value]


# --- the departments' queue ------------------------------------------------------------------------------


@blueprint.get("/staff/evaluations")
@requires(Action.VIEW_EVALUATIONS)
def queue() -> str:
    """The analyses of one's departments, the most pressing first."""
    answered = request.args.get("state") == "answered"
    rows, total = queries.list_queue(g.actor, policy.sees_everything(g.actor), answered, page_number())
    return render_template(
        "proposals/evaluations.html",
        rows=rows,
        total=total,
        page=page_number(),
        pages=_pages(total),
        answered=answered,
        now=clock.now(),
    )


def _answer_page(evaluation: Evaluation, form: AnswerForm, status: int = 200) -> Response:
    form.reasons.choices = [(one.code, one.name) for one in queries.list_reasons()]
    proposal = evaluation.proposal
    body = render_template(
        "proposals/evaluation.html",
        evaluation=evaluation,
        evaluations=[evaluation] if evaluation.result else [],
        proposal=proposal,
        problem=render_plain(proposal.problem),
        idea=render_plain(proposal.idea),
        decision=policy.can_answer(g.actor, evaluation),
        form=form,
        aspects=ASPECTS,
    )
    return make_response(body, status)


def _readable(evaluation_id: int) -> Evaluation:
    evaluation = queries.get_evaluation(evaluation_id)
    if not policy.can_read(g.actor, evaluation):
        raise NotFound
    return evaluation


@blueprint.get("/staff/evaluations/<int:evaluation_id>")
@requires(Action.VIEW_EVALUATIONS)
def queue_show(evaluation_id: int) -> Response:
    """A department's part: the form, or what was answered."""
    return _answer_page(_readable(evaluation_id), AnswerForm(None))


@blueprint.post("/staff/evaluations/<int:evaluation_id>")
@requires(Action.EVALUATE)
@writes
def queue_answer(evaluation_id: int) -> Response:
    """Record the department's answer."""
    evaluation, form = _readable(evaluation_id), AnswerForm()
    form.reasons.choices = [(one.code, one.name) for one in queries.list_reasons()]
    if not form.validate():
        return _answer_page(evaluation, form, 422)
    try:
        service.answer(g.actor, evaluation_id, form.to_answer(), clock.now())
    except Invalid as error:
        form.form_errors.append(str(error.message))
        return _answer_page(_readable(evaluation_id), form, 422)
    flash(_("Your department's answer is recorded."), "success")
    return redirect(url_for("evaluation.queue"), code=303)  # type: ignore[return-value]


# --- appeals ---------------------------------------------------------------------------------------------


def _appeal_form(proposal_id: int, form: AppealForm, status: int = 200) -> Response:
    proposal = get_visible(proposal_id)
    decision = proposal_policy.can_appeal(
        g.actor,
        proposal,
        rounds.phases_now(proposal.round_id, clock.now()),
        queries.count_appeals(proposal.id),
        clock.now(),
    )
    body = render_template(
        "proposals/appeal_new.html",
        proposal=proposal,
        form=form,
        decision=decision,
        evaluations=queries.list_published(proposal),
    )
    return make_response(body, status if decision else max(status, 403))


@blueprint.get("/proposals/<int:proposal_id>/appeal")
@requires(Action.APPEAL)
def appeal(proposal_id: int) -> Response:
    """The form of an appeal, beside the reasons it answers."""
    return _appeal_form(proposal_id, AppealForm(None))


@blueprint.post("/proposals/<int:proposal_id>/appeal")
@requires(Action.APPEAL)
@writes
def appeal_file(proposal_id: int) -> Response:
    """File the appeal."""
    form = AppealForm()
    if not form.validate():
        return _appeal_form(proposal_id, form, 422)
    service.file_appeal(g.actor, proposal_id, form.text.data, clock.now())
    flash(_("The appeal is filed. People who did not take part in the analysis decide it."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]


@blueprint.get("/staff/appeals")
@requires(Action.VIEW_EVALUATIONS)
def appeals() -> str:
    """Appeals that wait for a decision."""
    decided = request.args.get("state") == "decided"
    rows, total = queries.list_appeal_queue(g.actor, decided, page_number())
    return render_template(
        "proposals/appeals.html",
        rows=rows,
        total=total,
        page=page_number(),
        pages=_pages(total),
        decided=decided,
        now=clock.now(),
    )


def _decision_page(one: Appeal, form: AppealDecisionForm, status: int = 200) -> Response:
    body = render_template(
        "proposals/appeal.html",
        appeal=one,
        proposal=one.proposal,
        evaluations=queries.list_evaluations(one.proposal_id),
        decision=policy.can_decide(g.actor, one, queries.has_evaluated(g.actor, one.proposal_id)),
        form=form,
        labels=labels,
    )
    return make_response(body, status)


@blueprint.get("/staff/appeals/<int:appeal_id>")
@requires(Action.VIEW_EVALUATIONS)
def appeal_show(appeal_id: int) -> Response:
    """An appeal beside the answers it contests."""
    return _decision_page(queries.get_appeal(appeal_id), AppealDecisionForm(None))


@blueprint.post("/staff/appeals/<int:appeal_id>")
@requires(Action.DECIDE_APPEALS)
@writes
def appeal_decide(appeal_id: int) -> Response:
    """Uphold or dismiss."""
    form = AppealDecisionForm()
    if not form.validate():
        return _decision_page(queries.get_appeal(appeal_id), form, 422)
    try:
        service.decide_appeal(
            g.actor,
            appeal_id,
            form.outcome.data,
            form.reason.data,
            clock.now(),
            read_optional(form.estimate.data),
        )
    except Invalid as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _decision_page(queries.get_appeal(appeal_id), form, 422)
    flash(_("Decided. The author is told."), "success")
    return redirect(url_for("evaluation.appeals"), code=303)  # type: ignore[return-value]


# --- reasons for rejection -------------------------------------------------------------------------------


def _reasons_page(form: ReasonForm, status: int = 200) -> Response:
    context: dict[str, Any] = {"reasons": queries.list_reasons(active_only=False), "form": form}
    return make_response(render_template("proposals/reasons.html", **context), status)


@blueprint.get("/staff/rejection-reasons")
@requires(Action.MANAGE_PROPOSALS)
def reasons() -> Response:
    """The catalogue, and adding to it."""
    return _reasons_page(ReasonForm(None))


@blueprint.post("/staff/rejection-reasons")
@requires(Action.MANAGE_PROPOSALS)
@writes
def reason_add() -> Response:
    """Add a reason."""
    form = ReasonForm()
    if not form.validate():
        return _reasons_page(form, 422)
    texts = {name: value or "" for name, value in form.data.items() if name != "csrf_token"}
    try:
        service.add_reason(g.actor, clock.now(), **texts)
    except Invalid as error:
        form.form_errors.append(str(error.message))
        return _reasons_page(form, 422)
    flash(_("The reason was added."), "success")
    return redirect(url_for("evaluation.reasons"), code=303)  # type: ignore[return-value]


@blueprint.post("/staff/rejection-reasons/<int:reason_id>")
@requires(Action.MANAGE_PROPOSALS)
@writes
def reason_switch(reason_id: int) -> Response:
    """Offer a reason, or stop offering it."""
    service.switch_reason(g.actor, reason_id, clock.now())
    return redirect(url_for("evaluation.reasons"), code=303)  # type: ignore[return-value]
