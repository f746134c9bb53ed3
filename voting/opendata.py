"""The projects of ballots as open data, and how each fared once the results of its vote are published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from civic.notifications.compose import address_of
from civic.opendata.fields import LATITUDE, LONGITUDE, NUMBER, PAGE_ADDRESS
from civic.opendata.resources import (
    Field,
    Narrowing,
    Package,
    Resource,
    equal_to,
    money,
    register_resource,
)
from civic.rounds.models import Round
from voting import archives
from voting.models import STANDINGS, Project, ProjectOutcome


def register() -> None:
    """Publish the projects."""
    register_resource(
        Resource(
            "projects",
            _l("Projects"),
            _l("What stands on the ballots. Votes are told when the results of the round are published, not before."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("round_id", "number", _l("The round it belongs to")),
                Field("pot_id", "number", _l("The money it is paid from")),
                Field("proposal_id", "number", _l("The proposal it came from"), optional=True),
                Field("code", "text", _l("Its code on the ballot")),
                Field("title", "text", _l("What it is called")),
                Field("summary", "text", _l("What it is, in short")),
                Field("cost", "money", _l("What it costs, in the currency of the round")),
                Field("withdrawn", "yes_no", _l("Whether it was withdrawn before the vote")),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is in"), optional=True),
                Field("domain_id", "number", _l("The domain it belongs to"), optional=True),
                LATITUDE,
                LONGITUDE,
                Field("votes", "number", _l("On how many ballots it was chosen"), optional=True),
                Field("score", "decimal", _l("Its score by the method of the ballot"), optional=True),
                Field("rank", "number", _l("Its place in the table of its money"), optional=True),
                Field("standing", "text", _l("Whether it won, is in reserve or was not chosen"), optional=True, codes=STANDINGS),
            ),
            _public,
            Project.id,
            _show,
            (
                equal_to("round_id", Project.round_id, _l("Only those of this round")),
                equal_to("neighbourhood_id", Project.neighbourhood_id, _l("Only those in this neighbourhood")),
                Narrowing("standing", "text", _l("Only those that fared so"), _standing, STANDINGS),
            ),
            _packages,
        )
    )  # fmt: skip


def _packages() -> list[Package]:
    """The ballots and the outcome of every published vote, in the Pabulib format, with what verifies them."""
    return [
        Package(
            _("Ballots and outcome (Pabulib): %(round)s", round=round_.name),
            url_for("voting.publication_zip", slug=round_.slug),
            "application/zip", archive.size, archive.sha256, archive.made_at,
        )
        for round_, archive in archives.list_archives()
    ]  # fmt: skip


def _public() -> Any:
    """Projects of published rounds, with the outcome where it is published: the embargo is in the join itself."""
    published = and_(ProjectOutcome.project_id == Project.id, Round.results_at.is_not(None))
    return (
        select(Project, Round.slug, ProjectOutcome)
        .join(Round, Round.id == Project.round_id)
        .outerjoin(ProjectOutcome, published)
        .where(Round.published_at.is_not(None), Round.content == "projects")
    )


def _standing(statement: Any, standing: str, now: datetime) -> Any:
    return statement.where(ProjectOutcome.standing == standing)


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "round_id", "pot_id", "proposal_id", "code", "title", "summary", "withdrawn", "neighbourhood_id",
        "latitude", "longitude",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("voting.project", slug=slug, code=one.code),
            "cost": money(one.cost),
            "domain_id": one.category_id,
            "votes": outcome and outcome.votes,
            "score": None if outcome is None else f"{outcome.score:f}",
            "rank": outcome and outcome.rank,
            "standing": outcome and outcome.standing,
        }
        for one, slug, outcome in rows
    ]
