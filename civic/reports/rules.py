"""The life of a periodic report and of the measures it opens. Plain values in, plain values out.

A report is written by several people, handed to the signature, and signed by another person; from then on it is
read by everyone and changes only as a new edition with a reason. A value below its target opens a measure with an
owner and a day; the next report says of every open measure whether it is done, goes on, or is given up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WRITING, SUBMITTED, PUBLISHED = "writing", "submitted", "published"
STATES = (WRITING, SUBMITTED, PUBLISHED)

#: What may be done to a report, from which state, and where it leads.
STEPS: dict[str, tuple[str, str]] = {
    "submit": (WRITING, SUBMITTED),
    "send_back": (SUBMITTED, WRITING),
    "sign": (SUBMITTED, PUBLISHED),
    "reopen": (PUBLISHED, WRITING),
}

DONE, CONTINUED, GIVEN_UP = "done", "continued", "given_up"
OUTCOMES = (DONE, CONTINUED, GIVEN_UP)

MAX_WORDS = 10_000
MAX_LINE = 300
MOST_INDICATORS = 60


def after(state: str, step: str) -> str | None:
    """The state a step leads to; None when it cannot be done from here.

    >>> after("writing", "submit"), after("writing", "sign")
    ('submitted', None)
    """
    source, target = STEPS[step]
    return target if state == source else None


def may_sign(actor_id: int | None, submitted_by: int | None, written_by: int | None) -> bool:
    """Whether somebody else handed it in, and somebody else wrote in it last."""
    return actor_id is not None and actor_id not in (submitted_by, written_by)


# --- what is missing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What is written about one indicator, as far as signing needs to know it."""

    standing: str
    analysis: str
    recommendation: str
    responsible: str
    measure: str
    owner: str
    due_on: date | None
    #: an earlier edition of this report opened a measure for it
    opened: bool = False


def measure_wanted(part: Part) -> bool:
    """Whether a measure must stand beside it: its value is below the target, or one was opened already."""
    return part.standing == "below" or part.opened


def missing_in(part: Part, today: date) -> list[str]:
    """What still has to be written about an indicator: names of fields, and `past` for a day that is over.

    >>> missing_in(Part("below", "a", "r", "p", "", "", None), date(2026, 3, 1))
    ['measure', 'owner', 'due_on']
    """
    found = [name for name in ("analysis", "recommendation", "responsible") if not getattr(part, name)]
    if measure_wanted(part) or part.measure:
        found += [name for name in ("measure", "owner") if not getattr(part, name)]
        if part.due_on is None:
            found.append("due_on")
        elif part.due_on < today and not part.opened:
            found.append("past")
    return found


# --- measures -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """What the signed report of a period says became of a measure."""

    first_day: date
    outcome: str
    due_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where a measure is: open, done or given up, and until when it is to be done."""

    state: str
    due_on: date
    late: bool


def standing_of(due_on: date, accounts: Iterable[Account], today: date) -> Standing:
    """Where a measure is by the accounts of later reports, in the order of their periods. Late once its day is over."""
    state, until = "open", due_on
    for one in sorted(accounts, key=lambda account: account.first_day):
        if one.outcome == CONTINUED:
            state, until = "open", one.due_on or until
        else:
            state = one.outcome
    return Standing(state, until, state == "open" and until < today)


#: So long before its last day whoever carries a measure out is reminded.
AHEAD = timedelta(days=7)


def letter_due(standing: Standing, today: date) -> str | None:
    """Which letter about a measure is due: `ahead` in the week before its day is over, `late` once it is.

    >>> letter_due(Standing("open", date(2026, 3, 20), False), date(2026, 3, 12)) is None
    True
    >>> letter_due(Standing("open", date(2026, 3, 20), False), date(2026, 3, 13))
    'ahead'
    >>> letter_due(Standing("open", date(2026, 3, 20), True), date(2026, 3, 21))
    'late'
    """
    if standing.state != "open":
        return None
    if standing.late:
        return "late"
    return "ahead" if standing.due_on - AHEAD <= today else None


def to_account(first_day: date, opened_in: date, accounts: Sequence[Account]) -> bool:
    """Whether the report that begins on a day must say what became of a measure: it is from an earlier report, and no
    report between the two ended it.

    >>> to_account(date(2026, 1, 1), date(2025, 1, 1), []), to_account(date(2025, 1, 1), date(2025, 1, 1), [])
    (True, False)
    """
    ended = any(one.first_day < first_day and one.outcome != CONTINUED for one in accounts)
    return opened_in < first_day and not ended


def account_wrong(outcome: str, words: str, due_on: date | None, today: date) -> list[str]:
    """What is missing of an account: an outcome, its words, and of one that goes on a day still to come."""
    found = [name for name, value in (("outcome", outcome), ("words", words)) if not value]
    if outcome == CONTINUED:
        if due_on is None:
            found.append("due_on")
        elif due_on < today:
            found.append("past")
    return found
