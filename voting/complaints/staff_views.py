"""Staff: the list of a round's identity complaints, and the decision about one. Auditors read."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic import clock, numbers
from civic.accounts import queries as accounts
from civic.errors import DomainError
from civic.extensions import db
from civic.navigation import Panel
from civic.policy import Action, may, requires
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting import round_queries
from voting.complaints import letters, policy, queries, service
from voting.complaints.forms import DecisionForm

blueprint = Blueprint("staff_complaints", __name__, url_prefix="/staff/rounds/<int:round_id>/complaints")

#: In a table a kind is called more briefly than in the form.
SHORT_KINDS = {
    "ballot_not_mine": _l("ballot not cast by the person"),
    "identity_used": _l("identity used by somebody else"),
    "other": _l("something else"),
}


@blueprint.get("")
@requires(Action.VIEW_ROLL)
def index(round_id: int) -> str:
    """Every complaint of the round: those that wait first, each part the oldest first."""
    round_, page = get_any_round(round_id), numbers.page_number()
    rows, total = queries.list_complaints(round_.id, page)
    return render_template(
        "voting/complaints/staff_list.html",
        round=round_,
        rows=rows,
        total=total,
        page=page,
        pages=-(-total // queries.PER_PAGE),
        waiting=queries.count_open(round_.id),
        kinds=SHORT_KINDS,
        outcomes=letters.OUTCOMES,
        names=accounts.names_of({one.account_id for one in rows if one.account_id}),
        now=clock.now(),
    )


def _page(
    round_id: int, complaint_id: int, form: DecisionForm, status: int = 200, lost: bool = False
) -> Response:
    round_, one, now = get_any_round(round_id), queries.get_complaint(complaint_id, round_id), clock.now()
    plan = round_queries.plan_of(round_)
    choices = service.outcomes(one, round_, plan, now)
    form.outcome.choices = [(str(outcome), letters.OUTCOMES[outcome]) for outcome in choices]
    if not form.is_submitted() and one.void_asked_by_id:
        form.reason.data = one.reason
    people = {one.account_id, one.clerk_id, one.document_by_id, one.void_asked_by_id, one.decided_by_id}
    body = render_template(
        "voting/complaints/staff_show.html",
        round=round_,
        one=one,
        form=form,
        lost=lost,
        decision=policy.can_decide(g.actor, one),
        of_another=service.is_of_another(one),
        own_void=one.void_asked_by_id is not None and one.void_asked_by_id == g.actor.id,
        effects={str(outcome): letters.EFFECTS[outcome] for outcome in choices},
        kinds=letters.KINDS,
        outcomes=letters.OUTCOMES,
        names=accounts.names_of(number for number in people if number),
        account=accounts.find_account(one.account_id) if one.account_id else None,
        now=now,
    )
    response = make_response(body, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<int:complaint_id>")
@requires(Action.VIEW_ROLL)
def show(round_id: int, complaint_id: int) -> Response:
    """One complaint: what was said, what may be decided and what each decision does."""
    return _page(round_id, complaint_id, DecisionForm(formdata=None))


@blueprint.post("/<int:complaint_id>")
@requires(Action.MANAGE_ROLL)
@writes
def decide(round_id: int, complaint_id: int) -> Any:
    """Decide it. Whoever comes second is shown what the first decided, and what they had written themselves."""
    form, round_ = DecisionForm(), get_any_round(round_id)
    if not form.validate():
        return _page(round_id, complaint_id, form, 422)
    plan = round_queries.plan_of(round_)
    try:
        decided = service.decide(
            g.actor, round_, plan, complaint_id, form.outcome.data or "", form.reason.data or "", clock.now()
        )
    except service.DecidedMeanwhile:
        return _page(round_id, complaint_id, form, 409, lost=True)
    except DomainError as refusal:
        # A half-done decision must not be seen on the page that says it was refused.
        db.session.rollback()
        form.form_errors = [str(refusal.message)]
        return _page(round_id, complaint_id, form, refusal.status)
    flash(
        _("The complaint is decided and its author was told, if they have an account.")
        if decided
        else _("Noted. The complaint stays open until another colleague says the same."),
        "success",
    )
    return redirect(url_for("staff_complaints.show", round_id=round_id, complaint_id=complaint_id), code=303)


def home_panel(_context: dict[str, Any]) -> Panel | None:
    """Where the work begins: rounds with complaints that wait, and when the first is due."""
    if not may(g.actor, Action.VIEW_ROLL):
        return None
    waiting = queries.list_waiting()
    if not waiting:
        return None
    return Panel("voting/complaints/_home_panel.html", {"waiting": waiting, "now": clock.now()}, position=12)
