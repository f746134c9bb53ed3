"""Where staff keep deliveries up to date: one page a delivery, one form a kind of change."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Invalid
from civic.extensions import db
from civic.files.service import store_upload
from civic.page_forms import take
from civic.policy import Action, requires
from civic.tracker import presenters, queries, rules, service
from civic.tracker.forms import DetailsForm, DocumentForm, MilestoneForm, StatusForm, UpdateForm
from civic.tracker.models import Delivery
from civic.unit_of_work import writes

blueprint = Blueprint("tracker_staff", __name__, url_prefix="/staff/deliveries")

MAX_PHOTOS = 6


def _with_choices(form: DetailsForm) -> DetailsForm:
    nothing = [("", _("not stated"))]
    areas, categories, departments = queries.list_choices()
    form.neighbourhood_id.choices = nothing + [(str(row.id), row.name) for row in areas]
    form.category_id.choices = nothing + [(str(row.id), row.name) for row in categories]
    form.department_id.choices = nothing + [(str(row.id), row.name) for row in departments]
    return form


def _page(delivery: Delivery, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    """The page with all its forms; `bound` are those that were sent and could not be taken."""
    forms: dict[str, Any] = {
        "details": lambda: _with_choices(DetailsForm(formdata=None, obj=delivery, prefix="details-")),
        "status_form": lambda: StatusForm(formdata=None, prefix="status-", data={"status": delivery.status}),
        "update_form": lambda: UpdateForm(formdata=None, prefix="update-"),
        "document_form": lambda: DocumentForm(formdata=None, prefix="document-"),
        "milestone_form": lambda: MilestoneForm(formdata=None, prefix="milestone-"),
    }
    made = {name: bound.get(name) or make() for name, make in forms.items()}
    wrong = next((form for form in bound.values()), None)
    context = presenters.detail_context(delivery, clock.now())
    return render_template("tracker/staff_edit.html", **context, **made, wrong=wrong), status


def _done(delivery_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("tracker_staff.edit", delivery_id=delivery_id), code=303)


def _refuse(delivery_id: int, error: Invalid, name: str, form: FlaskForm, field: str) -> tuple[str, int]:
    """The rules' sentence beside the field it is about; nothing was changed."""
    db.session.rollback()
    target = form[field]
    target.errors = [*target.errors, str(error.message)]
    return _page(queries.get_delivery(delivery_id), 422, **{name: form})


@blueprint.get("")
@requires(Action.MANAGE_DELIVERIES)
def index() -> str:
    """Every delivery, to be chosen."""
    return render_template(
        "tracker/staff_index.html", **presenters.list_context(clock.now()), args=request.args
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_DELIVERIES)
@writes
def create() -> Any:
    """Something new to track."""
    form = _with_choices(DetailsForm(prefix="details-"))
    if not form.validate_on_submit():
        return render_template("tracker/staff_new.html", form=form), (422 if form.is_submitted() else 200)
    values = {name: form[name].data for name in service.DETAILS if name in form}
    try:
        delivery = service.create_delivery(
            values.pop("title"), values.pop("budget"), values.pop("currency"), values.pop("neighbourhood_id"),
            values.pop("category_id"), None, g.actor, clock.now(), **values,
        )  # fmt: skip
    except Invalid as error:
        form.planned_end.errors = [str(error.message)]
        return render_template("tracker/staff_new.html", form=form), 422
    return _done(delivery.id, _("Added."))


@blueprint.get("/<int:delivery_id>")
@requires(Action.MANAGE_DELIVERIES)
def edit(delivery_id: int) -> Any:
    """Everything that can be changed about one delivery."""
    return _page(queries.get_delivery(delivery_id))


@blueprint.post("/<int:delivery_id>/details")
@requires(Action.MANAGE_DELIVERIES)
@writes
def details(delivery_id: int) -> Any:
    """Correct the facts."""
    form = _with_choices(DetailsForm(prefix="details-"))
    if not form.validate():
        return _page(queries.get_delivery(delivery_id), 422, details=form)
    values = {name: form[name].data for name in service.DETAILS if name in form}
    version = numbers.whole_number(form.version.data) or 0
    try:
        service.edit_details(g.actor, delivery_id, version, values, clock.now())
    except Invalid as error:
        return _refuse(delivery_id, error, "details", form, "planned_end")
    return _done(delivery_id, _("Saved."))


