"""Who may vote when, and what stands in the way: each obstacle with the sentence the resident reads."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.accounts.models import Person
from civic.actor import Actor
from civic.extensions import db
from civic.format import deadline, moment
from civic.rounds.models import Phase, Round
from civic.rounds.queries import person_facts, plan_facts
from civic.rounds.rules import may_vote, proof_refusal
from voting.plan import FrozenRound
from voting.rules import VoterLine


class Gate(StrEnum):
    """What stands between a person and the ballot; OPEN is nothing."""

    OPEN = "open"
    NO_VOTE = "no_vote"
    NOT_YET = "not_yet"
    PREPARING = "preparing"
    ENDED = "ended"
    SIGN_IN = "sign_in"
    VERIFY = "verify"
    #: verified, and on the way to the roll
    WAITING = "waiting"
    NOT_ON_ROLL = "not_on_roll"
    STRUCK = "struck"


@dataclass(frozen=True)
class Passage:
    """A gate and its sentence. True when the way is open."""

    gate: Gate
    reason: Any = ""

    def __bool__(self) -> bool:
        return self.gate is Gate.OPEN


def voting_phase(round_: Round) -> Phase | None:
    """When the round is voted on."""
    return next((phase for phase in round_.phases if phase.kind == "voting"), None)


def vote_gate(round_: Round, plan: FrozenRound | None, now: datetime) -> Passage:
    """Whether the round takes ballots at `now`, for anybody."""
    phase = voting_phase(round_)
    if phase is None or round_.kind == "recorded":
        return Passage(Gate.NO_VOTE, _("Nothing is voted on this site in this round."))
    starts = plan.opens_at if plan else phase.starts_at
    ends = plan.closes_at if plan else phase.ends_at
    if round_.closed_at is not None or now >= ends:
        return Passage(Gate.ENDED, _("The vote ended on %(end)s.", end=LazyString(deadline, ends)))
    if now < starts:
        return Passage(Gate.NOT_YET, _("The vote begins on %(start)s.", start=LazyString(moment, starts)))
    if plan is None:
        return Passage(Gate.PREPARING, _("The vote is being prepared. Try again in a few minutes."))
    return Passage(Gate.OPEN)


def voter_gate(
    round_: Round, plan: FrozenRound | None, actor: Actor, voter: tuple[VoterLine, bool] | None, now: datetime
) -> Passage:
    """Whether this person may cast a ballot in the round at `now`; the first obstacle otherwise."""
    passage = vote_gate(round_, plan, now)
    if not passage:
        return passage
    if not actor.is_authenticated:
        return Passage(Gate.SIGN_IN, _("To vote, sign in or make an account; it takes two minutes."))
    if not actor.is_verified:
        return Passage(Gate.VERIFY, _("To vote, the city has to check once who you are and where you live."))
    if voter is None:
        return _not_on_roll(round_, actor)
    if voter[1]:
        return Passage(
            Gate.STRUCK,
            _(
                "Your right to vote in this round was suspended. The desk can tell you why and how to contest it."
            ),
        )
    return Passage(Gate.OPEN)


def _not_on_roll(round_: Round, actor: Actor) -> Passage:
    """Why a verified person is not on the roll, and whether they can do something about it."""
    person, plan = person_facts(db.session.get(Person, actor.person_id)), plan_facts(round_)
    refusal = may_vote(person, plan)
    if refusal is None and round_.late_registration:
        return Passage(
            Gate.WAITING,
            _("In a minute at most you can vote: you are being added to the list of participants."),
        )
    if refusal is None:
        refusal = _(
            "The list of participants was closed when the vote opened, before you were verified. "
            "You can vote in the next round."
        )
    elif round_.late_registration and person is not None and proof_refusal(person, plan) is not None:
        stronger = replace(person, proof="desk")
        if may_vote(stronger, plan) is None:
            return Passage(Gate.VERIFY, refusal)
    return Passage(Gate.NOT_ON_ROLL, refusal)
