"""When residents may say whether something is done, and what may be answered. Plain values in and out."""

from datetime import date

from civic.tracker.rules import SUCCEEDED

#: What the department may answer to those who dispute.
OUTCOMES = ("kept", "reopened", "explained")
MAX_TEXT = 2000
#: Words on one delivery shown at a time.
SHOWN = 20


def can_be_checked(status: str) -> bool:
    """Whether there is something to look at: work that is said to be done."""
    return status in SUCCEEDED


def new_end_problem(outcome: str, new_end: date | None, today: date) -> str | None:
    """What is wrong with the new date of an answer: "missing", "past", or nothing.

    >>> new_end_problem("kept", None, date(2026, 1, 1)), new_end_problem("reopened", None, date(2026, 1, 1))
    (None, 'missing')
    """
    if outcome != "reopened":
        return None
    if new_end is None:
        return "missing"
    return "past" if new_end <= today else None
