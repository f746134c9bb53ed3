"""The five steps, who counts as satisfied, and how often anybody is asked. Plain values only."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from civic.suppression import LEAST_CELL, suppress_line

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


#: All kinds of a month together.
ALL = "all"

#: step -> answers
Steps = Mapping[int, int]
#: (satisfied, answers), or None when they are too few to be told
Share = tuple[int, int] | None


def share_satisfied(counts: Steps) -> Share:
    """(satisfied, answers) of the answers by step, or None when fewer than ten answered.

    >>> share_satisfied({5: 6, 4: 3, 1: 3}), share_satisfied({5: 9})
    ((9, 12), None)
    """
    answers = sum(counts.values())
    if answers < LEAST_CELL:
        return None
    return sum(count for step, count in counts.items() if step >= SATISFIED), answers


def together(counted: Collection[Steps]) -> dict[int, int]:
    """step -> answers of several counts.

    >>> together([{5: 6, 1: 1}, {5: 2}])
    {5: 8, 1: 1}
    """
    sums: dict[int, int] = {}
    for steps in counted:
        for step, answers in steps.items():
            sums[step] = sums.get(step, 0) + answers
    return sums


def told_of_month(kinds: Mapping[str, Steps]) -> dict[str, Share]:
    """What is published of a month: all kinds together, and each kind that neither is a few people nor tells of them.

    >>> told_of_month({"cast": {5: 30, 1: 10}, "delivery": {4: 11}})
    {'all': (41, 51), 'cast': (30, 40), 'delivery': (11, 11)}
    >>> told_of_month({"cast": {5: 30, 1: 10}, "delivery": {4: 3}})
    {'all': (33, 43), 'cast': None, 'delivery': None}
    """
    shown = suppress_line([sum(steps.values()) for steps in kinds.values()])
    told = {
        kind: None if answers is None else share_satisfied(steps)
        for (kind, steps), answers in zip(kinds.items(), shown, strict=True)
    }
    return {ALL: share_satisfied(together(kinds.values())), **told}


def told_of_months(months: Collection[Steps]) -> dict[int, int]:
    """step -> answers of several months: the few answers of a month stand in the sum only among those of other such
    months, ten at least, so that the sum less the months that are told tells of nobody.

    >>> told_of_months([{5: 40}, {5: 4}]), told_of_months([{5: 40}, {5: 4}, {1: 6}])
    ({5: 40}, {5: 44, 1: 6})
    """
    few = [steps for steps in months if share_satisfied(steps) is None]
    if len(few) < 2 or share_satisfied(together(few)) is None:
        return together([steps for steps in months if share_satisfied(steps) is not None])
    return together(months)
