"""What moderators may decide, for which reasons, and by when. Plain values in, plain values out."""

from enum import StrEnum

MAX_REASON = 1_000
#: Reports one account may make in 24 hours.
REPORTS_A_DAY = 10


class Why(StrEnum):
    """Why a case is open."""

    NEW = "new"
    REPORTED = "reported"


class Decision(StrEnum):
    """What a moderator decided. `withdrawn`: the author took the subject back meanwhile."""

    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    HIDE = "hide"
    REDIRECT = "redirect"
    DISMISS = "dismiss"
    WITHDRAWN = "withdrawn"


#: Decisions somebody must be given a reason for.
NEEDS_REASON = frozenset({Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDIRECT})

#: Codes of reasons to report or hide something; `labels.REASONS` says them.
REASONS = ("offensive", "personal_data", "spam", "discrimination", "illegal", "off_topic", "unclear", "other")


def decisions_for(why: Why | str, supported: frozenset[Decision]) -> tuple[Decision, ...]:
    """The decisions a case offers, in the order of their buttons: dismissing is for reports alone."""
    first = Decision.DISMISS if why == Why.REPORTED else Decision.PUBLISH
    rest = (Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDIRECT)
    return (first, *(decision for decision in rest if decision in supported))
