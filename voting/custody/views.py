"""A holder's pages: what there is to do, making the key, showing it, the rehearsal, presenting it after the vote.

Keys travel in the body of a POST and in one downloaded answer; no page, address, cookie or log carries one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.actor import Actor
from civic.errors import Invalid
from civic.navigation import Panel
from civic.policy import Action, public, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting.custody import holders, keyfile, presenting, queries, words
from voting.custody.forms import AnotherKeyForm, KeyForm
from voting.custody.models import CustodyKey
from voting.custody.state import State, state_of

blueprint = Blueprint("custody", __name__, url_prefix="/custody")

#: A key's file is two kilobytes; nothing larger is read, so that none is ever put into a temporary file.
LARGEST_UPLOAD = 64_000


def keep_uploads_small() -> None:
    """Before the form is read: what is sent to these pages stays in memory."""
    if request.blueprint in ("custody", "staff_custody"):
        request.max_content_length = LARGEST_UPLOAD


def account_panel(_context: dict[str, Any]) -> Panel | None:
    """On the account's own page: the boxes whose key it holds."""
    duties = queries.list_duties(g.actor.id) if g.actor.id is not None else []
    return Panel("voting/custody/_account_panel.html", {"duties": duties}, position=20) if duties else None


def own_step(state: State, place: int) -> str:
    """What this holder has to do now; the name of a part of the page."""
    key = state.keys[place]
    if state.opened:
        return "opened" if state.wrapped else "over"
    if state.awaits_keys:
        if state.handed_over:
            return "opening"
        return "presented" if place in state.presented else "present"
    if state.frozen:
        return "voting"
    if key.made_at is None:
        return "make"
    if key.confirmed_at is None:
        return "confirm"
    if not state.keys_ready:
        return "others"
    if state.rehearsal_passed:
        return "ready"
    return "rehearsed" if place in state.rehearsed else "rehearse"


def _page(round_: Round, form: KeyForm | None, again: AnotherKeyForm | None = None) -> Response:
    key = holders.own_key(g.actor, round_.id)
    state = state_of(round_)
    content = render_template(
        "voting/custody/holder.html",
        round=round_,
        key=key,
        state=state,
        stage=own_step(state, key.place),
        form=form or KeyForm(formdata=None),
        again=again or AnotherKeyForm(formdata=None, prefix="again"),
        names={one.place: one.name for one in state.holders},
    )
    failed = (form is not None and form.errors) or (again is not None and again.errors)
    response = make_response(content, 422 if failed else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/guide")
@public
def guide() -> str:
    """What the key is, what a holder does and when, and what could go wrong. For everybody."""
    return render_template("voting/custody/guide.html")


@blueprint.get("/<int:round_id>")
@requires(Action.USE_ACCOUNT)
def show(round_id: int) -> Response:
    """Where this holder stands and what there is to do."""
    return _page(get_any_round(round_id), None)


def download(round_: Round, key: CustodyKey, made: keyfile.KeyFile, now: datetime) -> Response:
    """The private key, once, as a file: neither shown nor stored on the way."""
    text = keyfile.write(made, words.file_words(round_, key, now))
    response = make_response(text.encode())
    response.mimetype = "text/plain"
    name = words.file_name(round_, key.place)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/<int:round_id>/key")
@requires(Action.USE_ACCOUNT)
@writes
def make(round_id: int) -> AnyResponse:
    """Make the key and download its file. When the download broke off, another is made in its place."""
    round_, now = get_any_round(round_id), clock.now()
    key = holders.own_key(g.actor, round_.id)
    if key.confirmed_at is not None:
        again = AnotherKeyForm(request.form, prefix="again")
        if not again.validate():
            return _page(round_, None, again)
    made = holders.make_key(g.actor, round_, now)
    return download(round_, key, made, now)


def presented(form: KeyForm, command: Callable[[str], Any]) -> tuple[Any] | None:
    """What a command said of the key that was sent, in a tuple of one; its refusal becomes the form's, and None."""
    text = form.key_text()
    if not form.validate():
        return None
    if not text.strip():
        form.upload.errors = [_("Choose the file of the key, or paste what is written in it.")]
        return None
    try:
        return (command(text),)
    except Invalid as refusal:
        form.upload.errors = [str(refusal.message)]
        return None


def _with_key(round_id: int, command: Callable[[Actor, Round, str, datetime], Any], said: Any) -> AnyResponse:
    round_, form = get_any_round(round_id), KeyForm()
    holders.own_key(g.actor, round_.id)
    found = presented(form, lambda text: command(g.actor, round_, text, clock.now()))
    if found is None:
        return _page(round_, form)
    flash(said(found[0]), "success")
    return redirect(url_for("custody.show", round_id=round_id), code=303)


@blueprint.post("/<int:round_id>/confirm")
@requires(Action.USE_ACCOUNT)
@writes
def confirm(round_id: int) -> AnyResponse:
    """Show that the file was kept: it is compared with the public key and forgotten."""
    return _with_key(
        round_id, holders.confirm_key, lambda _done: _("This is your key and it is whole. Keep it well.")
    )


@blueprint.post("/<int:round_id>/rehearse")
@requires(Action.USE_ACCOUNT)
@writes
def rehearse(round_id: int) -> AnyResponse:
    """Present the key over the dummy ballots."""
    return _with_key(round_id, presenting.rehearse, _said_of_rehearsal)


def _said_of_rehearsal(passed: list[int]) -> str:
    if not passed:
        return _("Your key works. The dummy ballots open when another holder presents theirs too.")
    return _("Your key works, and together with another one it opened the dummy ballots.")


@blueprint.post("/<int:round_id>/present")
@requires(Action.USE_ACCOUNT)
@writes
def present(round_id: int) -> AnyResponse:
    """Present the key after the vote."""
    return _with_key(
        round_id,
        presenting.present,
        lambda second: (
            _("Thank you. Yours was the second key: the ballots are being opened.")
            if second
            else _("Thank you. Your key was the first; one more is needed.")
        ),
    )
