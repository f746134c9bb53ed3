"""The button that has the ballots counted again, and how far that is."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.policy import Action, requires
from civic.rounds.queries import get_any_round
from civic.security import is_fragment
from civic.tasks import Task
from civic.unit_of_work import writes
from voting.recounts import queries, service, words
from voting.recounts.models import ContestRecount
from voting.views_staff import blueprint


def _back(round_id: int, contest_id: int) -> Any:
    return redirect(
        url_for("staff_voting.contest_list", round_id=round_id, _anchor=f"contest-{contest_id}"), code=303
    )


@blueprint.post("/recounts/<int:contest_id>")
@requires(Action.DECIDE_APPEALS)
@writes
def recount(round_id: int, contest_id: int) -> Any:
    """Have the stored ballots counted again for a contest. Twice pressed, one recount runs."""
    service.ask(g.actor, get_any_round(round_id), contest_id, clock.now())
    flash(_("The ballots are being counted again. The answer appears beside the contest."), "success")
    return _back(round_id, contest_id)


@blueprint.get("/recounts/<int:contest_id>")
@requires(Action.VIEW_EVALUATIONS)
def recount_state(round_id: int, contest_id: int) -> Any:
    """The part that asks again while the worker counts; without htmx, the page around it."""
    contest = queries.get_contest(round_id, contest_id)
    if not is_fragment():
        return _back(round_id, contest_id)
    one = queries.latest_by_contest(round_id).get(contest.id)
    answers = queries.answers_by_contest(round_id).get(contest.id, ())
    return render_template("voting/recounts/_recount.html", **context_of(round_id, contest.id, one, answers))


def context_of(
    round_id: int, contest_id: int, one: ContestRecount | None, answers: Sequence[ContestRecount]
) -> dict[str, Any]:
    """What the part needs: how far the work is, and what was answered."""
    running = one is not None and one.finished_at is None
    return {
        "contest_id": contest_id,
        "task": queries.find_task(one) if running and one is not None else None,
        "failed": one is not None and one.outcome == "failed",
        "answers": [words.told(answer) for answer in answers],
        "url": url_for("staff_voting.recount_state", round_id=round_id, contest_id=contest_id),
    }


def answer_link(task: Task) -> tuple[object, str] | None:
    """Where the answer of a finished recount is."""
    from civic.extensions import db
    from voting.models import ResultContest

    one = db.session.get(ContestRecount, task.params["recount"])
    contest = db.session.get(ResultContest, one.contest_id) if one is not None else None
    if contest is None:
        return None
    return _("See the answer"), url_for(
        "staff_voting.contest_list", round_id=contest.round_id, _anchor=f"contest-{contest.id}"
    )
