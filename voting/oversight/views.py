"""The page for whoever watches a vote, and the way to it from where an auditor's work begins."""

from typing import Any

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from civic import clock
from civic.errors import NotFound
from civic.navigation import Panel
from civic.policy import Action, may, requires
from civic.rounds.queries import get_any_round
from voting import admission, round_queries
from voting.oversight import presenters

blueprint = Blueprint("oversight", __name__, url_prefix="/staff/rounds/<int:round_id>/vote/oversight")

#: Rounds an auditor is shown where the work begins.
SHOWN = 8


@blueprint.get("")
@requires(Action.VIEW_ROLL)
def show(round_id: int) -> str:
    """What was frozen, who keeps the key, what the nights, paper, complaints and close left, and what each proves."""
    round_ = get_any_round(round_id)
    if round_.kind != "city":
        raise NotFound(_("This is an election of the past: it was closed when it was imported."))
    with_records = may(g.actor, Action.VIEW_AUDIT)
    return render_template(
        "voting/oversight/show.html", **presenters.everything(round_, clock.now(), with_records)
    )


def home_panel(context: dict[str, Any]) -> Panel | None:
    """Where the work begins, for those who read the rolls and the audit record: the votes they may watch."""
    if not (may(g.actor, Action.VIEW_ROLL) and may(g.actor, Action.VIEW_AUDIT)):
        return None
    rounds = round_queries.list_city_rounds(SHOWN)
    if not rounds:
        return None
    values = {"rounds": rounds, "states": {one.id: admission.state_of(one) for one in rounds}}
    return Panel("voting/oversight/_home_panel.html", values, position=11)
