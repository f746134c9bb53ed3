"""Where the secretariat checks drafts, enters paper lists and verifies signatures."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, g, redirect, render_template, stream_with_context, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db
from civic.files.storage import MissingFile, get_storage
from civic.files.views import SANDBOX, pour
from civic.page_forms import take
from civic.places import queries as places
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations import areas
from consultations.initiatives import policy, presenters, queries, service, signing, verifying
from consultations.initiatives.forms import (
    ElectorsForm,
    ReturnForm,
    ShareForm,
    SheetForm,
    StrikeForm,
    VerdictForm,
)
from consultations.initiatives.models import Initiative
from consultations.initiatives.rules import State, state_of

blueprint = Blueprint("staff_initiatives", __name__, url_prefix="/staff/initiatives")

#: The forms of an initiative's page by the name they have in its template.
FORMS: dict[str, type[FlaskForm]] = {
    "return_form": ReturnForm,
    "sheet_form": SheetForm,
    "verdict_form": VerdictForm,
}


def readable(initiative_id: int) -> Initiative:
    """What reached the city hall: a draft that is being written is its author's alone, also the staff's own eyes."""
    one = queries.get_initiative(initiative_id)
    if state_of(one, clock.now()) in (State.DRAFT, State.RETURNED):
        raise NotFound
    return one


def _made(name: str, *, bound: bool) -> Any:
    form: Any = FORMS[name](prefix=f"{name}-") if bound else FORMS[name](None, prefix=f"{name}-")
    if name == "verdict_form":
        form.department_id.choices = [(str(row.id), row.name) for row in places.list_departments()]
    return form


def _page(one: Initiative, now: datetime, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    made = {name: bound.get(name) or _made(name, bound=False) for name in FORMS}
    page = render_template(
        "initiatives/staff_show.html", **presenters.staff_context(one, now), **made,
        wrong=next(iter(bound.values()), None),
    )  # fmt: skip
    return page, status


def _done(initiative_id: int, words: str) -> Any:
    flash(words, "success")
    return redirect(url_for("staff_initiatives.show", initiative_id=initiative_id), code=303)


def _run(
    initiative_id: int, name: str, field: str, done: str, command: Callable[[Any, datetime], object]
) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    readable(initiative_id)
    form, now = _made(name, bound=True), clock.now()

    def page(status: int) -> Any:
        return _page(readable(initiative_id), now, status, **{name: form})

    wrong = take(form, field, lambda: command(form, now), page)
    return _done(initiative_id, done) if wrong is None else wrong


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index() -> str:
    """Every draft that reached the city hall, those that wait for it first."""
    return render_template(
        "initiatives/staff_index.html", **presenters.list_context(clock.now(), staff=True),
        can_manage=policy.can_manage(g.actor),
    )  # fmt: skip


@blueprint.get("/<int:initiative_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(initiative_id: int) -> Any:
    """Where it stands and everything that can be done about it now."""
    return _page(readable(initiative_id), clock.now())


@blueprint.post("/<int:initiative_id>/publish")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def publish(initiative_id: int) -> Any:
    """Accept its form and begin the collection of signatures."""
    readable(initiative_id)
    try:
        service.publish(g.actor, initiative_id, clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("staff_initiatives.show", initiative_id=initiative_id), code=303)
    return _done(initiative_id, _("Published. Signatures are collected from now on."))


@blueprint.post("/<int:initiative_id>/return")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def send_back(initiative_id: int) -> Any:
    """Return it with what its form lacks."""
    form, now, one = _made("return_form", bound=True), clock.now(), readable(initiative_id)
    if not form.validate():
        return _page(one, now, 422, return_form=form)
    try:
        service.send_back(g.actor, initiative_id, form.reason.data, now)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.reason.errors = [str(error.message)]
        return _page(readable(initiative_id), now, error.status, return_form=form)
    flash(_("Returned. Its author is told."), "success")
    return redirect(url_for("staff_initiatives.index"), code=303)


@blueprint.post("/<int:initiative_id>/deposit")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def deposit(initiative_id: int) -> Any:
    """Note that the initiators deposited the lists at the counter."""
    readable(initiative_id)
    try:
        verifying.deposit(g.actor, initiative_id, clock.now())
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("staff_initiatives.show", initiative_id=initiative_id), code=303)
    return _done(initiative_id, _("Deposited. The clock of the verification runs."))


# --- paper lists -----------------------------------------------------------------------------------------


@blueprint.post("/<int:initiative_id>/sheets")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def enter_sheet(initiative_id: int) -> Any:
    """Enter a counted sheet."""
    return _run(
        initiative_id, "sheet_form", "number", _("The sheet is entered."),
        lambda form, now: signing.enter_sheet(
            g.actor, initiative_id,
            signing.Count(form.number.data, form.valid.data, form.struck.data, form.struck_reason.data or ""),
            form.scan.data, now,
        ),
    )  # fmt: skip


@blueprint.post("/<int:initiative_id>/sheets/<int:sheet_id>/remove")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove_sheet(initiative_id: int, sheet_id: int) -> Any:
    """Take out a sheet entered by mistake."""
    signing.remove_sheet(g.actor, initiative_id, sheet_id, clock.now())
    return _done(initiative_id, _("Removed."))


@blueprint.post("/<int:initiative_id>/sheets/<int:sheet_id>/scan")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def scan(initiative_id: int, sheet_id: int) -> Response:
    """The scan of a sheet. It is recorded who opened it."""
    stored = queries.get_sheet(initiative_id, sheet_id).file
    if stored is None:
        raise NotFound
    signing.note_reading(g.actor, initiative_id, "initiative.scan_opened", clock.now())
    try:
        source = get_storage().open(stored.key)
    except MissingFile as error:
        raise NotFound from error
    response = Response(pour(source), mimetype=stored.media_type, direct_passthrough=True)
    response.call_on_close(source.close)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(stored.name, safe='')}"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


# --- the list of supporters ------------------------------------------------------------------------------


@blueprint.get("/<int:initiative_id>/signers")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def signers(initiative_id: int) -> Any:
    """The list of supporters. It is recorded who opened it."""
    one, now, page = readable(initiative_id), clock.now(), numbers.page_number()
    signing.note_reading(g.actor, one.id, "initiative.signers_opened", now)
    rows, total = queries.list_signatures(one.id, page)
    context = {
        **presenters.detail_context(one, now),
        "rows": presenters.signer_rows(rows, (page - 1) * queries.SIGNERS_A_PAGE + 1),
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.SIGNERS_A_PAGE)),
        "can_verify": policy.can_verify(g.actor, one, now),
    }
    db.session.flush()
    return render_template("initiatives/staff_signers.html", **context)


@blueprint.get("/<int:initiative_id>/sample")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def sample(initiative_id: int) -> Any:
    """Signatures drawn by lot for the check. It is recorded who opened them."""
    one, now = readable(initiative_id), clock.now()
    decision = policy.can_verify(g.actor, one, now)
    if not decision:
        raise NotAllowed(decision.reason)
    signing.note_reading(g.actor, one.id, "initiative.sample_opened", now)
    drawn = presenters.signer_rows(queries.list_sample(one, presenters.SAMPLE))
    context = {**presenters.detail_context(one, now), "rows": drawn, "can_verify": decision}
    db.session.flush()
    return render_template("initiatives/staff_sample.html", **context)


@blueprint.post("/<int:initiative_id>/signers.csv")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def table(initiative_id: int) -> Response:
    """The list of supporters as a table, for the secretary's file. It is recorded who took it out."""
    one = readable(initiative_id)
    signing.note_reading(g.actor, one.id, "initiative.signers_exported", clock.now())
    db.session.flush()
    response = Response(stream_with_context(signing.table_of(one)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="supporters-{one.id}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/<int:initiative_id>/signers/<int:signature_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def strike(initiative_id: int, signature_id: int) -> Any:
    """Strike a signature that does not count."""
    one, now, status, form = readable(initiative_id), clock.now(), 200, StrikeForm()
    row = presenters.signer_rows([queries.get_signature(one.id, signature_id)])[0]
    decision = policy.can_verify(g.actor, one, now)
    if form.is_submitted():
        status = 422 if decision else 409
        if decision and form.validate():
            signing.strike(g.actor, one.id, signature_id, form.reason.data, now)
            flash(_("Struck. It stays on the list and does not count."), "success")
            return redirect(url_for("staff_initiatives.signers", initiative_id=one.id), code=303)
    signing.note_reading(g.actor, one.id, "initiative.signers_opened", now)
    page = render_template(
        "initiatives/staff_strike.html", form=form, initiative=one, row=row, decision=decision
    )
    db.session.flush()
    return page, status


@blueprint.post("/<int:initiative_id>/signers/<int:signature_id>/let-in")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def let_in(initiative_id: int, signature_id: int) -> Any:
    """Let a struck signature count again."""
    signing.let_in(g.actor, readable(initiative_id).id, signature_id, clock.now())
    flash(_("It counts again."), "success")
    return redirect(url_for("staff_initiatives.signers", initiative_id=initiative_id), code=303)


@blueprint.post("/<int:initiative_id>/verify")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def verify(initiative_id: int) -> Any:
    """End the verification."""
    return _run(
        initiative_id, "verdict_form", "reason", _("The verification is over. Those who follow it are told."),
        lambda form, now: verifying.decide(
            g.actor, initiative_id, verifying.Verdict(form.reason.data, form.department_id.data), now
        ),
    )  # fmt: skip


# --- electors and share ----------------------------------------------------------------------------------


def _basis(status: int = 200, **bound: Any) -> Any:
    share = queries.current_share()
    entry = bound.get("electors_form") or ElectorsForm(None, prefix="electors-")
    entry.neighbourhood_id.choices = areas.choices()
    change = bound.get("share_form") or ShareForm(None, obj=share, prefix="share-")
    if not bound.get("share_form"):
        change.seen.data = str(share.number)
        change.reason.data, change.verified_by.data, change.verified_on.data = "", "", None
    current = queries.current_electors()
    page = render_template(
        "initiatives/staff_basis.html", electors_form=entry, share_form=change, share=share,
        shares=queries.list_shares(), current=current, history=queries.list_electors(),
        can_manage=policy.can_manage(g.actor), wrong=next(iter(bound.values()), None),
        share_words=presenters.share_words,
    )  # fmt: skip
    return page, status


@blueprint.get("/basis")
@requires(Action.VIEW_CONSULTATIONS)
def basis() -> Any:
    """How many electors each area has, and the share that has to sign."""
    return _basis()


@blueprint.post("/basis/electors")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def enter_electors() -> Any:
    """Enter the number of electors of an area."""
    form: Any = ElectorsForm(prefix="electors-")
    form.neighbourhood_id.choices = areas.choices()
    if not form.validate():
        return _basis(422, electors_form=form)
    try:
        service.enter_electors(
            g.actor,
            form.neighbourhood_id.data,
            form.electors.data,
            form.source.data,
            form.as_of.data,
            clock.now(),
        )
    except Invalid as error:
        db.session.rollback()
        form.electors.errors = [str(error.message)]
        return _basis(422, electors_form=form)
    flash(_("Entered. Drafts published from now on are counted against it."), "success")
    return redirect(url_for("staff_initiatives.basis"), code=303)


@blueprint.post("/basis/share")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def change_share() -> Any:
    """Change the share of electors."""
    form: Any = ShareForm(prefix="share-")
    if not form.validate():
        return _basis(422, share_form=form)
    terms = service.ShareTerms(
        form.percent.data, form.source_ro.data, form.source_en.data, form.reason.data,
        form.verified_by.data or "", form.verified_on.data,
    )  # fmt: skip
    try:
        service.change_share(g.actor, numbers.whole_number(form.seen.data) or 0, terms, clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.percent.errors = [str(error.message)]
        return _basis(error.status, share_form=form)
    flash(_("Changed for the drafts published from now on."), "success")
    return redirect(url_for("staff_initiatives.basis"), code=303)
