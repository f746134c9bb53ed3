"""Staff: finding a person on a round's roll, striking them from it, lifting that, voiding by two people.

Auditors read.
"""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.accounts.queries import find_account_by_email, names_of
from civic.places.queries import find_neighbourhood
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes, writes_itself
from voting import roll_queries, round_queries, strikes
from voting.forms import FindOnRollForm, ReasonForm

blueprint = Blueprint("staff_roll", __name__, url_prefix="/staff/rounds/<int:round_id>/roll")


def _index(round_: Round, form: FindOnRollForm, status: int = 200) -> Response:
    page = numbers.page_number()
    found, total = roll_queries.list_strikes(round_.id, page)
    body = render_template(
        "voting/staff/roll.html",
        round=round_,
        form=form,
        frozen=round_.frozen_at is not None and round_.kind == "city",
        size=roll_queries.count_roll(round_.id),
        strikes=found,
        total=total,
        page=page,
        pages=-(-total // roll_queries.PER_PAGE),
        names=names_of({one.account_id for row in found for one in row if one and one.account_id}),
    )
    response = make_response(body, status)
    # What was typed is somebody's address.
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@requires(Action.VIEW_ROLL)
def index(round_id: int) -> Response:
    """How many people are on the roll, the search for one of them, and who was struck."""
    return _index(get_any_round(round_id), FindOnRollForm(None))


@blueprint.post("/find")
@requires(Action.MANAGE_ROLL)
@writes_itself
def find(round_id: int) -> Any:
    """Find a person by the address of their account or their number. A POST, so that no address stays behind."""
    round_, form = get_any_round(round_id), FindOnRollForm()
    if not form.validate():
        return _index(round_, form, 422)
    typed = (form.who.data or "").strip().lower()
    voter_id = numbers.whole_number(typed)
    if voter_id is None:
        account = find_account_by_email(typed)
        voter_id = account.person_id if account is not None else None
    if voter_id is None or roll_queries.find_on_roll(round_id, voter_id) is None:
        form.who.errors = [_("Nobody on this list has this address or number.")]
        return _index(round_, form, 422)
    return redirect(url_for("staff_roll.show", round_id=round_id, voter_id=voter_id), code=303)


def _page(round_id: int, voter_id: int, form: ReasonForm, status: int = 200) -> Response:
    round_, now = get_any_round(round_id), clock.now()
    plan, found = round_queries.plan_of(round_), roll_queries.get_on_roll(round_id, voter_id)
    one = found.strike
    voids = roll_queries.list_voids(one.id) if one else []
    lifted = roll_queries.list_lifted(round_id, voter_id)
    people = {one.account_id if one else None, *(void.account_id for void in voids)}
    people |= {side.account_id for row in lifted for side in row}
    body = render_template(
        "voting/staff/roll_person.html",
        round=round_,
        found=found,
        strike=one,
        voids=voids,
        lifted=lifted,
        place=find_neighbourhood(found.entry.area_id) if found.entry.area_id else None,
        pots=[pot.name for pot in round_.pots if pot.id in found.entry.pots],
        names=names_of(number for number in people if number),
        form=form,
        decision=strikes.can_strike(g.actor, round_, plan, voter_id),
        lift=strikes.can_lift(g.actor, round_, plan, one, now) if one else None,
        void=strikes.can_void(g.actor, round_, plan, one, voids, now) if one else None,
    )
    return make_response(body, status)


@blueprint.get("/<int:voter_id>")
@requires(Action.VIEW_ROLL)
def show(round_id: int, voter_id: int) -> Response:
    """What the roll says about a person. Whether they voted is not known here, nor anywhere."""
    return _page(round_id, voter_id, ReasonForm(None))


def _back(round_id: int, voter_id: int) -> Any:
    return redirect(url_for("staff_roll.show", round_id=round_id, voter_id=voter_id), code=303)


@blueprint.post("/<int:voter_id>/strike")
@requires(Action.MANAGE_ROLL)
@writes
def strike(round_id: int, voter_id: int) -> Any:
    """Stop the person from casting any further ballot."""
    form, round_ = ReasonForm(), get_any_round(round_id)
    if not form.validate():
        return _page(round_id, voter_id, form, 422)
    strikes.strike(g.actor, round_, round_queries.plan_of(round_), voter_id, form.reason.data, clock.now())
    flash(
        _("The person is struck from the list and was told why, if their account has an address."), "success"
    )
    return _back(round_id, voter_id)


@blueprint.post("/<int:voter_id>/lift")
@requires(Action.MANAGE_ROLL)
@writes
def lift(round_id: int, voter_id: int) -> Any:
    """Give a struck person back the right to vote, at once."""
    form, round_ = ReasonForm(), get_any_round(round_id)
    if not form.validate():
        return _page(round_id, voter_id, form, 422)
    strikes.lift(g.actor, round_, round_queries.plan_of(round_), voter_id, form.reason.data, clock.now())
    flash(
        _("The strike is lifted: the person may vote again and was told, if their account has an address."),
        "success",
    )
    return _back(round_id, voter_id)


@blueprint.post("/<int:voter_id>/void")
@requires(Action.MANAGE_ROLL)
@writes
def void(round_id: int, voter_id: int) -> Any:
    """Ask that what the person may have cast does not count; as the second person, decide it."""
    round_ = get_any_round(round_id)
    if strikes.decide_void(g.actor, round_, round_queries.plan_of(round_), voter_id, clock.now()):
        flash(_("Decided by two people. The close carries it out before any ballot is opened."), "success")
    else:
        flash(_("Noted. It takes effect when another person confirms it."), "success")
    return _back(round_id, voter_id)
