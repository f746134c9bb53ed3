"""The five steps, who counts as satisfied, and how often anybody is asked. Plain values only."""

from datetime import date, timedelta

from civic.suppression import LEAST_CELL

#: What people are asked about.
KINDS = ("cast", "contribution", "proposal", "delivery")
#: From very dissatisfied to very satisfied.
STEPS = (1, 2, 3, 4, 5)
SATISFIED = 4

#: Nobody is asked more often.
BETWEEN = timedelta(days=30)
#: How long the words are kept, and how long a question waits for its answer.
WORDS_KEPT = timedelta(days=365)
WAITS = timedelta(days=30)
WORDS_MOST = 500


def month_of(day: date) -> date:
    """The first day of its month: finer than that no answer is kept."""
    return day.replace(day=1)


def share_satisfied(counts: dict[int, int]) -> tuple[int, int] | None:
    """(satisfied, answers) of the answers by step, or None when fewer than ten answered.

    >>> share_satisfied({5: 6, 4: 3, 1: 3}), share_satisfied({5: 9})
    ((9, 12), None)
    """
    answers = sum(counts.values())
    if answers < LEAST_CELL:
        return None
    return sum(count for step, count in counts.items() if step >= SATISFIED), answers
