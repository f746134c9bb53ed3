"""Staff name the witnesses of a round before voting opens, and correct an address until the close."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.extensions import db
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting.nightly import queries, service
from voting.nightly.forms import AddressForm, WitnessForm
from voting.nightly.models import Witness

blueprint = Blueprint("staff_nightly", __name__, url_prefix="/staff/rounds/<int:round_id>/vote/witnesses")


@blueprint.get("")
@requires(Action.VIEW_ROLL)
def witnesses(round_id: int) -> str:
    """Who gets the checkpoints of a round."""
    return _page(round_id, WitnessForm(formdata=None))


@blueprint.post("")
@requires(Action.MANAGE_ROUNDS)
@writes
def name(round_id: int) -> Any:
    """Name a witness."""
    round_, form = get_any_round(round_id), WitnessForm()
    if form.validate_on_submit():
        try:
            service.name_witness(
                g.actor, round_, form.name.data or "", (form.address.data or "").strip(), clock.now()
            )
        except DomainError as refusal:
            form.name.errors = [str(refusal.message)]
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("staff_nightly.witnesses", round_id=round_id), code=303)
    return _page(round_id, form), 422


@blueprint.post("/<int:witness_id>/remove")
@requires(Action.MANAGE_ROUNDS)
@writes
def remove(round_id: int, witness_id: int) -> Any:
    """Take a witness off the list."""
    round_ = get_any_round(round_id)
    service.remove_witness(g.actor, round_, _witness(round_, witness_id), clock.now())
    flash(_("The witness was removed."), "success")
    return redirect(url_for("staff_nightly.witnesses", round_id=round_id), code=303)


@blueprint.route("/<int:witness_id>/address", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def address(round_id: int, witness_id: int) -> Any:
    """Correct where a witness's checkpoints are sent."""
    round_ = get_any_round(round_id)
    witness = _witness(round_, witness_id)
    form, decision = AddressForm(data={"address": witness.address}), service.can_correct(g.actor, round_)
    if form.validate_on_submit():
        service.correct_address(g.actor, round_, witness, (form.address.data or "").strip(), clock.now())
        flash(_("Saved. Both addresses were written to."), "success")
        return redirect(url_for("staff_nightly.witnesses", round_id=round_id), code=303)
    content = render_template(
        "voting/nightly/address.html", round=round_, witness=witness, form=form, decision=decision
    )
    return content, 422 if form.is_submitted() else 200


def _witness(round_: Round, witness_id: int) -> Witness:
    found = db.session.get(Witness, witness_id)
    if found is None or found.round_id != round_.id:
        raise NotFound
    return found


def _page(round_id: int, form: WitnessForm) -> str:
    round_ = get_any_round(round_id)
    return render_template(
        "voting/nightly/witnesses.html", round=round_, form=form, rows=queries.list_witnesses(round_.id),
        decision=service.can_name(g.actor, round_), can_correct=service.can_correct(g.actor, round_),
    )  # fmt: skip
