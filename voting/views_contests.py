"""Where results are contested, and where contests are answered."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import DomainError
from civic.policy import Action, requires
from civic.rounds.queries import get_any_round
from civic.unit_of_work import writes
from voting import contests, results_page, round_queries
from voting.forms import ContestDecisionForm, ContestForm
from voting.recounts import queries as recounts
from voting.recounts import words as recount_words
from voting.recounts.views import context_of
from voting.views_ballot import blueprint
from voting.views_staff import blueprint as staff_blueprint


@blueprint.route("/rounds/<slug>/results/contest", methods=["GET", "POST"])
@requires(Action.APPEAL)
@writes
def contest(slug: str) -> Any:
    """Contest the provisional results, or read what became of it."""
    round_ = round_queries.get_public_round(slug)
    results_page.published(round_)
    form, now = ContestForm(), clock.now()
    if form.validate_on_submit():
        try:
            contests.file_contest(g.actor, round_, form.text.data or "", now)
        except DomainError as refusal:
            form.text.errors = [str(refusal.message)]
        else:
            flash(_("Your contest is registered. You will be told by e-mail what was decided."), "success")
            return redirect(url_for("voting.contest", slug=slug), code=303)
    own = contests.find_own(round_.id, g.actor.id)
    again = recounts.answers_by_contest(round_.id).get(own.id, []) if own is not None else []
    page = render_template(
        "voting/contest.html", round=round_, form=form, own=own,
        answers=[recount_words.told(one) for one in again],
        decision=contests.can_contest(round_, now), outcomes=contests.OUTCOMES,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@staff_blueprint.get("/contests")
@requires(Action.VIEW_EVALUATIONS)
def contest_list(round_id: int) -> Any:
    """Every contest of the results, with its answer or the form for one."""
    return _staff_page(round_id, None, 0)


@staff_blueprint.post("/contests/<int:contest_id>")
@requires(Action.DECIDE_APPEALS)
@writes
def contest_decide(round_id: int, contest_id: int) -> Any:
    """Answer a contest."""
    form = ContestDecisionForm(prefix=f"c{contest_id}-")
    if form.validate_on_submit():
        try:
            contests.decide(
                g.actor, get_any_round(round_id), contest_id, form.outcome.data or "", form.reason.data or "",
                clock.now(),
            )  # fmt: skip
        except DomainError as refusal:
            form.reason.errors = [str(refusal.message)]
        else:
            flash(_("The decision is recorded."), "success")
            return redirect(url_for("staff_voting.contest_list", round_id=round_id), code=303)
    return _staff_page(round_id, form, contest_id), 422


def _staff_page(round_id: int, bound: ContestDecisionForm | None, bound_id: int) -> str:
    round_ = get_any_round(round_id)
    rows = contests.list_contests(round_.id)
    again, answers = recounts.latest_by_contest(round_.id), recounts.answers_by_contest(round_.id)
    made = {
        one.id: bound if one.id == bound_id else ContestDecisionForm(formdata=None, prefix=f"c{one.id}-")
        for one in rows
        if one.decided_at is None
    }
    return render_template(
        "voting/staff/contests.html", round=round_, rows=rows, forms=made, bound=bound,
        outcomes=contests.OUTCOMES, waiting=len(made), args=request.args,
        again={
            one.id: context_of(round_.id, one.id, again.get(one.id), answers.get(one.id, ())) for one in rows
        },
    )  # fmt: skip
