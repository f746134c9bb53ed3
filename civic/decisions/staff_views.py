"""Where staff enter decisions and keep them right: one page each, one form a kind of change."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock, numbers, tags
from civic.decisions import labels, presenters, queries, rules, service
from civic.decisions.forms import FactsForm, FileForm, RelationForm, StateForm
from civic.decisions.models import CouncilDecision
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("decisions_staff", __name__, url_prefix="/staff/decisions")

#: The forms of a decision's page by the name they have in its template.
FORMS: dict[str, type[FlaskForm]] = {
    "state_form": StateForm, "file_form": FileForm, "relation_form": RelationForm,
}  # fmt: skip


def _made(name: str, one: CouncilDecision, *, bound: bool) -> Any:
    form: Any = FORMS[name](prefix=f"{name}-") if bound else FORMS[name](None, prefix=f"{name}-")
    if name == "state_form":
        form.state.choices = [(state, labels.STATES[state]) for state in rules.STEPS[one.state]]
    return form


def _page(one: CouncilDecision, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    made = {name: bound.get(name) or _made(name, one, bound=False) for name in FORMS}
    wrong = next(iter(bound.values()), None)
    return render_template(
        "decisions/staff_show.html", **presenters.detail_context(one), **made, wrong=wrong
    ), status


def _done(decision_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("decisions_staff.show", decision_id=decision_id), code=303)


def _run(
    decision_id: int, name: str, field: str, done: str, command: Callable[[Any, datetime], object]
) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    form = _made(name, queries.get_decision(decision_id), bound=True)

    def page(status: int) -> Any:
        return _page(queries.get_decision(decision_id), status, **{name: form})

    wrong = take(form, field, lambda: command(form, clock.now()), page)
    return _done(decision_id, done) if wrong is None else wrong


def _facts(form: Any) -> service.Facts:
    return service.Facts(
        form.kind.data, form.number.data, form.title.data, form.adopted_on.data, form.year.data,
        form.issuer.data or "", form.dimension.data or "", form.body.data or "", form.register.data or "",
        form.published_on.data, form.gazette_address.data or "", form.came_from.data or "", form.note.data or "",
    )  # fmt: skip


def _edit_page(form: FactsForm, one: CouncilDecision | None, status: int) -> tuple[str, int]:
    name = presenters.name_of(one) if one else ""
    return render_template("decisions/staff_edit.html", form=form, decision=one, name=name), status


@blueprint.get("")
@requires(Action.MANAGE_COUNCIL)
def index() -> str:
    """Every decision, those being written too."""
    return render_template("decisions/staff_index.html", **presenters.list_context(drafts=True))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def create() -> Any:
    """Enter a decision."""
    form = FactsForm()
    if not form.validate_on_submit():
        return _edit_page(form, None, 422 if form.is_submitted() else 200)
    try:
        one = service.create(g.actor, _facts(form), clock.now())
    except Invalid as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _edit_page(form, None, 422)
    return _done(one.id, _("Saved. Residents see it once you publish it."))


@blueprint.route("/<int:decision_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_COUNCIL)
@writes
def edit(decision_id: int) -> Any:
    """Correct a decision."""
    one = queries.get_decision(decision_id)
    form = FactsForm(obj=one)
    if not form.is_submitted():
        form.came_from.data = presenters.origin_address(one)
        return _edit_page(form, one, 200)
    if not form.validate():
        return _edit_page(form, one, 422)
    seen = numbers.whole_number(form.version.data) or 0
    try:
        service.edit(g.actor, decision_id, seen, _facts(form), form.reason.data or "", clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _edit_page(form, queries.get_decision(decision_id), error.status)
    return _done(decision_id, _("Saved."))


@blueprint.get("/<int:decision_id>")
@requires(Action.MANAGE_COUNCIL)
def show(decision_id: int) -> Any:
    """Everything that can be done about one decision."""
    return _page(queries.get_decision(decision_id))


@blueprint.post("/<int:decision_id>/concerns")
@requires(Action.MANAGE_COUNCIL)
@writes
def mark(decision_id: int) -> Response:
    """Say whom it concerns especially."""
    service.mark(g.actor, decision_id, tags.chosen(), clock.now())
    return _done(decision_id, _("Saved."))


@blueprint.post("/<int:decision_id>/publish")
@requires(Action.MANAGE_COUNCIL)
@writes
def publish(decision_id: int) -> Response:
    """Let everyone read it."""
    try:
        service.move(g.actor, decision_id, "published", "", clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("decisions_staff.show", decision_id=decision_id), code=303)
    return _done(decision_id, _("Published. Everyone can read it."))


@blueprint.post("/<int:decision_id>/state")
@requires(Action.MANAGE_COUNCIL)
@writes
def state(decision_id: int) -> Any:
    """Say that it ended, or take that back."""
    return _run(
        decision_id, "state_form", "reason", _("Saved."),
        lambda form, now: service.move(g.actor, decision_id, form.state.data, form.reason.data, now),
    )  # fmt: skip


@blueprint.post("/<int:decision_id>/discard")
@requires(Action.MANAGE_COUNCIL)
@writes
def discard(decision_id: int) -> Response:
    """Throw away what was never published."""
    service.discard(g.actor, decision_id, clock.now())
    flash(_("It was thrown away."), "success")
    return redirect(url_for("decisions_staff.index"), code=303)


@blueprint.post("/<int:decision_id>/files")
@requires(Action.MANAGE_COUNCIL)
@writes
def add_file(decision_id: int) -> Any:
    """Add a file."""
    return _run(
        decision_id, "file_form", "file", _("The file is with the decision."),
        lambda form, now: service.add_file(g.actor, decision_id, form.title.data, form.file.data, now),
    )  # fmt: skip


@blueprint.post("/<int:decision_id>/files/<int:file_id>/remove")
@requires(Action.MANAGE_COUNCIL)
@writes
def remove_file(decision_id: int, file_id: int) -> Response:
    """Take a file out."""
    service.remove_file(g.actor, decision_id, file_id, clock.now())
    return _done(decision_id, _("Removed."))


@blueprint.post("/<int:decision_id>/relations")
@requires(Action.MANAGE_COUNCIL)
@writes
def relate(decision_id: int) -> Any:
    """Say what it does to another decision."""
    return _run(
        decision_id, "relation_form", "number", _("Saved. Both pages show it."),
        lambda form, now: service.relate(
            g.actor, decision_id, form.kind.data, (form.other_kind.data, form.number.data, form.year.data), now
        ),
    )  # fmt: skip


@blueprint.post("/<int:decision_id>/relations/<int:relation_id>/remove")
@requires(Action.MANAGE_COUNCIL)
@writes
def unrelate(decision_id: int, relation_id: int) -> Response:
    """Take that back."""
    service.unrelate(g.actor, decision_id, relation_id, clock.now())
    return _done(decision_id, _("Removed."))
