"""How a suspension comes about and ends. Plain values in, plain values out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

MAX_REASON = 1_000
#: Days somebody can be kept from publishing, to choose from; the city's calendar counts them to the end of a day.
LENGTHS = (3, 7, 14, 30, 60)
LONGEST = 90
#: How far back hidden texts are counted beside a proposal to suspend their author.
LOOKED_BACK = timedelta(days=365)


class State(StrEnum):
    """What became of a proposal to suspend. `lapsed`: nobody else confirmed it in time."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Why(StrEnum):
    """Why a step is refused; `labels.REFUSALS` says it to the person."""

    OWN_ACCOUNT = "own_account"
    OWN_PROPOSAL = "own_proposal"
    NOT_PROPOSER = "not_proposer"
    DECIDED = "decided"
    LAPSED = "lapsed"
    RUNNING = "running"
    WAITING = "waiting"
    NOT_RUNNING = "not_running"
    NO_GROUND = "no_ground"


@dataclass(frozen=True)
class Life:
    """A suspension in plain values; accounts are numbers."""

    account: int
    proposed_by: int
    confirm_until: datetime
    state: State = State.PROPOSED
    decided_by: int | None = None
    ends_at: datetime | None = None
    lifted_at: datetime | None = None


def is_running(life: Life, now: datetime) -> bool:
    """Whether it keeps somebody from publishing now. It ends by itself."""
    return (
        life.state == State.CONFIRMED
        and life.lifted_at is None
        and life.ends_at is not None
        and now < life.ends_at
    )


def why_not_propose(
    account: int | None, who: int | None, *, grounded: bool, waiting: bool, running: bool
) -> Why | None:
    """Why somebody may not propose to suspend an account; None when they may."""
    if account is None or not grounded:
        return Why.NO_GROUND
    if who is None or who == account:
        return Why.OWN_ACCOUNT
    if running:
        return Why.RUNNING
    if waiting:
        return Why.WAITING
    return None


def why_not_settle(life: Life, who: int | None, now: datetime) -> Why | None:
    """Why somebody may not confirm or decline a proposal; None when they may: a second person, in time."""
    if life.state != State.PROPOSED:
        return Why.DECIDED
    if now >= life.confirm_until:
        return Why.LAPSED
    if who is None or who == life.account:
        return Why.OWN_ACCOUNT
    if who == life.proposed_by:
        return Why.OWN_PROPOSAL
    return None


def why_not_withdraw(life: Life, who: int | None) -> Why | None:
    """Why somebody may not take a proposal back; None when they may."""
    if life.state != State.PROPOSED:
        return Why.DECIDED
    if who is None or who != life.proposed_by:
        return Why.NOT_PROPOSER
    return None


def why_not_lift(life: Life, who: int | None, now: datetime) -> Why | None:
    """Why somebody may not end a suspension early; None when they may. Freeing somebody takes one person."""
    if not is_running(life, now):
        return Why.NOT_RUNNING
    if who is None or who == life.account:
        return Why.OWN_ACCOUNT
    return None
