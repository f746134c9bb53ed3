"""Where a citizens' draft decision stands, how many signatures it needs, who may sign. Plain values in and out.

Administrative Code (OUG 57/2019), art. 136 and 247-248: citizens propose a draft decision to the council; it needs the
signatures of a share of those with the right to vote in the unit. The initiators bring the draft to the secretary general,
who displays it; only citizens with the right to vote and their domicile in the unit sign the lists of supporters; once
the lists are deposited and verified, the draft goes through the council's ordinary procedure.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Protocol

from civic.rounds.rules import age_on

FORM = "initiative.form"
COLLECT = "initiative.collect"
DEPOSIT = "initiative.deposit"
VERIFY = "initiative.verify"
KEEP = "initiative.keep"

#: The kind of consultation an accepted draft becomes.
CONSULTATION_KIND = "citizens_draft"

MAX_TITLE, MAX_TEXT, MAX_REASONS, MAX_INITIATORS = 300, 30_000, 10_000, 1_000
MAX_WHY = 3_000
MAX_NAME, MAX_ADDRESS, MAX_DOCUMENT = 150, 300, 30
#: Initiatives of one account that are written or wait for the check of their form, so that nobody floods the secretariat.
MOST_OPEN = 3
#: The most electors and lines a number typed by staff can mean.
MOST_ELECTORS, MOST_LINES = 20_000_000, 100_000
VOTING_AGE = 18

ACCEPTED, REFUSED = "accepted", "refused"
OUTCOMES = (ACCEPTED, REFUSED)


class State(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    COLLECTING = "collecting"
    ENDED = "ended"
    LAPSED = "lapsed"
    DEPOSITED = "deposited"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


#: States that are public: the form was checked and the draft published. A withdrawn one is, when it had been.
PUBLIC = (State.COLLECTING, State.ENDED, State.DEPOSITED, State.ACCEPTED, State.REFUSED, State.LAPSED)
#: States in which the author writes.
WRITTEN = frozenset({State.DRAFT, State.RETURNED})
#: States in which paper lists are received.
RECEIVING = frozenset({State.COLLECTING, State.ENDED, State.DEPOSITED})
#: States in which nothing more happens.
OVER = frozenset({State.ACCEPTED, State.REFUSED, State.LAPSED, State.WITHDRAWN})


class Moments(Protocol):
    """The moments of an initiative that say where it stands."""

    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def returned_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def deposit_until(self) -> datetime | None: ...
    @property
    def deposited_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def outcome(self) -> str: ...


def state_of(one: Moments, now: datetime) -> State:
    """Where it stands at a moment. No signature is received at `closes_at` or later."""
    if one.outcome:
        return State(one.outcome)
    if one.withdrawn_at is not None:
        return State.WITHDRAWN
    if one.deposited_at is not None:
        return State.DEPOSITED
    if one.closes_at is not None and one.deposit_until is not None:
        if now < one.closes_at:
            return State.COLLECTING
        return State.ENDED if now < one.deposit_until else State.LAPSED
    if one.submitted_at is not None:
        return State.SUBMITTED
    return State.RETURNED if one.returned_at is not None else State.DRAFT


def required(electors: int, share: Decimal) -> int:
    """How many signatures a share (in percent) of the electors is: never fewer than the share, at least one.

    >>> required(1001, Decimal("5.00"))
    51
    """
    return max(1, ceil(Fraction(share) * electors / 100))


@dataclass(frozen=True)
class Tally:
    """The signatures of one initiative: those given here and those on paper, counted and struck."""

    online: int = 0
    struck: int = 0
    paper: int = 0
    paper_struck: int = 0

    @property
    def valid(self) -> int:
        """How many count."""
        return self.online - self.struck + self.paper


def may_vote(birth_date: date | None, day: date) -> bool:
    """Whether somebody has the age of voting on a day."""
    return birth_date is not None and age_on(birth_date, day) >= VOTING_AGE
