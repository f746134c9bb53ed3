"""Where staff bring a draft's text in, look it over and publish it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import Action, requires
from civic.tasks import Task
from civic.unit_of_work import writes
from consultations import queries as consultations
from consultations.drafting import importing, labels, policy, presenters, queries
from consultations.drafting.forms import ImportForm, PublishForm

blueprint = Blueprint("staff_drafting", __name__, url_prefix="/staff/consultations")


def result_link(task: Task) -> tuple[object, str] | None:
    """Where the work of a text leads to: the text's page."""
    consultation_id = task.result.get("consultation_id")
    if consultation_id is None:
        return None
    return _("See the text"), url_for("staff_drafting.text", consultation_id=consultation_id)


def _page_number() -> int:
    return max(1, numbers.whole_number(request.args.get("page")) or 1)


def _page(
    consultation_id: int, import_form: ImportForm | None = None, publish_form: PublishForm | None = None
) -> str:
    one = consultations.get_consultation(consultation_id)
    prepared = queries.find_prepared(one.id)
    editions = queries.list_editions(one.id)
    newest = prepared or (editions[0] if editions else None)
    task_id = newest.task_id if newest is not None else None
    total = queries.count_sections(prepared.id) if prepared is not None else 0
    page = _page_number()
    return render_template(
        "consultations/drafting/staff_text.html",
        consultation=one,
        editions=editions,
        marked=queries.count_marked(one.id),
        prepared=prepared,
        task=db.session.get(Task, task_id) if task_id else None,
        rows=presenters.preview_rows(prepared, page) if prepared is not None else [],
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PREVIEW_SECTIONS)),
        kinds=labels.KINDS,
        sources=labels.SOURCES,
        decision=policy.can_prepare(g.actor, one, clock.now()),
        import_form=import_form or ImportForm(None),
        publish_form=publish_form or PublishForm(None),
        form=import_form or publish_form,
    )


def _done(consultation_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("staff_drafting.text", consultation_id=consultation_id), code=303)


@blueprint.get("/<int:consultation_id>/text")
@requires(Action.VIEW_CONSULTATIONS)
def text(consultation_id: int) -> str:
    """The editions, and the one being prepared with every section it was read into."""
    return _page(consultation_id)


@blueprint.post("/<int:consultation_id>/text")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def bring_in(consultation_id: int) -> Any:
    """Bring a text in from a file or from what was pasted."""
    consultations.get_consultation(consultation_id)
    form = ImportForm()
    if not form.validate():
        return _page(consultation_id, import_form=form), 422
    source = form.source.data
    try:
        edition = importing.bring_in(
            g.actor, consultation_id, source, clock.now(), upload=form.upload.data, text=form.text.data or ""
        )
    except Invalid as error:
        db.session.rollback()
        field = form.upload if source == "docx" else form.text
        field.errors = [*field.errors, str(error.message)]
        return _page(consultation_id, import_form=form), 422
    if edition.ready_at is None:
        return _done(consultation_id, _("The file was received and is being read."))
    return _done(consultation_id, _("The text was read. Look it over, then publish it."))


@blueprint.post("/<int:consultation_id>/text/kinds")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def kinds(consultation_id: int) -> Response:
    """Correct what sections are."""
    chosen = {
        key: value
        for name, value in request.form.items()
        if name.startswith("kind-") and (key := numbers.whole_number(name.removeprefix("kind-"))) is not None
    }
    changed = importing.correct_kinds(g.actor, consultation_id, chosen, clock.now())
    flash(_("Saved. Corrected: %(number)s.", number=changed), "success")
    page = _page_number()
    return redirect(
        url_for("staff_drafting.text", consultation_id=consultation_id, page=page if page > 1 else None),
        code=303,
    )


@blueprint.post("/<int:consultation_id>/text/publish")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def publish(consultation_id: int) -> Any:
    """Put the prepared edition in force."""
    consultations.get_consultation(consultation_id)
    form = PublishForm()
    if not form.validate():
        return _page(consultation_id, publish_form=form), 422
    try:
        edition = importing.publish(g.actor, consultation_id, form.note.data or "", clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.note.errors = [*form.note.errors, str(error.message)]
        return _page(consultation_id, publish_form=form), error.status
    return _done(consultation_id, _("Edition %(number)s is published.", number=edition.number))


@blueprint.post("/<int:consultation_id>/text/discard")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def discard(consultation_id: int) -> Response:
    """Throw away the edition being prepared."""
    importing.discard(g.actor, consultation_id, clock.now())
    return _done(consultation_id, _("Thrown away. What is published stays."))
