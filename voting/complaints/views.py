"""For residents: whether a ballot is recorded in their name, and the complaint when it is not theirs."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _

from civic import clock
from civic.accounts import queries as accounts
from civic.errors import DomainError, NotFound
from civic.navigation import Panel
from civic.policy import Action, public, requires
from civic.rounds.models import Round
from civic.unit_of_work import writes
from voting import contests, round_queries
from voting.complaints import letters, own_name, policy, queries, service
from voting.complaints.forms import ComplaintForm
from voting.complaints.rules import Kind, Window

blueprint = Blueprint("voting_complaints", __name__)


def _city_round(slug: str) -> Round:
    """A published round of the city; an imported election knows nobody."""
    round_ = round_queries.get_public_round(slug)
    if round_.kind != "city":
        raise NotFound
    return round_


@blueprint.get("/rounds/<slug>/my-name")
@public
def check(slug: str) -> Response:
    """Whether a ballot is recorded in the reader's name. Only reads; no record, log or cookie tells that it was asked."""
    round_, now = _city_round(slug), clock.now()
    plan = round_queries.plan_of(round_)
    where = policy.window_of(round_, plan, now)
    found = None
    if where is not Window.BEFORE and g.actor.person_id is not None:
        found = own_name.recorded(current_app.config["SETTINGS"], round_, g.actor.person_id)
    body = render_template(
        "voting/complaints/check.html",
        round=round_,
        plan=plan,
        where=where,
        found=found,
        complaints=policy.can_file(round_, plan, now),
        contest=contests.can_contest(round_, now),
    )
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/rounds/<slug>/complaint", methods=["GET", "POST"])
@requires(Action.APPEAL)
@writes
def complaint(slug: str) -> Any:
    """File a complaint, or read what became of it."""
    round_, form, now = _city_round(slug), ComplaintForm(), clock.now()
    plan, status = round_queries.plan_of(round_), 200
    if form.validate_on_submit():
        try:
            made = service.file_complaint(
                g.actor, round_, plan, form.kind.data or "", form.text.data or "", now
            )
        except DomainError as refusal:
            form.form_errors, status = [str(refusal.message)], refusal.status
        else:
            flash(_("Your complaint no. %(number)s is registered.", number=made.id), "success")
            return redirect(url_for("voting_complaints.complaint", slug=slug), code=303)
    elif form.is_submitted():
        status = 422
    else:
        form.kind.data = Kind.BALLOT_NOT_MINE if g.actor.is_verified else Kind.IDENTITY_USED
    own = queries.list_own(round_.id, g.actor.id)
    page = render_template(
        "voting/complaints/complaint.html",
        round=round_,
        plan=plan,
        form=form,
        own=own,
        waiting=any(one.decided_at is None for one in own),
        decision=policy.can_file_from(accounts.get_account(g.actor.id), round_, plan, now),
        where=policy.window_of(round_, plan, now),
        kinds=letters.KINDS,
        outcomes=letters.DECIDED,
        follows=letters.FOLLOWS,
        now=now,
    )
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refused_panel(context: dict[str, Any]) -> Panel | None:
    """Where a declaration was refused: the way to complain, in its own round or the latest that takes complaints."""
    now = clock.now()
    rounds = queries.list_rounds_in_vote(now)
    rounds = [one for one in rounds if policy.can_file(one, round_queries.plan_of(one), now)]
    wanted = context.get("round")
    found = next((one for one in rounds if wanted is not None and one.id == wanted.id), None)
    found = found or next(iter(rounds), None)
    return Panel("voting/complaints/_refused_panel.html", {"round": found}) if found is not None else None


def account_panel(_context: dict[str, Any]) -> Panel | None:
    """On the account's page: the votes in which somebody may have used one's name."""
    rounds = queries.list_rounds_in_vote(clock.now())
    if not rounds:
        return None
    return Panel("voting/complaints/_account_panel.html", {"rounds": rounds}, position=20)
