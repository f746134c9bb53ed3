"""The answers of advisory ballots as open data, and how many chose each once the results are published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, and_, select

from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, equal_to, register_resource
from civic.rounds.models import Pot, Round
from voting.models import Project, ProjectOutcome, RoundResult
from voting.questions.plan import ABSTAIN
from voting.questions.rules import LEAST_BALLOTS


def register() -> None:
    """Publish the answers."""
    register_resource(
        Resource(
            "ballot-answers",
            _l("Answers of advisory ballots"),
            _l("Each answer to each question put to the vote. Votes are told when the results are published, and never of fewer than ten ballots."),
            (
                NUMBER,
                Field("url", "address", _l("The page of the results")),
                Field("round_id", "number", _l("The ballot it belongs to")),
                Field("question", "text", _l("The question")),
                Field("code", "text", _l("Its code on the ballot")),
                Field("answer", "text", _l("What may be answered")),
                Field("abstains", "yes_no", _l("Whether choosing it is an abstention")),
                Field("votes", "number", _l("On how many ballots it was chosen"), optional=True),
                Field("ballots", "number", _l("How many ballots were cast in the whole vote"), optional=True),
            ),
            _public,
            Project.id,
            _show,
            (equal_to("round_id", Project.round_id, _l("Only those of this ballot")),),
        )
    )  # fmt: skip


def _public() -> Any:
    """Answers of votes that opened, with the counts where they are published: the embargo is in the join itself."""
    ballots = RoundResult.outcome["summary"]["ballots"].as_string().cast(Integer)
    counted = and_(RoundResult.round_id == Round.id, Round.results_at.is_not(None), ballots >= LEAST_BALLOTS)
    told = and_(ProjectOutcome.project_id == Project.id, RoundResult.id.is_not(None))
    return (
        select(Project, Round.slug, Pot.name, ProjectOutcome.votes, ballots)
        .join(Round, Round.id == Project.round_id)
        .join(Pot, Pot.id == Project.pot_id)
        .outerjoin(RoundResult, counted)
        .outerjoin(ProjectOutcome, told)
        .where(Round.published_at.is_not(None), Round.content == "questions", Round.fingerprint.is_not(None))
    )


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "url": address_of("voting.results", slug=slug),
            "round_id": one.round_id,
            "question": question,
            "code": one.code,
            "answer": one.title,
            "abstains": one.code.endswith(f"-{ABSTAIN}"),
            "votes": votes,
            "ballots": ballots,
        }
        for one, slug, question, votes, ballots in rows
    ]
