"""How many votes each loser was missing, recounted, for as many losers as a stated effort allows.

Under a rule by score the walk through the ranking answers for everybody. Under equal shares and Phragmén every
number tried is a count of its own; a count costs ballots × runs, which is the same on every machine, so that a
recount elsewhere answers for the same projects. Nearest losers come first: theirs is the question most asked.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from voting.counting.instance import Instance
from voting.counting.outcome import Json, Outcome, Reason, Rejection
from voting.counting.profile import Profile
from voting.counting.rules import EQUAL_SHARES, PHRAGMEN, Rule
from voting.counting.what_if import votes_needed

#: Distinct ballots × runs spent on one pot: seconds, at worst a minute, in the job that closes the round. Enough for
#: the nearest losers of a city of 60,000 different ballots under add1.
EFFORT = 40_000_000

#: Fewer further votes than this are not worth a search: it would say next to nothing.
LEAST_MOST = 16

#: What a count costs beside its ballots, in ballots.
OVERHEAD = 20_000


class Search(StrEnum):
    """What is known about the votes a loser was missing."""

    FOUND = "found"
    NOT_ENOUGH = "not_enough"  # the most tried would not have been enough
    NOT_TRIED = "not_tried"


def missing_votes(
    instance: Instance, profile: Profile, rule: Rule, outcome: Outcome, effort: int = EFFORT
) -> dict[str, dict[str, Json]]:
    """For every loser that could win: `search` (see `Search`), `votes` when found, and `most`, the most tried.

    Empty for rules by score: their rejections carry `more_needed`.
    """
    if rule.name not in (EQUAL_SHARES, PHRAGMEN):
        return {}
    one_count = profile.distinct * _runs(outcome) + OVERHEAD
    left, found = effort, dict[str, dict[str, Json]]()
    for rejection in sorted(outcome.rejected, key=_distance):
        if rejection.reason is Reason.WITHDRAWN:
            continue
        # Doubling up to the most, then halving back: no search takes more than `2 × doublings + 1` counts.
        doublings = (left // one_count - 1) // 2
        most = min(profile.voters, 2 ** max(0, min(doublings, 40) - 1))
        if most < min(LEAST_MOST, profile.voters) or not profile.voters:
            found[rejection.project] = {"search": Search.NOT_TRIED.value}
            continue
        votes = votes_needed(instance, profile, rule, rejection.project, most)
        left -= (2 * (most if votes is None else votes).bit_length() + 1) * one_count
        found[rejection.project] = (
            {"search": Search.NOT_ENOUGH.value, "most": most}
            if votes is None
            else {"search": Search.FOUND.value, "votes": votes, "most": most}
        )
    return found


def _runs(outcome: Outcome) -> int:
    """How often the rule went over the ballots in one count; Phragmén's many short rounds count as two."""
    runs = outcome.record.get("runs")
    return runs if isinstance(runs, int) else 2


def _distance(rejection: Rejection) -> Fraction:
    """How far a loser was, as a share of its cost; those of whom this is not known come last, by score."""
    data: Mapping[str, Json] = rejection.data
    cost = data.get("cost")
    lacking = data.get("supporters_lacking", data.get("lacking"))
    if not isinstance(cost, str) or not isinstance(lacking, str) or not Decimal(cost):
        return Fraction(2)
    return Fraction(Decimal(lacking)) / Fraction(Decimal(cost))
