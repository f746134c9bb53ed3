"""Staff: which projects are voted on, preparing the vote, and where its close stands."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError, NotFound
from civic.policy import Action, requires
from civic.rounds.models import Round
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting import (
    admission,
    contests,
    draws,
    exclusive,
    opening,
    project_queries,
    roll_queries,
    round_queries,
)
from voting.admission import ProjectText
from voting.ceremony import policy, rules, service, words
from voting.custody import service as custody
from voting.forms import ProjectForm

blueprint = Blueprint("staff_voting", __name__, url_prefix="/staff/rounds/<int:round_id>/vote")

index_blueprint = Blueprint("staff_votes", __name__, url_prefix="/staff/votes")


@index_blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def index() -> str:
    """The votes of all the city's rounds, the newest first."""
    rounds = round_queries.list_city_rounds()
    states = {round_.id: admission.state_of(round_) for round_ in rounds}
    return render_template("voting/staff/index.html", rounds=rounds, states=states)


def _form(round_: Round, text: ProjectText | None = None) -> ProjectForm:
    form = ProjectForm(request.form if request.method == "POST" else None, obj=text)
    form.pot_id.choices = [(pot.id, pot.name) for pot in round_.pots]
    form.group_id.choices = [(group.id, group.name) for group in round_.groups]
    return form


def _text(form: ProjectForm) -> ProjectText:
    return ProjectText(
        form.title.data or "",
        form.summary.data or "",
        form.cost.data or Decimal(0),
        form.pot_id.data,
        form.group_id.data,
    )


@blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def show(round_id: int) -> str:
    """The projects of the ballot and where the vote stands. No counts: there are none before publication."""
    round_, now = get_any_round(round_id), clock.now()
    plan = round_queries.plan_of(round_)
    projects = project_queries.list_projects(round_id)
    return render_template(
        "voting/staff/show.html",
        round=round_,
        projects=projects,
        pots={pot.id: pot.name for pot in round_.pots},
        groups={group.id: group.name for group in round_.groups},
        waiting=admission.waiting_proposals(round_),
        state=admission.state_of(round_),
        problems=[] if plan else opening.opening_problems(round_, projects),
        roll=roll_queries.count_roll(round_id) if plan else None,
        next_stage=service.stage_now(round_, now) if plan else None,
        stage_words=words.STAGES,
        stage_states=words.STATES,
        refusal=None if plan is None else policy.can_do(round_, plan, rules.STAGES[0], (), now).reason,
        sets=exclusive.list_sets(round_id),
        draw=draws.find_draw(round_id) if round_.tie_order == "draw" else None,
        open_contests=contests.count_open(round_id),
        holders_awaited=custody.awaited(round_) if round_.closed_at is not None else None,
    )


@blueprint.route("/admit/<int:proposal_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def admit(round_id: int, proposal_id: int) -> Any:
    """Put an eligible proposal on the ballot."""
    round_ = get_any_round(round_id)
    proposal = next((one for one in admission.waiting_proposals(round_) if one.id == proposal_id), None)
    if proposal is None:
        raise NotFound(_("This proposal is not waiting to be put on the ballot of this round."))
    form = _form(round_, admission.suggestion(round_, proposal))
    if request.method == "POST" and form.validate():
        try:
            admission.admit_project(g.actor, round_, proposal, _text(form), clock.now())
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("“%(title)s” is on the ballot.", title=form.title.data), "success")
            return redirect(url_for("staff_voting.show", round_id=round_id), code=303)
    return _page(round_, form, _("Put on the ballot: %(title)s", title=proposal.title))


@blueprint.route("/projects/<int:project_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_ROUNDS)
@writes
def edit(round_id: int, project_id: int) -> Any:
    """Change what the ballot says of a project, until it is frozen."""
    round_, project = get_any_round(round_id), project_queries.get_project_by_id(project_id)
    if project.round_id != round_id:
        raise NotFound
    if round_.asks:
        raise NotFound(_("This is a ballot of questions: it takes no proposals."))
    form = _form(
        round_, ProjectText(project.title, project.summary, project.cost, project.pot_id, project.group_id)
    )
    if request.method == "POST" and form.validate():
        try:
            admission.edit_project(g.actor, round_, project, _text(form), clock.now())
        except DomainError as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("staff_voting.show", round_id=round_id), code=303)
    return _page(round_, form, _("Project %(code)s", code=project.code))


def _page(round_: Round, form: ProjectForm, heading: str) -> Any:
    page = render_template("voting/staff/project.html", round=round_, form=form, title=heading)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/prepare")
@requires(Action.MANAGE_ROUNDS)
@writes
def prepare(round_id: int) -> Any:
    """Freeze the plan now: the list of participants, the projects, the rules, the keys."""
    opening.open_round(g.actor, round_id, clock.now())
    flash(_("The vote is prepared and its plan is frozen."), "success")
    return redirect(url_for("staff_voting.show", round_id=round_id), code=303)
