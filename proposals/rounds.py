"""The one place where proposals ask about rounds: which take entries, whom, and what runs now."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import lazyload

from civic import clock
from civic.accounts.models import Account, Person
from civic.actor import Actor
from civic.extensions import db
from civic.policy import ALLOWED, Decision, refused
from civic.rounds import queries as round_queries
from civic.rounds import rules as round_rules
from civic.rounds.models import Phase, Round
from proposals.models import Proposal
from proposals.rules import State

_LIGHT = (lazyload(Round.pots), lazyload(Round.groups))


def phases_now(round_id: int | None, now: datetime) -> frozenset[str]:
    """The kinds of the round's phases that run at `now`; none for a proposal in no round."""
    if round_id is None:
        return frozenset()
    return frozenset(
        db.session.scalars(
            select(Phase.kind).where(Phase.round_id == round_id, Phase.starts_at <= now, now < Phase.ends_at)
        )
    )


def find_phase(round_id: int, kind: str) -> Phase | None:
    """A round's phase of a kind."""
    return db.session.scalar(select(Phase).where(Phase.round_id == round_id, Phase.kind == kind))


def list_public_rounds() -> Sequence[Round]:
    """The city's published editions, newest first, for filters."""
    return db.session.scalars(
        select(Round)
        .where(Round.published_at.is_not(None), Round.kind == "city", Round.content == "projects")
        .options(lazyload(Round.phases), *_LIGHT)
        .order_by(Round.published_at.desc(), Round.id.desc())
        .limit(50)
    ).all()


def find_round(round_id: int | None) -> Round | None:
    """A round by id, without its pots and groups."""
    if round_id is None:
        return None
    return db.session.scalar(
        select(Round).where(Round.id == round_id).options(lazyload(Round.phases), *_LIGHT)
    )


def list_open_rounds(now: datetime) -> Sequence[Round]:
    """The published rounds whose submission phase runs now."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.content == "projects",
            Phase.kind == "submission",
            Phase.starts_at <= now,
            now < Phase.ends_at,
            Round.published_at.is_not(None),
            Round.frozen_at.is_(None),
        )
        .options(*_LIGHT)
        .order_by(Phase.ends_at, Round.id)
    ).all()


def _refusal(actor: Actor, proposal: Proposal, round_id: int, now: datetime) -> object | None:
    plan = round_queries.plan_facts(round_queries.get_any_round(round_id))
    person = db.session.scalar(
        select(Person).join(Account, Account.person_id == Person.id).where(Account.id == actor.id)
    )
    refusal = round_rules.may_propose(round_queries.person_facts(person), plan, clock.city_date(now))
    if refusal is None and proposal.estimated_cost is not None:
        refusal = round_rules.cost_refusal(proposal.estimated_cost, plan)
    return refusal


def can_join(actor: Actor, proposal: Proposal, one: Round, now: datetime) -> Decision:
    """Whether the author may enter the proposal in a round that takes entries now."""
    if actor.id is None or proposal.author_id != actor.id:
        return refused(_("Only its author can enter a proposal in an edition."))
    if proposal.round_id is not None:
        return refused(_("The proposal is already in an edition."))
    if proposal.state != State.PUBLISHED:
        return refused(_("Only a published proposal can be entered in an edition."))
    if "submission" not in phases_now(one.id, now):
        return refused(_("This edition takes no proposals now."))
    refusal = _refusal(actor, proposal, one.id, now)
    return ALLOWED if refusal is None else refused(refusal)
