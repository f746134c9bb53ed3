"""Makers of proposals in the states that tests need."""

from datetime import datetime, timedelta
from typing import Any

from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.places.models import Category, Neighbourhood
from civic.rounds.models import Phase, Round
from civic.text import fold
from proposals.models import Proposal
from proposals.rules import State
from tests.factories import NOON, make_account, make_category, make_neighbourhood, save

COMPLETE = {
    "title": "Bănci pe strada Ștefan cel Mare",
    "problem": "Bătrânii nu au unde să se odihnească.",
    "idea": "Zece bănci cu spătar, la umbră.",
    "cost": "12.500",
}


def make_proposal(
    state: str = State.PUBLISHED,
    author: Account | None = None,
    neighbourhood: Neighbourhood | None = None,
    category: Category | None = None,
    **values: Any,
) -> Proposal:
    """A proposal in a state, with every field filled in."""
    title = values.pop("title", "Bănci în parc")
    when = values.pop("now", NOON)
    defaults: dict[str, Any] = {
        "author_id": (author or make_account()).id,
        "title": title,
        "problem": "Nu sunt bănci.",
        "idea": "Să fie bănci.",
        "neighbourhood_id": (neighbourhood or make_neighbourhood()).id,
        "category_id": (category or make_category()).id,
        "state": state,
        "state_since": when,
        "created_at": when,
        "updated_at": when,
        "submitted_at": None if state == State.DRAFT else when,
        "published_at": None if state in (State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED) else when,
        "search_text": fold(title),
    }
    return save(Proposal(**{**defaults, **values}))


def make_round(phase: str = "submission", now: datetime = NOON, **values: Any) -> Round:
    """A published round of which one phase runs around `now`."""
    made = Round(
        slug=values.pop("slug", f"editia-{phase}-{db.session.query(Round).count()}"),
        name=values.pop("name", "Ediția de probă"),
        created_at=now - timedelta(days=30),
        published_at=now - timedelta(days=20),
        **values,
    )
    made.phases = [Phase(kind=phase, starts_at=now - timedelta(days=10), ends_at=now + timedelta(days=10))]
    return save(made)


def actor_of(account: Account) -> Actor:
    """The account as services take it."""
    db.session.refresh(account)
    return account.as_actor()
