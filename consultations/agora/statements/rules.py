"""When opinions are computed anew, who sees them, and what of them is worth saying. Plain values in, plain values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

KIND = "agora_statement"
#: What the gate calls the place.
SPACE = "statements"

AGREE, PASS, DISAGREE = 1, 0, -1
VOTES = (AGREE, DISAGREE, PASS)

MAX_STATEMENT = 140
#: Statements one person adds to a debate, and all of them together.
MOST_EACH, MOST = 10, 500
#: Who voted on so many (or on all) sees how the others voted, where one's own comes first.
VOTES_BEFORE_OTHERS = 7

#: Votes are not counted anew more often than this.
NOT_BEFORE = timedelta(minutes=5)

#: Until so many of each group have voted on a statement, nothing is said about it.
ENOUGH = 5
#: How much of a group agrees with what it can live with, and from where on groups are apart.
LIVES_WITH = Fraction(1, 2)
APART = Fraction(3, 10)
MOST_SHOWN = 5


@dataclass(frozen=True)
class Share:
    """The votes of one group on one statement."""

    agree: int
    disagree: int
    seen: int

    @property
    def smoothed(self) -> Fraction:
        """(A + 1) / (S + 2)."""
        return Fraction(self.agree + 1, self.seen + 2)


def is_due(last_vote: datetime | None, computed_at: datetime | None, now: datetime) -> bool:
    """Whether a debate's opinions are to be computed: somebody voted since, and the last time is not just now."""
    if last_vote is None:
        return False
    return computed_at is None or (last_vote >= computed_at and now >= computed_at + NOT_BEFORE)


def has_voted_enough(voted: int, statements: int) -> bool:
    """Whether somebody has said enough themselves to see what the others say."""
    return voted >= max(1, min(VOTES_BEFORE_OTHERS, statements))


def shared(statements: Mapping[int, Sequence[Share]]) -> list[int]:
    """What every group can live with, the surest first: each of them has seen it and more than half agree."""
    found = {
        number: consensus(groups)
        for number, groups in statements.items()
        if groups and all(one.seen >= ENOUGH and one.smoothed > LIVES_WITH for one in groups)
    }
    return sorted(found, key=lambda number: (-found[number], number))[:MOST_SHOWN]


def divisive(statements: Mapping[int, Sequence[Share]]) -> list[int]:
    """What divides the groups most, or where there is one group, what divides it nearest to the middle."""
    found: dict[int, Fraction] = {}
    for number, groups in statements.items():
        if not groups or any(one.seen < ENOUGH for one in groups):
            continue
        if len(groups) > 1:
            apart = max(one.smoothed for one in groups) - min(one.smoothed for one in groups)
            if apart >= APART:
                found[number] = apart
        else:
            against = Fraction(groups[0].disagree + 1, groups[0].seen + 2)
            weaker = min(groups[0].smoothed, against)
            if weaker >= APART:
                found[number] = weaker
    return sorted(found, key=lambda number: (-found[number], number))[:MOST_SHOWN]


def consensus(groups: Sequence[Share]) -> Fraction:
    """Group-informed consensus: the product of the groups' shares."""
    product = Fraction(1)
    for one in groups:
        product *= one.smoothed
    return product
