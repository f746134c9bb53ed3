"""Staff name the witnesses of a round before voting opens."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.extensions import db
from civic.policy import Action, requires
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting.nightly import queries, service
from voting.nightly.forms import WitnessForm
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
    found = db.session.get(Witness, witness_id)
    if found is None or found.round_id != round_.id:
        raise NotFound
    service.remove_witness(g.actor, round_, found, clock.now())
    flash(_("The witness was removed."), "success")
    return redirect(url_for("staff_nightly.witnesses", round_id=round_id), code=303)


def _page(round_id: int, form: WitnessForm) -> str:
    round_ = get_any_round(round_id)
    return render_template(
        "voting/nightly/witnesses.html", round=round_, form=form, rows=queries.list_witnesses(round_.id),
        decision=service.can_name(g.actor, round_),
    )  # fmt: skip
