"""What an author does: drafts, sends, withdraws, enters an edition."""

import secrets
from typing import Any

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db, limiter
from civic.moderation.gate.service import TooSoon
from civic.policy import Action, open_to_suspended, public, requires
from civic.unit_of_work import unit_of_work, writes, writes_itself
from proposals import policy, queries, rules, service
from proposals.forms import ProposalForm
from proposals.models import Proposal
from proposals.views_public import blueprint, get_visible

#: Contributions from one network; a school or a library stays well below it.
PER_NETWORK = "120 per hour"


@blueprint.get("/new")
@public
def new() -> str:
    """What proposing takes, the drafts one already has, and the button that begins."""
    drafts = [
        one
        for one in (queries.list_mine(g.actor.id) if g.actor.id else [])
        if one.state in rules.EDITABLE and (one.title or one.idea or one.problem)
    ]
    return render_template(
        "proposals/new.html",
        drafts=drafts,
        decision=policy.can_start(g.actor, sum(one.state == "draft" for one in drafts)),
    )


@blueprint.post("/new")
@requires(Action.PROPOSE)
@limiter.limit(PER_NETWORK)
@writes
def start() -> Response:
    """Begin a draft and go to its form."""
    proposal = service.start_draft(g.actor, clock.now())
    return redirect(url_for("proposals.edit", proposal_id=proposal.id), code=303)  # type: ignore[return-value]


def _own(proposal_id: int) -> Proposal:
    proposal = queries.get_proposal(proposal_id)
    if not policy.is_author(g.actor, proposal):
        raise NotFound
    return proposal


def _form(proposal: Proposal | None = None) -> ProposalForm:
    """The form of a request, or of a stored proposal."""
    values: dict[str, Any] = {}
    if proposal is not None:
        values = {
            "title": proposal.title,
            "problem": proposal.problem,
            "idea": proposal.idea,
            "neighbourhood": str(proposal.neighbourhood_id or ""),
            "category": str(proposal.category_id or ""),
            "cost": proposal.cost_text,
            "place": proposal.place,
            "latitude": "" if proposal.latitude is None else f"{proposal.latitude:.6f}",
            "longitude": "" if proposal.longitude is None else f"{proposal.longitude:.6f}",
            "version": str(proposal.version),
            "editor": secrets.token_hex(8),
        }
    form = ProposalForm(None if proposal is not None else request.form, data=values)
    if proposal is None:
        form.images.data = request.files.getlist("images")
        form.documents.data = request.files.getlist("documents")
    form.offer(queries.list_neighbourhoods(), queries.list_categories())
    return form


def _page(proposal: Proposal, form: ProposalForm, status: int = 200, **context: Any) -> Response:
    tile_url = current_app.config["SETTINGS"].tile_url
    body = render_template("proposals/edit.html", proposal=proposal, form=form, tile_url=tile_url, **context)
    return make_response(body, status)


@blueprint.get("/<int:proposal_id>/edit")
@requires(Action.PROPOSE)
def edit(proposal_id: int) -> Response:
    """The form with what was saved."""
    proposal = _own(proposal_id)
    if not policy.can_edit(g.actor, proposal):
        return redirect(url_for("proposals.show", proposal_id=proposal.id))  # type: ignore[return-value]
    return _page(proposal, _form(proposal))


def _seen_version(form: ProposalForm) -> int:
    return numbers.whole_number(form.version.data) or 0


def _save(proposal_id: int, form: ProposalForm) -> Proposal:
    return service.save_draft(
        g.actor,
        proposal_id,
        form.to_draft(),
        clock.now(),
        seen_version=_seen_version(form),
        editor=form.editor.data or "",
    )


def _store_files(proposal_id: int, form: ProposalForm) -> bool:
    """Keep the files that came with the form, each on its own; whether all could be kept."""
    whole = True
    for field, kind in ((form.images, "image"), (form.documents, "document")):
        errors = []
        for upload in (one for one in field.data or [] if one and one.filename):
            try:
                with unit_of_work():
                    service.attach_file(
                        g.actor, queries.lock_proposal(proposal_id), upload, kind, clock.now()
                    )
            except Invalid as error:
                errors.append(f"{upload.filename[:80]}: {error.message}")
        if errors:
            field.errors = [" ".join(errors)]
            whole = False
    return whole


