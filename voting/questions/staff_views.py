"""Staff: the questions of a ballot, before it is frozen."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.fields import error_items
from civic.policy import Action, may, requires
from civic.rounds import queries as rounds
from civic.rounds import steps
from civic.rounds.forms import PlanForm
from civic.rounds.models import Round
from civic.rounds.planning import PlanRefused
from civic.unit_of_work import writes
from voting.questions import page, queries, service
from voting.questions.forms import QuestionForm, filled_form
from voting.questions.models import Question
from voting.questions.rules import MOST_QUESTIONS

blueprint = Blueprint("staff_questions", __name__, url_prefix="/staff/rounds/<int:round_id>/questions")


def _round(round_id: int) -> Round:
    round_ = rounds.get_any_round(round_id)
    if not round_.asks:
        raise NotFound(_("Residents choose projects in this edition; it has no questions."))
    return round_


def _crumbs(round_: Round, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [
        (_("Editions"), url_for("staff_rounds.index")),
        (round_.name, url_for("staff_rounds.show", round_id=round_.id)),
        *more,
    ]


def _to_list(round_id: int) -> Any:
    return redirect(url_for("staff_questions.index", round_id=round_id), code=303)


@blueprint.get("")
@requires(Action.VIEW_EVALUATIONS)
def index(round_id: int) -> str:
    """The questions in the order of the ballot, with what can be done with each."""
    round_ = _round(round_id)
    planned = service.list_planned(round_)
    return render_template(
        "voting/questions/staff/index.html",
        round=round_,
        rows=list(
            zip(queries.list_questions(round_id), [page.tell(round_, one) for one in planned], strict=True)
        ),
        full=len(planned) >= MOST_QUESTIONS,
        most=MOST_QUESTIONS,
        refusal=service.frozen_refusal(round_),
        editing=may(g.actor, Action.MANAGE_ROUNDS) and round_.frozen_at is None,
        next_url=steps.step_url(round_, steps.QUESTION_STEPS[2]),
        breadcrumbs=_crumbs(round_, (_("The questions"), None)),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def create(round_id: int) -> Any:
    """One more question."""
    return _question_page(_round(round_id), None)


@blueprint.route("/<int:question_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def edit(round_id: int, question_id: int) -> Any:
    """Change a question."""
    return _question_page(_round(round_id), queries.get_question(round_id, question_id))


def _question_page(round_: Round, question: Question | None) -> Any:
    sent = request.form if request.method == "POST" else None
    form = filled_form(service.text_of(question) if question else None, sent)
    changes, status = None, 0
    if sent is None and question is not None:
        form.seen.data = service.mark_of(service.text_of(question))
    if sent is not None and sent.get("add"):
        form.add_rows()
    elif sent is not None and form.validate():
        try:
            if _save(round_, question, form):
                flash(_("Saved."), "success")
                return _to_list(round_.id)
        except service.Overwritten as refusal:
            assert question is not None
            stored, status = service.text_of(question), refusal.status
            form.form_errors.append(str(refusal.message))
            # Who saves now has seen what stands there.
            form.seen.data = service.mark_of(stored)
            changes = form.in_words(stored), form.in_words(service.cleaned(form.typed()))
    heading = _("Change the question") if question else _("New question")
    body = render_template(
        "voting/questions/staff/question.html",
        round=round_,
        question=question,
        form=form,
        changes=changes,
        heading=heading,
        refusal=service.frozen_refusal(round_),
        breadcrumbs=_crumbs(
            round_,
            (_("The questions"), url_for("staff_questions.index", round_id=round_.id)),
            (heading, None),
        ),
    )
    return body, status or (422 if error_items(form) else 200)


def _save(round_: Round, question: Question | None, form: QuestionForm) -> bool:
    rows = form.filled_rows
    try:
        service.save_question(
            g.actor,
            round_,
            question,
            form.typed(),
            clock.now(),
            form.reason.data or "",
            seen=form.seen.data or "",
        )
    except service.Overwritten:
        raise
    except PlanRefused as refusal:
        form.show_problems(refusal.problems, {"options": rows})
    except DomainError as refusal:
        form.form_errors.append(str(refusal.message))
    return not error_items(form)


@blueprint.post("/<int:question_id>/move")
@requires(Action.MANAGE_ROUNDS)
@writes
def move(round_id: int, question_id: int) -> Any:
    """One place higher or lower."""
    round_, question = _round(round_id), queries.get_question(round_id, question_id)
    service.move_question(g.actor, round_, question, request.form.get("to") == "up", clock.now())
    return _to_list(round_id)


@blueprint.route("/<int:question_id>/remove", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def remove(round_id: int, question_id: int) -> Any:
    """Take a question off the ballot: its own page, so that nobody does it by a slip."""
    round_, question = _round(round_id), queries.get_question(round_id, question_id)
    form = PlanForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            service.remove_question(g.actor, round_, question, clock.now(), form.reason.data or "")
        except PlanRefused as refusal:
            form.show_problems(refusal.problems)
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("The question was removed."), "success")
            return _to_list(round_id)
    body = render_template(
        "voting/questions/staff/remove.html",
        round=round_,
        question=question,
        form=form,
        refusal=service.frozen_refusal(round_),
        breadcrumbs=_crumbs(
            round_,
            (_("The questions"), url_for("staff_questions.index", round_id=round_id)),
            (_("Remove the question"), None),
        ),
    )
    return body, 422 if error_items(form) else 200