@blueprint.post("/<int:delivery_id>/status")
@requires(Action.MANAGE_DELIVERIES)
@writes
def status(delivery_id: int) -> Any:
    """Another stage."""
    form = StatusForm(prefix="status-")
    if not form.validate():
        return _page(queries.get_delivery(delivery_id), 422, status_form=form)
    try:
        service.change_status(g.actor, delivery_id, form.status.data, form.reason.data or "", clock.now())
    except Invalid as error:
        field = "reason" if form.status.data in rules.STATUSES else "status"
        return _refuse(delivery_id, error, "status_form", form, field)
    return _done(delivery_id, _("The stage is changed and followers will be told."))


@blueprint.post("/<int:delivery_id>/updates")
@requires(Action.MANAGE_DELIVERIES)
@writes
def update(delivery_id: int) -> Any:
    """News, with photos."""
    form = UpdateForm(prefix="update-")
    if not form.validate():
        return _page(queries.get_delivery(delivery_id), 422, update_form=form)
    now = clock.now()
    uploads = [photo for photo in form.photos.data or [] if getattr(photo, "filename", "")]
    try:
        if len(uploads) > MAX_PHOTOS:
            raise Invalid(_("At most six photos at a time."))
        stored = [store_upload(photo, "image", g.actor, now, alt=form.alt.data or "") for photo in uploads]
        service.add_update(
            g.actor, delivery_id, form.text.data, [one.id for one in stored], now, form.stage.data or ""
        )
    except Invalid as error:
        return _refuse(delivery_id, error, "update_form", form, "photos" if uploads else "text")
    return _done(delivery_id, _("Published; followers will be told."))


@blueprint.post("/<int:delivery_id>/documents")
@requires(Action.MANAGE_DELIVERIES)
@writes
def add_document(delivery_id: int) -> Any:
    """A document of the work."""
    form, now = DocumentForm(prefix="document-"), clock.now()

    def add() -> None:
        if not getattr(form.file.data, "filename", ""):
            raise Invalid(_("Choose a file."))
        stored = store_upload(form.file.data, "document", g.actor, now)
        service.add_document(g.actor, delivery_id, form.title.data or "", stored.id, now)

    problem = take(
        form, "file", add,
        lambda status: _page(queries.get_delivery(delivery_id), status, document_form=form),
    )  # fmt: skip
    return problem or _done(delivery_id, _("Published."))


@blueprint.post("/<int:delivery_id>/documents/<int:document_id>/remove")
@requires(Action.MANAGE_DELIVERIES)
@writes
def remove_document(delivery_id: int, document_id: int) -> Response:
    """Take out a document published by mistake."""
    service.remove_document(g.actor, delivery_id, document_id, clock.now())
    return _done(delivery_id, _("Removed."))


@blueprint.route("/<int:delivery_id>/milestones/<int:milestone_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_DELIVERIES)
@writes
def milestone(delivery_id: int, milestone_id: int) -> Any:
    """Change one step."""
    delivery, found = queries.get_delivery(delivery_id), queries.get_milestone(delivery_id, milestone_id)
    form = MilestoneForm(obj=found, prefix="milestone-")
    if form.validate_on_submit():
        try:
            _set_milestone(delivery_id, milestone_id, form)
            return _done(delivery_id, _("Saved."))
        except Invalid as error:
            db.session.rollback()
            form.done_on.errors = [str(error.message)]
    code = 422 if form.is_submitted() else 200
    delivery, found = queries.get_delivery(delivery_id), queries.get_milestone(delivery_id, milestone_id)
    return render_template(
        "tracker/staff_milestone.html", form=form, delivery=delivery, milestone=found
    ), code


@blueprint.post("/<int:delivery_id>/milestones")
@requires(Action.MANAGE_DELIVERIES)
@writes
def add_milestone(delivery_id: int) -> Any:
    """A new step."""
    form = MilestoneForm(prefix="milestone-")
    if not form.validate():
        return _page(queries.get_delivery(delivery_id), 422, milestone_form=form)
    try:
        _set_milestone(delivery_id, None, form)
    except Invalid as error:
        return _refuse(delivery_id, error, "milestone_form", form, "done_on")
    return _done(delivery_id, _("Saved."))


def _set_milestone(delivery_id: int, milestone_id: int | None, form: MilestoneForm) -> None:
    typed: dict[str, Any] = form.data
    service.set_milestone(
        g.actor, delivery_id, milestone_id, typed["title"], typed["planned_on"], clock.now(),
        typed["replanned_on"], typed["replan_reason"] or "", typed["done_on"],
    )  # fmt: skip


@blueprint.post("/<int:delivery_id>/milestones/<int:milestone_id>/remove")
@requires(Action.MANAGE_DELIVERIES)
@writes
def remove_milestone(delivery_id: int, milestone_id: int) -> Response:
    """Take out a step entered by mistake."""
    service.remove_milestone(g.actor, delivery_id, milestone_id, clock.now())
    return _done(delivery_id, _("Removed."))
