"""What a month of moderation comes to, and which of its figures are told. Plain values in, plain values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from civic.suppression import suppress_line

#: Fewer reports or suspensions than this are not told by number: whoever knows one of them would know more.
LEAST = 5
#: Fewer decisions than this have no median: it would be the hours of one of them.
LEAST_FOR_MEDIAN = 3
#: What was begun before midnight has been committed by then.
SETTLED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Raw:
    """Everything counted in one month, before anything is left out."""

    decisions: Mapping[tuple[str, str, str], int] = field(default_factory=dict)  # kind, decision, reason
    hours: Sequence[float] = ()
    overdue: int = 0
    reports: Mapping[str, int] = field(default_factory=dict)
    appeals_filed: int = 0
    appeals: Mapping[str, int] = field(default_factory=dict)  # by state they ended in
    appeal_hours: Sequence[float] = ()
    appeals_overdue: int = 0
    suspensions_proposed: int = 0
    suspensions: int = 0
    lifted: int = 0
    taken_back: int = 0
    officials: int = 0


def first_of_month(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after.

    >>> next_month(date(2026, 12, 1))
    datetime.date(2027, 1, 1)
    """
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def months_between(first: date, last: date) -> list[date]:
    """The months from one to another, both included; none when the first comes after the last."""
    months, month = [], first_of_month(first)
    while month <= first_of_month(last):
        months.append(month)
        month = next_month(month)
    return months


def has_ended(end: datetime, now: datetime) -> bool:
    """Whether a month that ends at a moment can be told."""
    return now >= end + SETTLED_AFTER


def few(number: int) -> int | None:
    """A number as it is told: none, or None when it is small but not nothing.

    >>> few(0), few(1), few(5)
    (0, None, 5)
    """
    return number if number == 0 or number >= LEAST else None


def middle(hours: Sequence[float]) -> float | None:
    """The median in hours with one decimal, unless it would tell one decision's."""
    return round(float(median(hours)), 1) if len(hours) >= LEAST_FOR_MEDIAN else None


def line(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts whose sum is told: small ones are left out, and as many others as keep them from being computed."""
    present = {name: number for name, number in sorted(counts.items()) if number}
    return dict(zip(present, suppress_line(list(present.values()), LEAST), strict=True))


def _summed(counts: Mapping[tuple[str, str, str], int], place: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for key, number in sorted(counts.items()):
        if key[place]:
            sums[key[place]] = sums.get(key[place], 0) + number
    return sums


def figures(raw: Raw) -> dict[str, Any]:
    """What is published of a month.

    Decisions by kind and by reason are told whole: each stands in public where its text was. What is not public by
    itself (who reported, who is suspended) is told only from `LEAST` on.
    """
    decided = sum(raw.decisions.values())
    outcomes = {state: raw.appeals.get(state, 0) for state in ("upheld", "rejected")}
    appeals = sum(outcomes.values())
    return {
        "decisions": decided,
        "by_decision": _summed(raw.decisions, 1),
        "by_kind": _summed(raw.decisions, 0),
        "by_reason": _summed(raw.decisions, 2),
        "median_hours": middle(raw.hours),
        "overdue": raw.overdue,
        "reports": few(sum(raw.reports.values())),
        "reports_by_reason": line(raw.reports),
        "appeals_filed": raw.appeals_filed,
        "appeals_decided": appeals,
        "appeals_upheld": outcomes["upheld"],
        "appeals_overdue": raw.appeals_overdue,
        "appeals_median_hours": middle(raw.appeal_hours),
        "taken_back": raw.taken_back,
        "suspensions_proposed": few(raw.suspensions_proposed),
        "suspensions": few(raw.suspensions),
        "suspensions_lifted": few(raw.lifted),
        "officials": raw.officials,
    }


def share(part: int | None, whole: int | None) -> float | None:
    """A part of a whole between 0 and 1; None when there is no whole."""
    return None if not whole or part is None else part / whole
