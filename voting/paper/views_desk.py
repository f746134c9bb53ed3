"""Paper at the desk: a sheet handed to an identified resident, or taken back unused.

What is written is one row of the box, on a connection of its own, and a number of sheets by clerk and day. No page
says whether a person has a sheet or a ballot: the clerk learns it by asking, and every asking is counted.
"""

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.accounts import queries as accounts
from civic.accounts.models import Account
from civic.accounts.views import complain, page
from civic.errors import DomainError
from civic.extensions import db
from civic.navigation import Panel
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting import desk_session, keys, roll_queries, round_queries
from voting.paper import marks, policy, printing, queries, service
from voting.paper.forms import HandOutForm
from voting.paper.marks import Bearer, Marked
from voting.plan import FrozenRound

blueprint = Blueprint("desk_paper", __name__, url_prefix="/staff/desk/<int:account_id>/paper")


def _rounds(account: Account) -> list[tuple[Round, Any]]:
    """The votes that run and have a batch open, each with whether this resident may have a sheet."""
    now = clock.now()
    return [
        (one, desk_session.can_vote(account, one, now))
        for one in round_queries.list_voting_rounds(now)
        if queries.list_open_batches(one.id)
    ]


def desk_panel(context: dict[str, Any]) -> Panel:
    """On the resident's page at the desk: a sheet of paper for them, or why not."""
    account = context["account"]
    decision = policy.can_serve(g.actor, account)
    return Panel(
        "voting/paper/_desk_panel.html",
        {"account": account, "decision": decision, "rounds": _rounds(account) if decision else []},
        60,
    )


def _runs_for(plan: FrozenRound, account: Account) -> list[Any]:
    """The printed runs whose sheets are for this resident."""
    found = (
        roll_queries.find_voter(plan.round_id, account.person_id) if account.person_id is not None else None
    )
    if found is None:
        return []
    codes = list(printing.codes_for(plan, found[0]))
    return [run for run in queries.list_runs(plan.round_id) if run.codes == codes]


@blueprint.route("/<int:round_id>", methods=["GET", "POST"])
@requires(Action.VERIFY_RESIDENTS)
@writes
def serve(account_id: int, round_id: int) -> AnyResponse:
    """Hand out a sheet, or take one back."""
    account, round_ = accounts.get_account(account_id), get_any_round(round_id)
    plan, form = round_queries.plan_of(round_), HandOutForm()
    batches = queries.list_open_batches(round_id)
    form.batch_id.choices = [(one.id, one.label) for one in batches]
    decision = policy.can_serve(g.actor, account)
    if decision:
        decision = desk_session.can_vote(account, round_, clock.now())
    runs = _runs_for(plan, account) if plan is not None and decision else []
    context = {"account": account, "round": round_, "decision": decision, "runs": runs, "batches": batches}
    if request.method == "GET" and len(batches) == 1:
        form.batch_id.data = batches[0].id
    back = request.form.get("what") == "back"
    if back and form.batch_id.data is None:
        form.batch_id.validators = ()  # the mark itself says of which batch the sheet is
    if request.method == "POST" and decision and plan is not None and form.validate():
        try:
            done = _marked(account, plan, None if back else form.batch_id.data)
        except DomainError as error:
            _count(round_id, "refused")
            complain(form, None, error)
        else:
            _count(round_id, "taken_back" if back else "handed" if done is Marked.GIVEN else "refused")
            flash(*_told(done))
            return redirect(url_for("desk.show", account_id=account_id), code=303)
    return page("voting/paper/serve.html", form, **context)


def _marked(account: Account, plan: FrozenRound, batch_id: int | None) -> Marked | None:
    """Write or lift the mark on a connection of its own; None when it was lifted."""
    assert account.person_id is not None
    round_keys = keys.load_round_keys(current_app.config["SETTINGS"], plan.round_id)
    bearer = Bearer.of(plan, round_keys, account.person_id)
    if batch_id is None:
        marks.take_back(db.engine, bearer)
        return None
    return marks.hand_out(db.engine, bearer, batch_id)


def _told(done: Marked | None) -> tuple[str, str]:
    if done is None:
        return _("The mark is lifted: the resident may vote online, or be given a sheet again."), "success"
    if done is Marked.GIVEN:
        return _("Marked. Let the resident draw a sheet from the pile, number down."), "success"
    return _(
        "This resident has a sheet already. Give one only if you pressed twice, or against a spoilt sheet."
    ), "warning"


def _count(round_id: int, what: str) -> None:
    """In a transaction of its own, so that a refusal is counted too."""
    now = clock.now()
    service.note_at_desk(round_id, g.actor.id, clock.city_date(now), what)
    db.session.commit()
