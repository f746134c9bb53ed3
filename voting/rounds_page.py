"""What voting says on a round's own page: where to vote, where the results are, how many ballots were cast."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from civic.actor import Actor
from civic.extensions import db
from civic.format import ngettext, number
from civic.navigation import Panel
from civic.rounds.contributions import MainAction
from civic.rounds.models import Round
from voting import draws, exclusive, project_queries, round_queries
from voting.models import RoundResult
from voting.questions import page as question_page


def vote_action(round_: Round, actor: Actor, now: datetime) -> MainAction:
    """While voting runs: to the ballot."""
    if round_.asks:
        return MainAction(
            _("Answer the questions"),
            url_for("voting.ballot", slug=round_.slug),
            _("Your answers are secret, and the ballot is advisory."),
        )
    return MainAction(
        _("I want to vote"),
        url_for("voting.ballot", slug=round_.slug),
        _("Choose the projects that are built with the city's money."),
    )


def results_action(round_: Round, actor: Actor, now: datetime) -> MainAction | None:
    """Once there are results: to them."""
    if round_.results_at is None:
        return None
    return MainAction(_("See the results"), url_for("voting.results", slug=round_.slug))


def ballots_figure(round_: Round) -> Any | None:
    """How many ballots were counted; nothing before the results are public."""
    counted = ballots_of([round_.id]).get(round_.id)
    return None if counted is None else ngettext("%(num)s ballot", "%(num)s ballots", counted)


def ballots_column(ids: Iterable[int]) -> dict[int, Any]:
    """The comparison's column."""
    return {round_id: number(count) for round_id, count in ballots_of(ids).items()}


def ballots_of(ids: Iterable[int]) -> dict[int, int]:
    """Ballots counted, for rounds whose results are public."""
    rows = db.session.execute(
        select(Round.id, RoundResult.outcome["summary"]["ballots"].as_integer())
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(Round.id.in_(list(ids)), Round.results_at.is_not(None))
    )
    return {row[0]: row[1] for row in rows}


def round_panel(context: dict[str, Any]) -> Panel | None:
    """On the round's page: its projects, its frozen plan, its results, as far as there are any."""
    round_: Round = context["round"]
    if round_.asks:
        return _questions_panel(round_)
    projects = project_queries.count_projects(round_.id)
    if not projects and round_.frozen_at is None:
        return None
    values = {
        "round": round_,
        "projects": projects,
        "sets": _sets(round_),
        "draw": draws.find_draw(round_.id) if round_.tie_order == "draw" else None,
    }
    return Panel("voting/_round_panel.html", values, position=20)


def _questions_panel(round_: Round) -> Panel | None:
    """On the page of a ballot of questions: what is asked, and the results once there are any."""
    questions = question_page.questions_of(round_, round_queries.plan_of(round_))
    told = [question_page.tell(round_, one) for one in questions]
    return Panel("voting/questions/_round_panel.html", {"round": round_, "questions": told}, position=20)


def _sets(round_: Round) -> list[tuple[str, list[str]]]:
    """The sets of which only one project can win: (name, titles), as frozen once they are."""
    plan = round_queries.plan_of(round_)
    if plan is not None:
        return [
            (one.name, [plan.projects[code].title for code in one.projects]) for one in plan.exclusive_sets
        ]
    return [(one.name, [project.title for project in one.projects]) for one in exclusive.list_sets(round_.id)]
