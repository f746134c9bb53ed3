"""Where staff tie workshops to a debate and enter what was said there."""

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock
from civic.errors import Conflict, NotFound
from civic.extensions import db
from civic.format import moment
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.agora import queries as debates
from consultations.agora.arguing import presenters as arguments
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing import service as arguing
from consultations.agora.models import AgoraDebate
from consultations.agora.tending.queries import list_positions
from consultations.agora.workshops import policy, presenters, queries, service
from consultations.agora.workshops.forms import NoteForm, TieForm

blueprint = Blueprint("agora_workshops", __name__, url_prefix="/staff/agora")


def _opened(debate_id: int) -> AgoraDebate:
    one = debates.get_debate(debate_id)
    if one.opened_at is None:
        raise NotFound
    return one


def _tie_form(debate_id: int, *, bound: bool) -> TieForm:
    form = TieForm() if bound else TieForm(None)
    form.meeting_id.choices = [
        (str(each.id), f"{each.title} ({moment(each.starts_at)})") for each in queries.list_to_tie(debate_id)
    ]
    return form


def _page(debate_id: int, form: TieForm, status: int = 200) -> Any:
    one = _opened(debate_id)
    return render_template("agora/workshops.html", **presenters.staff_context(one), form=form), status


def _done(debate_id: int, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("agora_workshops.index", debate_id=debate_id), code=303)


@blueprint.get("/<int:debate_id>/workshops")
@requires(Action.VIEW_CONSULTATIONS)
def index(debate_id: int) -> Any:
    """The workshops of a debate, and the form that ties another."""
    return _page(_opened(debate_id).id, _tie_form(debate_id, bound=False))


@blueprint.post("/<int:debate_id>/workshops")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def tie(debate_id: int) -> Any:
    """Tie a workshop to a debate."""
    _opened(debate_id)
    form, now = _tie_form(debate_id, bound=True), clock.now()
    wrong = take(
        form, "meeting_id", lambda: service.tie(g.actor, debate_id, form.meeting_id.data, now),
        lambda status: _page(debate_id, form, status),
    )  # fmt: skip
    return wrong or _done(
        debate_id, _("It is a workshop of this debate. Those who follow the debate are told.")
    )


@blueprint.post("/<int:debate_id>/workshops/<int:meeting_id>/untie")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def untie(debate_id: int, meeting_id: int) -> Response:
    """Let a meeting be no workshop of the debate any more."""
    _opened(debate_id)
    try:
        service.untie(g.actor, debate_id, meeting_id, clock.now())
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("agora_workshops.index", debate_id=debate_id), code=303)
    return _done(debate_id, _("It is no workshop of this debate any more."))


def _note_form(debate_id: int, *, bound: bool) -> NoteForm:
    form = NoteForm() if bound else NoteForm(None, form_key=secrets.token_hex(8))
    form.offer([(str(each.id), each.body) for each in list_positions(debate_id)])
    return form


def _notes_page(debate_id: int, meeting_id: int, form: NoteForm, now: datetime, status: int = 200) -> Any:
    one, tied = _opened(debate_id), queries.get_tie(debate_id, meeting_id)
    shown = [
        {"post": post, **arguments.author(post), "side": arguments.SIDES[post.side], "tone": arguments.SIDE_TONES[post.side]}
        for post in queries.list_notes(debate_id, meeting_id)
    ]  # fmt: skip
    return render_template(
        "agora/workshop_notes.html",
        debate=one,
        meeting=tied.meeting,
        form=form,
        notes=shown,
        decision=policy.can_note(g.actor, one, tied.meeting, now),
    ), status


@blueprint.route("/<int:debate_id>/workshops/<int:meeting_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def notes(debate_id: int, meeting_id: int) -> Any:
    """What was said at a workshop, and the form that enters more of it."""
    now = clock.now()
    if request.method == "GET":
        return _notes_page(debate_id, meeting_id, _note_form(debate_id, bound=False), now)
    _opened(debate_id)
    form = _note_form(debate_id, bound=True)
    said = arguing.Said(
        judging.ARGUMENT,
        form.body.data or "",
        form.side.data or "",
        form.source.data or "",
        form.position_id.data,
    )
    wrong = take(
        form, "body",
        lambda: service.enter(g.actor, debate_id, meeting_id, said, form.form_key.data or "", now),
        lambda status: _notes_page(debate_id, meeting_id, form, now, status),
    )  # fmt: skip
    if wrong is not None:
        return wrong
    flash(_("Entered. It stands in the debate as said at the workshop."), "success")
    return redirect(url_for("agora_workshops.notes", debate_id=debate_id, meeting_id=meeting_id), code=303)
