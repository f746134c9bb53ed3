"""Stages of a delivery, what makes it late, and what nobody may record. Plain values in and out.

The list of stages is the one of the city's investment reports, plus "cancelled".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: code -> the city's own word, as in its reports
STATUSES = {
    "in_evaluation": "în evaluare",
    "in_clarification": "în clarificare",
    "in_preparation": "în pregătire",
    "contract_signed": "contract semnat",
    "in_design": "în proiectare",
    "in_procurement": "în achiziție",
    "in_execution": "în execuție",
    "in_reception": "în curs de recepție",
    "received": "recepționat",
    "halted": "sistat",
    "awaiting_funds": "în așteptarea fondurilor",
    "completed": "finalizat",
    "other": "altul",
    "cancelled": "anulat",
}
CODES = {word: code for code, word in STATUSES.items()}

#: Stages that residents ask about together.
GROUPS = {
    "finished": ("in_reception", "received", "completed"),
    "under_way": ("in_execution", "contract_signed", "in_design"),
}

#: Stages that say nothing without a reason.
NEEDS_REASON = frozenset({"halted", "cancelled", "other"})
#: Work is over, well or not; nothing can be late any more.
ENDED = frozenset({"received", "completed", "cancelled"})
#: Over, and well.
SUCCEEDED = frozenset({"received", "completed"})

#: Every stage once, in the groups of the figures.
FIGURE_GROUPS = {
    "before": ("in_evaluation", "in_clarification", "in_preparation", "in_procurement", "awaiting_funds"),
    "under_way": ("contract_signed", "in_design", "in_execution"),
    "finished": ("in_reception", "received", "completed"),
    "halted": ("halted",),
    "cancelled": ("cancelled",),
    "other": ("other",),
}

#: What a photo shows the place to be.
PHOTO_STAGES = ("before", "during", "after")

MAX_MONEY = Decimal("999999999999.99")


def stages_of(chosen: str) -> tuple[str, ...]:
    """The stages a filter stands for: a group's, or the one; none for what is neither.

    >>> stages_of("halted"), stages_of("asleep")
    (('halted',), ())
    """
    return GROUPS.get(chosen) or ((chosen,) if chosen in STATUSES else ())


def figure_group(status: str) -> str:
    """The group of the figures a stage belongs to.

    >>> figure_group("received")
    'finished'
    """
    return next(group for group, stages in FIGURE_GROUPS.items() if status in stages)


def days_late(status: str, planned_end: date | None, today: date) -> int:
    """How many days past its planned end a delivery is; 0 when it is not late, has ended or has no date."""
    if status in ENDED or planned_end is None:
        return 0
    return max(0, (today - planned_end).days)


def days_off_plan(planned_end: date | None, done_on: date | None) -> int | None:
    """Days after (positive) or before (negative) the plan that something ended; None when either is unknown."""
    if planned_end is None or done_on is None:
        return None
    return (done_on - planned_end).days


def reason_missing(old: str, new: str, reason: str) -> bool:
    """Whether a change of stage lacks the reason it needs: some stages do, and so does reopening what ended."""
    return not reason.strip() and (new in NEEDS_REASON or (old in ENDED and new not in ENDED))


@dataclass(frozen=True)
class Step:
    """A milestone as the rules see it."""

    title: str
    due_on: date
    done_on: date | None = None


def next_step(steps: Iterable[Step]) -> Step | None:
    """The earliest milestone not reached yet."""
    return min((step for step in steps if step.done_on is None), key=lambda step: step.due_on, default=None)


def share_done(steps: Iterable[Step]) -> tuple[int, int]:
    """(milestones reached, milestones)."""
    listed = list(steps)
    return sum(step.done_on is not None for step in listed), len(listed)


def money_problem(amount: Decimal | None) -> bool:
    """Whether an amount is one that cannot be: negative, not a number, or too large to store."""
    return amount is not None and not (amount.is_finite() and 0 <= amount <= MAX_MONEY)
