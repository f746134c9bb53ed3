"""Staff, before the ballot is frozen: projects of which only one can win, and the public draw that settles ties."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting import draws, exclusive, project_queries
from voting.forms import DrawForm, ExclusiveSetForm, RemovalForm
from voting.models import ExclusiveSet, Project

blueprint = Blueprint("staff_sets", __name__, url_prefix="/staff/rounds/<int:round_id>/vote")


def _edition(round_id: int) -> Round:
    """A round in which projects are chosen, or NotFound: answers to questions exclude nothing and need no draw."""
    round_ = get_any_round(round_id)
    if round_.asks:
        raise NotFound
    return round_


def _to_vote(round_id: int) -> Any:
    return redirect(url_for("staff_voting.show", round_id=round_id), code=303)


@blueprint.route("/sets/new", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def create(round_id: int) -> Any:
    """Name projects of which only one can win."""
    return _set_page(_edition(round_id), None)


@blueprint.route("/sets/<int:set_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def edit(round_id: int, set_id: int) -> Any:
    """Change such a set, until the ballot is frozen."""
    return _set_page(_edition(round_id), exclusive.get_set(round_id, set_id))


def _set_page(round_: Round, found: ExclusiveSet | None) -> Any:
    form = ExclusiveSetForm(request.form if request.method == "POST" else None)
    projects = _filled(form, round_, found if request.method == "GET" else None)
    if request.method == "POST" and form.validate():
        chosen = [project for project in projects if project.id in (form.projects.data or ())]
        try:
            exclusive.save_set(
                g.actor, round_, form.name.data or "", chosen, found, clock.now(), form.reason.data or ""
            )
        except exclusive.MissingReason as refusal:
            form.reason.errors = [str(refusal.message)]
        except DomainError as refusal:
            field = form.name if len(chosen) > 1 and refusal.status == 409 else form.projects
            field.errors = [str(refusal.message)]
        else:
            flash(_("Saved."), "success")
            return _to_vote(round_.id)
    page = _rendered(round_, form, found, RemovalForm(None, prefix="removal"))
    return page, 422 if form.is_submitted() else 200


def _rendered(round_: Round, form: ExclusiveSetForm, found: ExclusiveSet | None, removal: RemovalForm) -> str:
    pots = {pot.id: pot.name for pot in round_.pots}
    hints = {project.id: pots[project.pot_id] for project in project_queries.list_projects(round_.id)}
    return render_template(
        "voting/staff/exclusive_set.html", round=round_, form=form, found=found, removal=removal,
        hints=hints if len(pots) > 1 else {},
    )  # fmt: skip


def _filled(form: ExclusiveSetForm, round_: Round, found: ExclusiveSet | None) -> Sequence[Project]:
    """Offer the round's projects; show what the set has."""
    projects = project_queries.list_projects(round_.id)
    form.projects.choices = [(project.id, f"{project.code} · {project.title}") for project in projects]
    if found is not None:
        form.name.data, form.projects.data = found.name, [project.id for project in found.projects]
    return projects


@blueprint.post("/sets/<int:set_id>/remove")
@requires(Action.MANAGE_ROUNDS)
@writes
def remove(round_id: int, set_id: int) -> Any:
    """Let the projects of a set win beside one another again."""
    round_ = _edition(round_id)
    found, removal = exclusive.get_set(round_id, set_id), RemovalForm(request.form, prefix="removal")
    if removal.validate():
        try:
            exclusive.remove_set(g.actor, round_, found, clock.now(), removal.reason.data or "")
        except exclusive.MissingReason as refusal:
            removal.reason.errors = [str(refusal.message)]
        else:
            flash(_("The set was removed."), "success")
            return _to_vote(round_id)
    form = ExclusiveSetForm(None)
    _filled(form, round_, found)
    return _rendered(round_, form, found, removal), 422


@blueprint.route("/draw", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def draw(round_id: int) -> Any:
    """Record the public draw that settles ties."""
    round_ = _edition(round_id)
    found = draws.find_draw(round_id)
    form = DrawForm(request.form if request.method == "POST" else None)
    if request.method == "GET" and found is not None:
        form.held_on.data, form.minutes.data = found.held_on, found.minutes
        form.order.data = "\n".join(found.codes)
    valid = request.method == "POST" and form.validate()
    if form.is_submitted() and form.held_on.data is None and not form.held_on.errors:
        form.held_on.errors = [_("Write the day such as 12.03.2027.")]
    elif valid and form.held_on.data is not None:
        codes = draws.read_codes(form.order.data or "")
        try:
            draws.record_draw(
                g.actor, round_, codes, form.minutes.data or "", form.held_on.data, clock.now(),
                form.reason.data or "",
            )  # fmt: skip
        except draws.DrawRefused as refusal:
            form[refusal.field].errors = [str(refusal.message)]
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("The draw is recorded."), "success")
            return _to_vote(round_id)
    page = render_template(
        "voting/staff/draw.html",
        round=round_,
        form=form,
        found=found,
        projects=project_queries.list_projects(round_id),
    )
    return page, 422 if form.is_submitted() else 200
