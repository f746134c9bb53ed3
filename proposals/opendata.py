"""Public proposals as open data: what was proposed, never by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import raiseload

from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, LATITUDE, LONGITUDE, NUMBER, PAGE_ADDRESS
from civic.opendata.resources import (
    Field,
    Resource,
    equal_to,
    moment,
    money,
    register_resource,
    since,
)
from civic.rounds.models import Round
from proposals.models import Proposal
from proposals.rules import PUBLIC

STATES = tuple(sorted(str(state) for state in PUBLIC))


def register() -> None:
    """Publish the proposals."""
    register_resource(
        Resource(
            "proposals",
            _l("Proposals"),
            _l("What residents proposed, as published, with where each stands. Authors are not named."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("title", "text", _l("What it is called")),
                Field("problem", "text", _l("The problem, in the author's words")),
                Field("idea", "text", _l("The solution, in the author's words")),
                Field("state", "text", _l("Where it stands"), codes=STATES),
                Field("state_since", "moment", _l("Since when it stands there")),
                Field("estimated_cost", "money", _l("The cost as its author estimates it, lei"), optional=True),
                Field("official_cost", "money", _l("The cost as the departments estimate it, lei"), optional=True),
                Field("place", "text", _l("Where it is, in words")),
                LATITUDE,
                LONGITUDE,
                Field("neighbourhood_id", "number", _l("The neighbourhood it is in"), optional=True),
                Field("domain_id", "number", _l("The domain it belongs to"), optional=True),
                Field("round_id", "number", _l("The round it takes part in"), optional=True),
                Field("published_at", "moment", _l("When it was published"), optional=True),
                CHANGED_AT,
            ),
            _public,
            Proposal.id,
            _show,
            (
                equal_to("state", Proposal.state, _l("Only those that stand there"), "text", STATES),
                equal_to("neighbourhood_id", Proposal.neighbourhood_id, _l("Only those in this neighbourhood")),
                equal_to("domain_id", Proposal.category_id, _l("Only those of this domain")),
                equal_to("round_id", Proposal.round_id, _l("Only those of this round")),
                since(Proposal.updated_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip


def _public() -> Any:
    """With whether the round is public: its number is not told before."""
    return (
        select(Proposal, Round.published_at.is_not(None))
        .outerjoin(Round, Round.id == Proposal.round_id)
        .where(Proposal.state.in_(STATES))
        .options(raiseload("*"))
    )


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = ("id", "title", "problem", "idea", "state", "place", "latitude", "longitude", "neighbourhood_id")
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("proposals.show", proposal_id=one.id),
            "state_since": moment(one.state_since),
            "estimated_cost": money(one.estimated_cost),
            "official_cost": money(one.official_cost),
            "domain_id": one.category_id,
            "round_id": one.round_id if known else None,
            "published_at": moment(one.published_at),
            "changed_at": moment(one.updated_at),
        }
        for one, known in rows
    ]
