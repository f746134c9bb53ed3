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

#: Why something is refused or reported, by the number of its house rule; `reasons` says them in words. The numbers
#: are public and stand in letters: a new rule takes the next one.
HOUSE_RULES = {
    "threat": 1,
    "personal_data": 2,
    "hate": 3,
    "personal_attack": 4,
    "accusation": 5,
    "impersonation": 6,
    "unlawful": 7,
    "spam": 8,
    "duplicate": 9,
    "off_topic": 10,
    "unclear": 11,
}

#: The rest has no rule, so the moderator's own words have to say it.
OTHER = "other"
REASONS = (*HOUSE_RULES, OTHER)

#: What reports and decisions of earlier years were called; the record keeps their names.
FORMERLY = {"offensive": "personal_attack", "discrimination": "hate", "illegal": "unlawful"}

#: A text that cannot be understood is sent back, not reported.
REPORTABLE = tuple(code for code in REASONS if code != "unclear")


def today_called(code: str) -> str:
    """The code of a reason as the catalogue has it now."""
    return FORMERLY.get(code, code)


def decisions_for(why: Why | str, supported: frozenset[Decision]) -> tuple[Decision, ...]:
    """The decisions a case offers, in the order of their buttons: dismissing is for reports alone."""
    first = Decision.DISMISS if why == Why.REPORTED else Decision.PUBLISH
    rest = (Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDIRECT)
    return (first, *(decision for decision in rest if decision in supported))
