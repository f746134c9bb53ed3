"""Where staff prepare and lead consultations: one page each, one form a step."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock, numbers, tags
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.page_forms import take
from civic.places import queries as places
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations import areas, file_service, policy, presenters, queries, rules, service
from consultations.forms import (
    DRAFT_FIELDS,
    AnnounceForm,
    AnnouncementForm,
    DocumentForm,
    DraftForm,
    EndingForm,
    ExtendForm,
    ReportForm,
    VersionForm,
)
from consultations.labels import KIND_HINTS, KINDS
from consultations.models import Consultation

blueprint = Blueprint("staff_consultations", __name__, url_prefix="/staff/consultations")

#: The forms of a consultation's page by the name they have in its template.
FORMS: dict[str, type[FlaskForm]] = {
    "announce_form": AnnounceForm,
    "document_form": DocumentForm,
    "announcement_form": AnnouncementForm,
    "extend_form": ExtendForm,
    "report_form": ReportForm,
    "ending_form": EndingForm,
}


def _bound(name: str) -> Any:
    """A form of the page with what was sent to it."""
    return FORMS[name](prefix=f"{name}-")


def _page(one: Consultation, now: datetime, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    made = {name: bound.get(name) or form(None, prefix=f"{name}-") for name, form in FORMS.items()}
    announce: Any = made["announce_form"]
    if announce.seen.data is None:
        announce.seen.data = str(one.version)
    ending: Any = made["ending_form"]
    ending.offer(rules.outcomes_of(rules.state_of(one, now)))
    draft = one.announced_at is None
    return render_template(
        "consultations/staff_show.html",
        **presenters.staff_context(one, now),
        **made,
        wrong=next(iter(bound.values()), None),
        missing=service.missing(one) if draft else [],
        earliest=service.earliest_last_day(one, now) if draft else None,
        blocked=presenters.blocked(one, now),
    ), status


def _run(
    consultation_id: int, name: str, field: str, done: str, command: Callable[[Any, datetime], object]
) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    form, now = _bound(name), clock.now()

    def page(status: int) -> Any:
        return _page(queries.get_consultation(consultation_id), now, status, **{name: form})

    wrong = take(form, field, lambda: command(form, now), page)
    return _done(consultation_id, done) if wrong is None else wrong


def _done(consultation_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("staff_consultations.show", consultation_id=consultation_id), code=303)


def _with_choices(form: DraftForm) -> DraftForm:
    form.neighbourhood_id.choices = areas.choices()
    form.department_id.choices = [(str(row.id), row.name) for row in places.list_departments()]
    return form


def _draft_of(form: DraftForm) -> service.Draft:
    values = {name: form[name].data for name in DRAFT_FIELDS}
    return service.Draft(**values)


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index() -> str:
    """Every consultation, drafts included."""
    return render_template(
        "consultations/staff_index.html",
        **presenters.list_context(clock.now(), drafts=True),
        can_manage=policy.can_manage(g.actor),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def create() -> Any:
    """Begin a consultation."""
    form = _with_choices(DraftForm())
    code = 200
    if form.is_submitted():
        code = 422
        if form.validate():
            try:
                one = service.create(g.actor, _draft_of(form), clock.now())
                return _done(one.id, _("Saved. Nobody outside the city hall sees it until it is announced."))
            except Invalid as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
    return render_template("consultations/staff_edit.html", form=form, one=None, hints=KIND_HINTS), code


@blueprint.route("/<int:consultation_id>/edit", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit(consultation_id: int) -> Any:
    """Change a draft."""
    one = queries.get_consultation(consultation_id)
    decision = policy.can_edit(g.actor, one)
    form = _with_choices(DraftForm(obj=one))
    if rules.KINDS[one.kind].by_citizens:
        form.kind.choices = [(one.kind, KINDS[one.kind])]
    code = 200
    if not decision and not form.is_submitted():
        flash(str(decision.reason), "warning")
        return redirect(url_for("staff_consultations.show", consultation_id=consultation_id), code=303)
    if form.is_submitted():
        code = 422
        if form.validate():
            try:
                seen = numbers.whole_number(form.seen.data) or 0
                service.edit(g.actor, consultation_id, seen, _draft_of(form), clock.now())
                return _done(consultation_id, _("Saved."))
            except (Invalid, Conflict, NotAllowed) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                code = error.status
    else:
        form.seen.data = str(one.version)
    one = queries.get_consultation(consultation_id)
    return render_template("consultations/staff_edit.html", form=form, one=one, hints=KIND_HINTS), code


@blueprint.get("/<int:consultation_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(consultation_id: int) -> Any:
    """Where it stands and everything that can be done about it now."""
    return _page(queries.get_consultation(consultation_id), clock.now())


@blueprint.post("/<int:consultation_id>/discard")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def discard(consultation_id: int) -> Response:
    """Throw away a draft."""
    service.discard(g.actor, consultation_id, clock.now())
    flash(_("The draft was thrown away."), "success")
    return redirect(url_for("staff_consultations.index"), code=303)


@blueprint.post("/<int:consultation_id>/concerns")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def mark(consultation_id: int) -> Response:
    """Say whom it concerns especially."""
    service.mark(g.actor, consultation_id, tags.chosen(), clock.now())
    return _done(consultation_id, _("Saved."))


@blueprint.post("/<int:consultation_id>/announce")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def announce(consultation_id: int) -> Any:
    """Make it public and start its clock."""
    return _run(
        consultation_id, "announce_form", "opens_on", _("Announced. Its clock runs."),
        lambda form, now: service.announce(
            g.actor, consultation_id, numbers.whole_number(form.seen.data) or 0, form.opens_on.data, now
        ),
    )  # fmt: skip


@blueprint.post("/<int:consultation_id>/documents")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def add_document(consultation_id: int) -> Any:
    """Put a document into the file."""
    return _run(
        consultation_id, "document_form", "file", _("The document is in the file."),
        lambda form, now: file_service.add_document(
            g.actor, consultation_id, form.kind.data, form.title.data, form.file.data, now
        ),
    )  # fmt: skip


@blueprint.route("/<int:consultation_id>/documents/<int:document_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def renew_document(consultation_id: int, document_id: int) -> Any:
    """A new version of a document."""
    form, code = VersionForm(), 200
    if form.is_submitted():
        code = 422
        if form.validate():
            try:
                file_service.renew_document(
                    g.actor, consultation_id, document_id, form.file.data, form.note.data, clock.now()
                )
                return _done(consultation_id, _("The new version is in the file; the older ones stay."))
            except Invalid as error:
                db.session.rollback()
                form.file.errors = [str(error.message)]
    one = queries.get_consultation(consultation_id)
    rows = presenters.document_rows([queries.get_document(consultation_id, document_id)])
    return render_template("consultations/staff_document.html", form=form, one=one, row=rows[0]), code


@blueprint.post("/<int:consultation_id>/documents/<int:document_id>/remove")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove_document(consultation_id: int, document_id: int) -> Response:
    """Take a document out of a draft's file."""
    file_service.remove_document(g.actor, consultation_id, document_id, clock.now())
    return _done(consultation_id, _("Removed."))


