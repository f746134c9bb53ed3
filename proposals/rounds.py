"""The one place where proposals ask about rounds: which take entries, whom, and what runs now."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import noload

from civic import clock
from civic.accounts.models import Account, Person
from civic.actor import Actor
from civic.extensions import db
from civic.policy import ALLOWED, Decision, refused
from civic.rounds.models import Phase, Programme, Round
from proposals.models import Proposal
from proposals.rules import State

_LIGHT = (noload(Round.pots), noload(Round.groups))


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
    """The city's published rounds, newest first, for filters."""
    return db.session.scalars(
        select(Round)
        .where(Round.published_at.is_not(None), Round.kind == "city")
        .options(noload(Round.phases), *_LIGHT)
        .order_by(Round.published_at.desc(), Round.id.desc())
        .limit(50)
    ).all()


def find_round(round_id: int | None) -> Round | None:
    """A round by id, without its pots and groups."""
    if round_id is None:
        return None
    return db.session.scalar(select(Round).where(Round.id == round_id).options(noload(Round.phases), *_LIGHT))


def list_open_rounds(now: datetime) -> Sequence[Round]:
    """The published rounds whose submission phase runs now."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Phase.kind == "submission",
            Phase.starts_at <= now,
            now < Phase.ends_at,
            Round.published_at.is_not(None),
            Round.frozen_at.is_(None),
        )
        .options(*_LIGHT)
        .order_by(Phase.ends_at, Round.id)
    ).all()


def _age_on(born: object, day: object) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))  # type: ignore[attr-defined]


def _person_refusal(actor: Actor, one: Round, now: datetime) -> object | None:
    programme = db.session.get(Programme, one.programme_id) if one.programme_id else None
    least, most = one.min_age, one.max_age
    if least is None and most is None and one.area_basis == "free" and programme is None:
        return None
    person = db.session.scalar(select(Person).join(Account).where(Account.id == actor.id))
    if person is None:
        return None
    voting = next((phase for phase in one.phases if phase.kind == "voting"), None)
    day = clock.city_date(voting.ends_at if voting else now)
    if person.birth_date is not None:
        age = _age_on(person.birth_date, day)
        if least is not None and age < least:
            return _("Only people aged %(age)s or more may enter this edition.", age=least)
        if most is not None and age > most:
            return _("Only people aged %(age)s or less may enter this edition.", age=most)
    return None


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
    refusal = _person_refusal(actor, one, now)
    if refusal is not None:
        return refused(refusal)
    cost = proposal.estimated_cost
    if cost is not None and one.max_cost is not None and cost > one.max_cost:
        return refused(_("The estimated cost is over the most a project may cost in this edition."))
    if cost is not None and one.min_cost is not None and cost < one.min_cost:
        return refused(_("The estimated cost is under the least a project may cost in this edition."))
    return ALLOWED
