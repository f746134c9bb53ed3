"""The life of an appeal: who may contest what until when, and who decides. Plain values in, plain values out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from civic.moderation.rules import Decision

MAX_TEXT = 3_000
MAX_REASON = 1_000
#: How long after the last clock of a decision has run out it is still known whose text it was about.
REMEMBERED = timedelta(days=180)

#: Decisions against a text: its author is told why and may contest them.
AGAINST = frozenset({Decision.HIDE, Decision.REDACT, Decision.REQUEST_CHANGES, Decision.REDIRECT})


class State(StrEnum):
    """Where an appeal stands. `settled`: the decision was taken back before anybody had decided about it."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"


class Why(StrEnum):
    """Why a step of an appeal is refused; `labels.REFUSALS` says it to the person."""

    NOT_YOURS = "not_yours"
    LATE = "late"
    TWICE = "twice"
    TAKEN_BACK = "taken_back"
    DECIDED = "decided"
    OWN_DECISION = "own_decision"
    OWN_TEXT = "own_text"
    NO_REASON = "no_reason"


class Refused(Exception):
    """A step that the rules do not allow."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Contest:
    """A decision that can be contested, and what became of it. Accounts are numbers."""

    author: int | None
    deciders: frozenset[int]
    appeal_until: datetime
    #: the decision does not stand any more
    taken_back: bool = False
    state: State | None = None
    filed_at: datetime | None = None
    due_at: datetime | None = None
    decided_by: int | None = None
    #: its author has no account: whoever has the link of their letter speaks for them
    by_link: bool = False


def why_not_file(contest: Contest, who: int | None, now: datetime) -> Why | None:
    """Why somebody may not contest a decision now; None when they may."""
    own = who is None if contest.by_link else who is not None and contest.author == who
    if not own:
        return Why.NOT_YOURS
    if contest.state is not None:
        return Why.TWICE
    if contest.taken_back:
        return Why.TAKEN_BACK
    if now >= contest.appeal_until:
        return Why.LATE
    return None


def why_not_decide(contest: Contest, who: int | None) -> Why | None:
    """Why somebody may not decide about an appeal; None when they may. It never gets too late to decide."""
    if contest.state != State.OPEN:
        return Why.DECIDED
    if who is None or who in contest.deciders:
        return Why.OWN_DECISION
    if who == contest.author:
        return Why.OWN_TEXT
    return None


def file(contest: Contest, who: int | None, due_at: datetime, now: datetime) -> Contest:
    """The contest once its author has appealed, or Refused."""
    why = why_not_file(contest, who, now)
    if why is not None:
        raise Refused(why)
    return replace(contest, state=State.OPEN, filed_at=now, due_at=due_at)


def decide(contest: Contest, who: int | None, uphold: bool, reason: str) -> Contest:
    """The contest once somebody else has decided about it, or Refused."""
    why = why_not_decide(contest, who)
    if why is not None:
        raise Refused(why)
    if not reason.strip():
        raise Refused(Why.NO_REASON)
    return replace(
        contest,
        state=State.UPHELD if uphold else State.REJECTED,
        decided_by=who,
        taken_back=contest.taken_back or uphold,
    )


def withdraw(contest: Contest, who: int | None) -> Contest:
    """The contest once its author has taken the appeal back, or Refused. It is not opened again."""
    if who is None or contest.author != who:
        raise Refused(Why.NOT_YOURS)
    if contest.state != State.OPEN:
        raise Refused(Why.DECIDED)
    return replace(contest, state=State.WITHDRAWN)


def settle(contest: Contest) -> Contest:
    """The contest once the decision was taken back by itself: an open appeal has nothing left to ask for."""
    state = State.SETTLED if contest.state == State.OPEN else contest.state
    return replace(contest, taken_back=True, state=state)


def is_late(contest: Contest, now: datetime) -> bool:
    """Whether the answer to an appeal is overdue."""
    return contest.state == State.OPEN and contest.due_at is not None and now >= contest.due_at