@blueprint.post("/<int:consultation_id>/announcements")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def note_announcement(consultation_id: int) -> Any:
    """Enter where else it was announced."""
    return _run(
        consultation_id, "announcement_form", "proof", _("Entered in the register of announcements."),
        lambda form, now: file_service.note_elsewhere(
            g.actor, consultation_id, form.channel.data, form.place.data, form.on.data, form.proof.data, now
        ),
    )  # fmt: skip


@blueprint.post("/<int:consultation_id>/extend")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def extend(consultation_id: int) -> Any:
    """Give people more time."""
    return _run(
        consultation_id, "extend_form", "until", _("Extended. Those who follow it are told."),
        lambda form, now: service.extend(g.actor, consultation_id, form.until.data, form.reason.data, now),
    )  # fmt: skip


@blueprint.post("/<int:consultation_id>/report")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def publish_report(consultation_id: int) -> Any:
    """Publish the report."""
    return _run(
        consultation_id, "report_form", "early_reason", _("The report is public."),
        lambda form, now: service.publish_report(
            g.actor, consultation_id, form.early_reason.data or "", now
        ),
    )  # fmt: skip


@blueprint.post("/<int:consultation_id>/conclude")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def conclude(consultation_id: int) -> Any:
    """Record how it ended."""
    return _run(
        consultation_id, "ending_form", "outcome", _("The outcome is recorded."),
        lambda form, now: service.conclude(
            g.actor,
            consultation_id,
            service.Ending(form.outcome.data, form.reason.data or "", form.act_number.data or ""),
            now,
        ),
    )  # fmt: skip