@blueprint.post("/<int:proposal_id>/edit")
@requires(Action.PROPOSE)
@open_to_suspended
@writes_itself
def save(proposal_id: int) -> Response:
    """Save what was typed; then send it, take off a file, or stay.

    The text and the files are committed before anything is checked, so that no mistake loses them.
    """
    proposal = _own(proposal_id)
    if not policy.can_edit(g.actor, proposal):
        return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]
    form = _form()
    try:
        with unit_of_work():
            kept = _save(proposal_id, form)
            removed = numbers.whole_number(request.form.get("remove"))
            if removed is not None:
                service.remove_file(kept, removed)
    except Conflict:
        return _conflict(proposal_id, form)
    except Invalid as error:
        form.form_errors.append(str(error.message))
        return _page(queries.get_proposal(proposal_id), form, 422)
    files_kept = _store_files(proposal_id, form)
    if request.form.get("action") == "submit":
        return _submit(proposal_id, form, files_kept)
    db.session.expire_all()
    proposal = queries.get_proposal(proposal_id)
    if not files_kept:
        form.version.data = str(proposal.version)
        return _page(proposal, form, 422)
    flash(_("The draft was saved. Only you can see it."), "success")
    return redirect(url_for("proposals.edit", proposal_id=proposal_id), code=303)  # type: ignore[return-value]


def _submit(proposal_id: int, form: ProposalForm, files_kept: bool) -> Response:
    files_errors = {field: field.errors for field in (form.images, form.documents) if field.errors}
    if not form.validate() or not files_kept:
        for field, errors in files_errors.items():
            field.errors = errors
        proposal = queries.get_proposal(proposal_id)
        form.version.data = str(proposal.version)
        return _page(proposal, form, 422)
    try:
        with unit_of_work():
            sent = service.submit_proposal(g.actor, proposal_id, clock.now())
            waiting = sent.state == rules.State.SUBMITTED
    except TooSoon as error:
        proposal = queries.get_proposal(proposal_id)
        form.version.data = str(proposal.version)
        form.form_errors.append(str(error.message))
        return _page(proposal, form, error.status)
    flash(
        _("Sent. A moderator reads it and you get an e-mail when it is published.")
        if waiting
        else _("Sent and published. You get an e-mail at every step."),
        "success",
    )
    return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]


def _conflict(proposal_id: int, form: ProposalForm) -> Response:
    """Another window saved meanwhile: give back both texts; saving again keeps this one, knowingly."""
    db.session.rollback()
    stored = queries.get_proposal(proposal_id)
    form.version.data = str(stored.version)
    return _page(stored, form, 409, other=stored)


@blueprint.post("/<int:proposal_id>/autosave")
@requires(Action.PROPOSE)
@open_to_suspended
@writes_itself
def autosave(proposal_id: int) -> Response:
    """Keep the draft while it is being written; answers with a line for the live region."""
    form, now = _form(), clock.now()
    try:
        with unit_of_work():
            proposal = _save(proposal_id, form)
            context = {"saved_at": now, "version": proposal.version}
    except (Conflict, Invalid, NotAllowed) as error:
        context = {"problem": error.message}
    return make_response(render_template("proposals/_draft_status.html", **context))


@blueprint.get("/<int:proposal_id>/discard")
@requires(Action.PROPOSE)
def ask_discard(proposal_id: int) -> str:
    """Ask before a draft is deleted."""
    proposal = _own(proposal_id)
    if proposal.state != rules.State.DRAFT:
        raise Conflict(_("This proposal was submitted. You can withdraw it."))
    return render_template("proposals/discard.html", proposal=proposal)


@blueprint.post("/<int:proposal_id>/discard")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def discard(proposal_id: int) -> Response:
    """Delete a draft."""
    service.discard_draft(g.actor, proposal_id, clock.now())
    flash(_("The draft was deleted."), "success")
    return redirect(url_for("proposals.mine"), code=303)  # type: ignore[return-value]


@blueprint.post("/<int:proposal_id>/withdraw")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def withdraw(proposal_id: int) -> Response:
    """Take a proposal back."""
    service.withdraw_proposal(g.actor, proposal_id, clock.now())
    flash(_("You withdrew the proposal."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]


@blueprint.post("/<int:proposal_id>/join")
@requires(Action.PROPOSE)
@open_to_suspended
@writes
def join(proposal_id: int) -> Response:
    """Enter a proposal in an edition."""
    proposal = get_visible(proposal_id)
    round_id = numbers.whole_number(request.form.get("round")) or 0
    service.join_round(g.actor, proposal.id, round_id, clock.now())
    flash(_("The proposal is entered. The departments analyse it next."), "success")
    return redirect(url_for("proposals.show", proposal_id=proposal_id), code=303)  # type: ignore[return-value]


@blueprint.get("/mine")
@requires(Action.PROPOSE)
def mine() -> str:
    """One's own proposals, with where each stands."""
    from proposals import labels

    return render_template("proposals/mine.html", proposals=queries.list_mine(g.actor.id), labels=labels)
