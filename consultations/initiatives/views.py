"""What everyone reads of citizens' drafts, how one is written, and how one signs."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db, limiter
from civic.organisations import acting
from civic.page_cache import shared_by_strangers
from civic.policy import Action, Decision, open_to_suspended, public, requires
from civic.unit_of_work import writes
from consultations import areas
from consultations.initiatives import policy, presenters, queries, rules, service, signing, verifying
from consultations.initiatives.forms import SignForm, WithdrawForm, WriteForm
from consultations.initiatives.models import Initiative

#: Drafts and signatures from one network; a library's computers stay below it.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("initiatives", __name__, url_prefix="/initiatives")


def readable(initiative_id: int) -> Initiative:
    """The initiative if the actor may read it; what is not published is nothing to anybody else."""
    one = queries.get_initiative(initiative_id)
    if not policy.can_read(g.actor, one):
        raise NotFound
    return one


def _own(initiative_id: int) -> Initiative:
    """The actor's own initiative; somebody else's that is not public is nothing."""
    one = readable(initiative_id)
    if not policy.is_author(g.actor, one):
        raise NotFound
    return one


def _back(initiative_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("initiatives.show", initiative_id=initiative_id), code=303)


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every published draft, those that can be signed first; one's own above."""
    now, share = clock.now(), queries.current_share()
    return render_template(
        "initiatives/index.html",
        **presenters.list_context(now, staff=False),
        mine=presenters.cards(queries.list_of_author(g.actor.id), now),
        share=share,
        share_words=presenters.share_words(share),
    )


def _with_choices(form: WriteForm) -> WriteForm:
    form.neighbourhood_id.choices = areas.choices()
    names = acting.names_to_choose(g.actor)
    if len(names) > 1:
        form.organisation_id.choices = names
    else:
        del form.organisation_id
    return form


def _words(form: WriteForm, before: Initiative | None = None) -> service.Words:
    kept = before.organisation_id if before else None
    return service.Words(
        form.title.data or "", form.text.data or "", form.reasons.data or "", form.initiators.data or "",
        form.neighbourhood_id.data, form.organisation_id.data if form.organisation_id is not None else kept,
        form.own_line.data or "",
    )  # fmt: skip


def _writing_page(form: WriteForm, one: Initiative | None, decision: Decision) -> str:
    share = queries.current_share()
    return render_template(
        "initiatives/edit.html", form=form, one=one, decision=decision, share=share,
        share_words=presenters.share_words(share),
    )  # fmt: skip


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.PROPOSE)
@open_to_suspended
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def create() -> Any:
    """Begin a draft decision."""
    form, now, status = _with_choices(WriteForm()), clock.now(), 200
    person = queries.find_person(g.actor.person_id)
    decision = policy.can_start(g.actor, person, queries.count_unpublished(g.actor.id), now)
    if form.is_submitted():
        status = 422 if decision else 403
        if decision and form.validate():
            try:
                one = service.create(g.actor, _words(form), now)
                return _back(one.id, _("Saved. Only you see it until you send it."))
            except Invalid as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
    elif decision:
        form.initiators.data = g.actor.display_name
    return _writing_page(form, None, decision), status


@blueprint.get("/<int:initiative_id>")
@public
@shared_by_strangers
def show(initiative_id: int) -> str:
    """One draft: its text, its reasons, its signatures, what comes next."""
    return render_template(
        "initiatives/show.html", **presenters.show_context(readable(initiative_id), clock.now())
    )


@blueprint.route("/<int:initiative_id>/edit", methods=["GET", "POST"])
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def edit(initiative_id: int) -> Any:
    """Change one's own draft."""
    one, now, status = _own(initiative_id), clock.now(), 200
    decision = policy.can_write(g.actor, one, now)
    form = _with_choices(WriteForm(obj=one))
    if form.is_submitted():
        status = 422 if decision else 403
        if decision and form.validate():
            try:
                seen = numbers.whole_number(form.seen.data) or 0
                service.edit(g.actor, one.id, seen, _words(form, one), now)
                return _back(one.id, _("Saved."))
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    else:
        form.seen.data = str(one.version)
    return _writing_page(form, queries.get_initiative(initiative_id), decision), status


def _act(initiative_id: int, command: Any, words: str) -> Response:
    """Do one thing with one button; what is wrong is said on the page itself."""
    try:
        command()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("initiatives.show", initiative_id=initiative_id), code=303)
    return _back(initiative_id, words)


@blueprint.post("/<int:initiative_id>/submit")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def submit(initiative_id: int) -> Response:
    """Send it to the secretary general."""
    one = _own(initiative_id)
    return _act(
        one.id, lambda: service.submit(g.actor, one.id, clock.now()),
        _("Sent. The secretary general checks its form; you are told the result."),
    )  # fmt: skip


@blueprint.post("/<int:initiative_id>/discard")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def discard(initiative_id: int) -> Response:
    """Throw away a draft."""
    service.discard(g.actor, _own(initiative_id).id, clock.now())
    flash(_("The draft was thrown away."), "success")
    return redirect(url_for("initiatives.index"), code=303)


@blueprint.route("/<int:initiative_id>/withdraw", methods=["GET", "POST"])
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def withdraw(initiative_id: int) -> Any:
    """Withdraw one's own initiative."""
    one, now, status, form = _own(initiative_id), clock.now(), 200, WithdrawForm()
    decision = policy.can_withdraw(g.actor, one, now)
    if form.is_submitted():
        status = 422 if decision else 403
        if decision and form.validate():
            try:
                service.withdraw(g.actor, one.id, form.reason.data, now)
                return _back(one.id, _("Withdrawn. Those who follow it are told."))
            except Invalid as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
    one = queries.get_initiative(initiative_id)
    return render_template("initiatives/withdraw.html", form=form, one=one, decision=decision), status


@blueprint.post("/<int:initiative_id>/deposit")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def deposit(initiative_id: int) -> Response:
    """Deposit the lists."""
    one = _own(initiative_id)
    return _act(
        one.id, lambda: verifying.deposit(g.actor, one.id, clock.now()),
        _("Deposited. The secretary general verifies the signatures."),
    )  # fmt: skip


# --- signing ---------------------------------------------------------------------------------------------


@blueprint.route("/<int:initiative_id>/sign", methods=["GET", "POST"])
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def sign(initiative_id: int) -> Any:
    """Sign a draft, or read why one cannot."""
    one, now, status = readable(initiative_id), clock.now(), 200
    person = queries.find_person(g.actor.person_id)
    decision = policy.can_sign(g.actor, person, one, signing.find_own(g.actor, one.id), now)
    form = SignForm()
    if form.is_submitted():
        status = 422 if decision else 403
        if decision and form.validate():
            line = signing.Line(form.name.data, form.address.data, form.document.data)
            try:
                signing.sign(g.actor, one.id, line, now)
                return _back(
                    one.id, _("Signed. You can take your signature back until the lists are deposited.")
                )
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    one = readable(initiative_id)
    page = render_template(
        "initiatives/sign.html",
        form=form,
        initiative=one,
        decision=decision,
        share=one.share,
        keep_key=rules.KEEP,
    )
    return page, status


@blueprint.post("/<int:initiative_id>/take-back")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(PER_NETWORK)
@writes
def take_back(initiative_id: int) -> Response:
    """Take one's signature back."""
    one = readable(initiative_id)
    return _act(
        one.id,
        lambda: signing.take_back(g.actor, one.id, clock.now()),
        _("Your signature was taken back and erased."),
    )
