"""What moderators may decide, for which reasons, and by when. Plain values in, plain values out."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

MAX_REASON = 1_000
#: Reports one account may make in 24 hours.
REPORTS_A_DAY = 10
#: How long a moderator holds a case; afterwards another may take it.
CLAIM = timedelta(minutes=15)
#: How long what a decision changed is kept, so that it can be put back. Appeals are long over by then.
KEPT_TO_UNDO = timedelta(days=365)


class Why(StrEnum):
    """Why a case is open."""

    NEW = "new"
    REPORTED = "reported"


class Decision(StrEnum):
    """What a moderator decided. `withdrawn`: the author took the subject back meanwhile."""

    PUBLISH = "publish"
    REQUEST_CHANGES = "request_changes"
    HIDE = "hide"
    REDACT = "redact"
    REDIRECT = "redirect"
    DISMISS = "dismiss"
    WITHDRAWN = "withdrawn"


#: Decisions somebody must be given a reason for.
NEEDS_REASON = frozenset({Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDACT, Decision.REDIRECT})

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


class Clock(StrEnum):
    """The deadlines a case may be given, as the register of deadlines knows them."""

    URGENT = "moderation.urgent"
    LINKS = "moderation.links"
    NEW = "moderation.new"
    REPORTED = "moderation.reported"


#: Reasons that cannot wait: somebody is in danger, or exposed.
URGENT = frozenset({"threat", "personal_data"})


def clock_for(why: Why | str, reason_code: str = "", *, held_links: bool = False) -> Clock:
    """The deadline of a case by why it is open, and by what a report says or why it is held."""
    if today_called(reason_code) in URGENT:
        return Clock.URGENT
    if held_links:
        return Clock.LINKS
    return Clock.REPORTED if why == Why.REPORTED else Clock.NEW


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What an act changed: {"before": …, "after": …}, with the values that differ alone.

    Putting back only these, and only while they are as the act left them, restores exactly what it did.
    """
    names = [name for name in before if before[name] != after.get(name)]
    return {
        "before": {name: before[name] for name in names},
        "after": {name: after.get(name) for name in names},
    }


def is_redaction(before: str, after: str, mark: str) -> bool:
    """Whether `after` is `before` with one stretch or more replaced by `mark`, and nothing else touched.

    Between the marks the words stand as they did and in their order; every mark stands for something.

    >>> is_redaction("Sună la 0722 000 111 azi", "Sună la [x] azi", "[x]")
    True
    >>> is_redaction("Sună la 0722 000 111 azi", "Nu suna la [x] azi", "[x]")
    False
    """
    kept = after.split(mark)
    if len(kept) < 2 or not before.startswith(kept[0]):
        return False
    at = len(kept[0])
    for piece in kept[1:-1]:
        found = before.find(piece, at + 1)
        if found < 0:
            return False
        at = found + len(piece)
    return before.endswith(kept[-1]) and len(before) - len(kept[-1]) > at


def decisions_for(why: Why | str, supported: Collection[Decision]) -> tuple[Decision, ...]:
    """The decisions a case offers, in the order of their buttons: dismissing is for reports alone.

    Taking personal data out is done on a page of its own.
    """
    first = Decision.DISMISS if why == Why.REPORTED else Decision.PUBLISH
    rest = (Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDIRECT)
    return (first, *(decision for decision in rest if decision in supported))
