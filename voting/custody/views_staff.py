"""Staff: who keeps the key of a round's box, the three holders, and the recovery copy for the safe."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.actor import Actor, Role
from civic.errors import Conflict
from civic.navigation import Panel
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting.custody import holders, presenting, queries
from voting.custody.forms import (
    AnotherKeyForm,
    ChoiceForm,
    HoldersForm,
    KeyForm,
    RecoveryForm,
    RecoveryReasonForm,
)
from voting.custody.holders import Named
from voting.custody.models import CustodyKey
from voting.custody.state import PAIRS, state_of
from voting.custody.views import download, presented
from voting.custody.wrapping import HOLDERS, RECOVERY

blueprint = Blueprint("staff_custody", __name__, url_prefix="/staff/rounds/<int:round_id>/custody")


def stage_panel(round_: Round, _moment: str, _actor: Actor, _now: datetime) -> Panel | None:
    """On the stage of the close that opens the ballots: whose keys it needs, and what it waits for."""
    state = state_of(round_)
    if not state.by_holders:
        return None
    context = {"round": round_, "state": state, "waits_for": state.waits_for()}
    return Panel("voting/custody/_stage_panel.html", context)


def _managers(keys: Sequence[CustodyKey]) -> int:
    """How many of the holders manage rounds themselves: better at most one."""
    accounts = queries.list_accounts([one.account_id for one in keys])
    return sum(account.as_actor().has_role(Role.STAFF) for account in accounts.values())


def _overview(round_: Round, form: ChoiceForm | None = None) -> Any:
    state = state_of(round_)
    choice = form or ChoiceForm(formdata=None, data={"kind": "holders" if state.by_holders else "server"})
    page = render_template(
        "voting/custody/staff.html",
        round=round_,
        state=state,
        form=choice,
        problems=state.problems() if not state.frozen else [],
        waits_for=state.waits_for(),
        managers=_managers(state.holders),
        pairs=PAIRS,
        names={one.place: one.name for one in state.holders},
    )
    return page, 422 if form is not None else 200


@blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def show(round_id: int) -> Any:
    """Who keeps the key, how far the holders are, and what is missing."""
    return _overview(get_any_round(round_id))


@blueprint.post("/choose")
@requires(Action.MANAGE_ROUNDS)
@writes
def choose(round_id: int) -> Any:
    """Let the server or three holders keep the key."""
    round_, form = get_any_round(round_id), ChoiceForm()
    if not form.validate():
        return _overview(round_, form)
    holders.choose(g.actor, round_, form.kind.data, clock.now())
    flash(_("Saved."), "success")
    return redirect(url_for("staff_custody.show", round_id=round_id), code=303)


@blueprint.route("/holders", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def name(round_id: int) -> Any:
    """Name the three holders."""
    round_ = get_any_round(round_id)
    state = state_of(round_)
    if not state.by_holders:
        if request.method == "GET":
            return redirect(url_for("staff_custody.show", round_id=round_id))
        raise Conflict(_("Choose first that three holders keep the key."))
    form = HoldersForm(request.form if request.method == "POST" else None)
    if request.method == "GET":
        accounts = queries.list_accounts([one.account_id for one in state.holders])
        for one in state.holders:
            form[f"email_{one.place}"].data = accounts[one.account_id].email
            form[f"name_{one.place}"].data, form[f"title_{one.place}"].data = one.name, one.title
    elif form.validate():
        named = [
            Named(*(form[f"{part}_{place}"].data or "" for part in ("email", "name", "title")))
            for place in HOLDERS
        ]
        try:
            holders.name_holders(g.actor, round_, named, clock.now())
        except holders.HoldersRefused as refusal:
            for place, field, sentence in refusal.problems:
                form[f"{field}_{place}"].errors = [str(sentence)]
        else:
            flash(_("The three holders are named, and those who are new were written to."), "success")
            return redirect(url_for("staff_custody.show", round_id=round_id), code=303)
    page = render_template(
        "voting/custody/holders.html", round=round_, form=form, state=state, places=HOLDERS
    )
    return page, 422 if form.is_submitted() else 200


# --- the recovery copy ------------------------------------------------------------------------------------


def _recovery(round_: Round, form: KeyForm | None = None, again: AnotherKeyForm | None = None) -> Any:
    state = state_of(round_)
    if not state.by_holders:
        raise Conflict(_("The key of this ballot box is kept by the server."))
    kind = RecoveryReasonForm if state.frozen else RecoveryForm
    page = render_template(
        "voting/custody/recovery.html",
        round=round_,
        state=state,
        form=form or kind(formdata=None),
        again=again or AnotherKeyForm(formdata=None, prefix="again"),
        holder=any(one.account_id == g.actor.id for one in state.holders),
        waits_for=state.waits_for(),
        place=RECOVERY,
    )
    response = make_response(page, 422 if form is not None or again is not None else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/recovery")
@requires(Action.MANAGE_ROUNDS)
def recovery(round_id: int) -> Any:
    """The copy for the safe: made and read back before the vote, presented after it when two holders are missing."""
    round_ = get_any_round(round_id)
    if not state_of(round_).by_holders:
        return redirect(url_for("staff_custody.show", round_id=round_id))
    return _recovery(round_)


@blueprint.post("/recovery/key")
@requires(Action.MANAGE_ROUNDS)
@writes
def make_recovery(round_id: int) -> Any:
    """Make the recovery copy and download it, once."""
    round_, now = get_any_round(round_id), clock.now()
    before = queries.list_keys(round_id).get(RECOVERY)
    if before is not None and before.confirmed_at is not None:
        again = AnotherKeyForm(request.form, prefix="again")
        if not again.validate():
            return _recovery(round_, None, again)
    made = holders.make_recovery(g.actor, round_, now)
    return download(round_, queries.list_keys(round_id)[RECOVERY], made, now)


@blueprint.post("/recovery/confirm")
@requires(Action.MANAGE_ROUNDS)
@writes
def confirm_recovery(round_id: int) -> AnyResponse:
    """Read the recovery copy back and say where it is kept."""
    round_, form = get_any_round(round_id), RecoveryForm()

    def check(text: str) -> None:
        holders.confirm_recovery(g.actor, round_, text, form.kept.data or "", clock.now())

    done = presented(form, check)
    if done is None:
        return _recovery(round_, form)
    flash(_("The recovery copy is whole. Delete its file and put the printed page into the safe."), "success")
    return redirect(url_for("staff_custody.show", round_id=round_id), code=303)


@blueprint.post("/recovery/present")
@requires(Action.CLOSE_ROUNDS)
@writes
def present_recovery(round_id: int) -> AnyResponse:
    """Present the recovery copy in the place of a holder who cannot come."""
    round_, form = get_any_round(round_id), RecoveryReasonForm()
    done = presented(
        form,
        lambda text: presenting.present_recovery(g.actor, round_, text, form.reason.data or "", clock.now()),
    )
    if done is None:
        return _recovery(round_, form)
    flash(
        _("The recovery copy was the second key: the ballots are being opened.")
        if done[0]
        else _("The recovery copy was presented. The key of one holder is still needed."),
        "success",
    )
    return redirect(url_for("staff_custody.show", round_id=round_id), code=303)
