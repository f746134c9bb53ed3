"""When an identity complaint may be filed and what it may lead to. Plain values in, plain values out."""

from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What somebody complains of."""

    BALLOT_NOT_MINE = "ballot_not_mine"
    IDENTITY_USED = "identity_used"
    OTHER = "other"


class Outcome(StrEnum):
    """What a complaint led to. Every one but the last upholds it."""

    VOTE_AGAIN = "vote_again"  # the person votes themselves, which replaces whatever ballot there is
    VOID = "void"  # struck from the roll, and two people decided that no ballot in that name counts
    RESTORED = "restored"  # the identity is its holder's again; no ballot is touched
    DISMISSED = "dismissed"


UPHELD = tuple(outcome for outcome in Outcome if outcome is not Outcome.DISMISSED)


class Window(StrEnum):
    """Where a round stands for complaints."""

    BEFORE = "before"  # no vote is open yet
    VOTING = "voting"
    VALIDATION = "validation"
    OVERDUE = "overdue"  # validation is over and the close has not begun: decided, but no longer filed
    CLOSED = "closed"  # the close has begun: the results can be contested


def window(
    opens_at: datetime, closes_at: datetime, validation_ends_at: datetime, closed: bool, now: datetime
) -> Window:
    """Where the round stands at `now`; the moment a part ends belongs to the next.

    A round with no validation phase passes from voting to overdue at once.
    """
    if closed:
        return Window.CLOSED
    if now < opens_at:
        return Window.BEFORE
    if now < closes_at:
        return Window.VOTING
    return Window.VALIDATION if now < validation_ends_at else Window.OVERDUE


def takes_complaints(where: Window) -> bool:
    """Whether complaints are filed: from the opening of the vote to the end of validation."""
    return where in (Window.VOTING, Window.VALIDATION)


def outcomes(kind: Kind, where: Window, *, on_roll: bool, person_known: bool) -> tuple[Outcome, ...]:
    """What may be decided now, the most helpful first.

    While ballots are taken the person's own new ballot is the remedy; afterwards two people void. Until it is
    known whose record a complaint is about, it can only be dismissed.
    """
    if where in (Window.BEFORE, Window.CLOSED) or not person_known:
        return (Outcome.DISMISSED,)
    found = []
    if on_roll:
        found.append(Outcome.VOTE_AGAIN if where is Window.VOTING else Outcome.VOID)
    if kind is Kind.IDENTITY_USED and (where is not Window.VOTING or not on_roll):
        found.append(Outcome.RESTORED)
    return (*found, Outcome.DISMISSED)
