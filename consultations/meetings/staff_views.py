"""Where staff plan, announce and lead meetings: one page each, one form a step."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations import areas
from consultations.meetings import policy, presenters, queries, service
from consultations.meetings.forms import (
    CancelForm,
    DocumentForm,
    ItemForm,
    MinutesForm,
    MoveForm,
    PlanForm,
)
from consultations.meetings.models import Meeting

blueprint = Blueprint("staff_meetings", __name__, url_prefix="/staff/meetings")

#: The forms of a meeting's page by the name they have in its template.
FORMS: dict[str, type[FlaskForm]] = {
    "item_form": ItemForm,
    "document_form": DocumentForm,
    "move_form": MoveForm,
    "cancel_form": CancelForm,
    "minutes_form": MinutesForm,
}


def _made(name: str, one: Meeting, *, bound: bool) -> Any:
    if bound:
        form: Any = FORMS[name](prefix=f"{name}-")
    else:
        form = FORMS[name](None, obj=one if name == "move_form" else None, prefix=f"{name}-")
    return _offer(form, None) if name == "item_form" else form


def _offer(form: Any, kept: int | None) -> Any:
    """The form with the consultations it offers: those its search finds, and the one chosen or kept already."""
    chosen = numbers.whole_number(request.form.get(form.consultation_id.name))
    form.offered = presenters.offered(clock.now(), form.look_for.data or "", chosen, kept)
    form.consultation_id.choices = form.offered.choices
    return form


def _page(one: Meeting, now: datetime, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    made = {name: bound.get(name) or _made(name, one, bound=False) for name in FORMS}
    page = render_template(
        "meetings/staff_show.html", **presenters.staff_context(one, now), **made,
        wrong=next((form for form in bound.values() if form.errors), None),
        missing=service.missing(one) if one.announced_at is None else [],
        earliest=service.earliest(one.kind, now),
    )  # fmt: skip
    return page, status


def _done(meeting_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("staff_meetings.show", meeting_id=meeting_id), code=303)


def _run(
    meeting_id: int, name: str, field: str, done: str, command: Callable[[Any, datetime], object]
) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    now = clock.now()
    form = _made(name, queries.get_meeting(meeting_id), bound=True)

    def page(status: int) -> Any:
        return _page(queries.get_meeting(meeting_id), now, status, **{name: form})

    if name == "item_form" and form.searching:
        return page(200)
    wrong = take(form, field, lambda: command(form, now), page)
    return _done(meeting_id, done) if wrong is None else wrong


def _with_choices(form: PlanForm, one: Meeting | None) -> PlanForm:
    form.neighbourhood_id.choices = areas.choices()
    return _offer(form, one.consultation_id if one else None)


def _plan(form: Any) -> service.Plan:
    return service.Plan(
        form.kind.data, form.title.data, form.starts_at.data, form.ends_at.data, form.summary.data or "",
        form.place.data or "", form.link.data or "", form.urgent_reason.data or "", form.neighbourhood_id.data,
        form.consultation_id.data,
    )  # fmt: skip


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index() -> str:
    """Every meeting, plans included."""
    return render_template(
        "meetings/staff_index.html", **presenters.list_context(clock.now(), drafts=True),
        can_manage=policy.can_manage(g.actor),
    )  # fmt: skip


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def create() -> Any:
    """Plan a meeting."""
    form, status = _with_choices(PlanForm(), None), 200
    if form.is_submitted() and not form.searching:
        status = 422
        if form.validate():
            try:
                one = service.create(g.actor, _plan(form), clock.now())
                return _done(one.id, _("Saved. Nobody outside the city hall sees it until it is announced."))
            except Invalid as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
    return render_template("meetings/staff_edit.html", form=form, one=None), status


@blueprint.route("/<int:meeting_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit(meeting_id: int) -> Any:
    """Change a plan."""
    one, status = queries.get_meeting(meeting_id), 200
    decision = policy.can_edit(g.actor, one)
    form = _with_choices(PlanForm(obj=one), one)
    if not decision and not form.is_submitted():
        flash(str(decision.reason), "warning")
        return redirect(url_for("staff_meetings.show", meeting_id=meeting_id), code=303)
    if form.is_submitted() and not form.searching:
        status = 422
        if form.validate():
            try:
                seen = numbers.whole_number(form.seen.data) or 0
                service.edit(g.actor, meeting_id, seen, _plan(form), clock.now())
                return _done(meeting_id, _("Saved."))
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    elif not form.is_submitted():
        form.seen.data = str(one.version)
    return render_template("meetings/staff_edit.html", form=form, one=queries.get_meeting(meeting_id)), status


@blueprint.get("/<int:meeting_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(meeting_id: int) -> Any:
    """Where it stands and everything that can be done about it now."""
    return _page(queries.get_meeting(meeting_id), clock.now())


def _press(meeting_id: int, command: Callable[[], object], words: str) -> Response:
    """Do one thing with one button; what is wrong is said on the page itself."""
    try:
        command()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("staff_meetings.show", meeting_id=meeting_id), code=303)
    return _done(meeting_id, words)


@blueprint.post("/<int:meeting_id>/announce")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def announce(meeting_id: int) -> Response:
    """Announce it with its agenda."""
    return _press(
        meeting_id, lambda: service.announce(g.actor, meeting_id, clock.now()),
        _("Announced. Those who follow what it is about are told."),
    )  # fmt: skip


@blueprint.post("/<int:meeting_id>/discard")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def discard(meeting_id: int) -> Response:
    """Throw away a plan."""
    service.discard(g.actor, meeting_id, clock.now())
    flash(_("The plan was thrown away."), "success")
    return redirect(url_for("staff_meetings.index"), code=303)


@blueprint.post("/<int:meeting_id>/move")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def move(meeting_id: int) -> Any:
    """Another day or place."""
    return _run(
        meeting_id, "move_form", "starts_at", _("Moved. Everyone concerned is told."),
        lambda form, now: service.move(
            g.actor, meeting_id,
            service.Move(
                form.starts_at.data, form.ends_at.data, form.place.data or "", form.link.data or "", form.reason.data
            ),
            now,
        ),
    )  # fmt: skip


@blueprint.post("/<int:meeting_id>/cancel")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def cancel(meeting_id: int) -> Any:
    """Cancel it."""
    return _run(
        meeting_id, "cancel_form", "reason", _("Cancelled. Everyone concerned is told."),
        lambda form, now: service.cancel(g.actor, meeting_id, form.reason.data, now),
    )  # fmt: skip


@blueprint.post("/<int:meeting_id>/items")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def add_item(meeting_id: int) -> Any:
    """Put a point on the agenda."""
    return _run(
        meeting_id, "item_form", "title", _("On the agenda."),
        lambda form, now: service.add_item(
            g.actor, meeting_id, form.title.data, form.consultation_id.data, now
        ),
    )  # fmt: skip


@blueprint.post("/<int:meeting_id>/items/<int:item_id>/remove")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove_item(meeting_id: int, item_id: int) -> Response:
    """Take a point off the agenda of a plan."""
    return _press(
        meeting_id, lambda: service.remove_item(g.actor, meeting_id, item_id, clock.now()), _("Removed.")
    )


@blueprint.post("/<int:meeting_id>/documents")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def add_document(meeting_id: int) -> Any:
    """Add a document."""
    return _run(
        meeting_id, "document_form", "file", _("The document is with the meeting."),
        lambda form, now: service.add_document(g.actor, meeting_id, form.title.data, form.file.data, now),
    )  # fmt: skip


@blueprint.post("/<int:meeting_id>/documents/<int:document_id>/remove")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove_document(meeting_id: int, document_id: int) -> Response:
    """Take a document out of a plan."""
    return _press(
        meeting_id,
        lambda: service.remove_document(g.actor, meeting_id, document_id, clock.now()),
        _("Removed."),
    )


@blueprint.post("/<int:meeting_id>/records")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def records(meeting_id: int) -> Response:
    """Begin to write down who was there and how each one voted: the council's records, with this agenda."""
    try:
        sitting = service.open_records(g.actor, meeting_id, clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("staff_meetings.show", meeting_id=meeting_id), code=303)
    return redirect(url_for("council_staff.meeting", sitting_id=sitting.id), code=303)


@blueprint.post("/<int:meeting_id>/minutes")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def minutes(meeting_id: int) -> Any:
    """Publish the minutes or the recording."""
    return _run(
        meeting_id, "minutes_form", "text", _("It is public."),
        lambda form, now: service.publish_minutes(
            g.actor, meeting_id, form.text.data or "", form.file.data, form.recording.data or "", now
        ),
    )  # fmt: skip
