"""Staff draw the sample and read its figures; clerks get the work list with what they need to ask."""

from typing import Any

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired, Optional

from civic import clock, numbers
from civic.accounts.views import complain, page
from civic.errors import DomainError
from civic.policy import Action, requires
from civic.rounds.queries import get_any_round
from civic.textboxes import WholeField
from civic.unit_of_work import writes
from voting.sampling import service
from voting.sampling.rules import OUTCOMES

blueprint = Blueprint("sample", __name__, url_prefix="/staff/rounds/<int:round_id>/sample")
desk_blueprint = Blueprint("sample_desk", __name__, url_prefix="/staff/sample")

OUTCOME_NAMES: dict[str, Any] = {
    "confirmed": _l("Confirmed"),
    "not_found": _l("Not found"),
    "false": _l("False"),
}


class DrawForm(FlaskForm):
    """How many, and by which seed."""

    size = WholeField(
        _l("How many declarations to check"),
        [InputRequired(_l("Write how many."))],
        description=_l(
            "99 checked find three wrong ones in a hundred with 95 % certainty; 299 find one in a hundred."
        ),
    )
    seed = StringField(
        _l("Seed of the draw"),
        [Optional()],
        description=_l(
            "The result of a public draw, such as dice. Left empty, the computer makes one and records it."
        ),
        render_kw={"autocomplete": "off"},
    )


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.MANAGE_ROLL)
@writes
def show(round_id: int) -> AnyResponse:
    """The figures of the sample; before, the form that draws it."""
    round_, form = get_any_round(round_id), DrawForm()
    sample = service.find_sample(round_id)
    if request.method == "POST" and form.validate():
        try:
            service.draw(g.actor, round_, form.size.data or 0, form.seed.data or "", clock.now())
        except DomainError as error:
            complain(form, "size", error)
        else:
            flash(_("The sample is drawn. Clerks find it under “Declarations to check”."), "success")
            return redirect(url_for("sample.show", round_id=round_id), code=303)
    return page(
        "voting/sampling/show.html",
        form,
        round=round_,
        declared=len(service.list_declared(round_id)),
        figures=service.figures_of(sample) if sample else None,
        false_cases=service.list_false(sample) if sample else [],
    )


@desk_blueprint.get("")
@requires(Action.VERIFY_RESIDENTS)
def index() -> AnyResponse:
    """Who is to be called or invited, and what they declared."""
    number = numbers.page_number()
    work, total = service.list_work(number)
    pages = -(-total // service.PER_PAGE)
    return page(
        "voting/sampling/work.html", None, work=work, outcomes=OUTCOME_NAMES, page=number, pages=pages
    )


@desk_blueprint.post("/<int:sample_id>/<int:voter_id>")
@requires(Action.VERIFY_RESIDENTS)
@writes
def decide(sample_id: int, voter_id: int) -> AnyResponse:
    """What the clerk found."""
    outcome = next((one for one in OUTCOMES if request.form.get("outcome") == one), "")
    service.decide(g.actor, sample_id, voter_id, outcome, clock.now())
    flash(_("Noted."), "success")
    return redirect(url_for("sample_desk.index", page=request.args.get("page")), code=303)
