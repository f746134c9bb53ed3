"""Who is asked how satisfied they are: the author of a proposal whose analysis ended."""

from datetime import datetime

from sqlalchemy import Select, select

from civic.satisfaction.occasions import Occasion, register_occasion
from proposals.models import Proposal
from proposals.rules import State


def _decided(since: datetime, until: datetime) -> Select[int | None]:
    return (
        select(Proposal.author_id)
        .where(
            Proposal.author_id.is_not(None),
            Proposal.state.in_([State.ELIGIBLE, State.ADMITTED, State.REJECTED]),
        )
        .where(Proposal.state_since >= since, Proposal.state_since < until)
    )


def register() -> None:
    """Have them asked."""
    register_occasion(Occasion("proposal", _decided))
