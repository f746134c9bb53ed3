"""What moderators do to a debate without hiding anything, and when. Plain values in, plain values out.

An act is public with its reason, and each can be undone: undoing gives back what the act changed, and nothing else.
"""

from datetime import datetime

from civic.text import fold
from consultations.agora.rules import Moments, State, state_of

#: two arguments that say the same become one; judgements are kept once a person
MERGE = "merge"
#: an argument is about another position, or does something else than it was brought as
MOVE = "move"
#: an argument that makes two points becomes two, in its author's words
SPLIT = "split"
#: a text beside the question is shown folded
FOLD = "fold"
#: no new texts for now
LOCK = "lock"
#: a person waits between two texts
SLOW = "slow"

OF_POST = (MERGE, MOVE, SPLIT, FOLD)
OF_DEBATE = (LOCK, SLOW)
KINDS = (*OF_POST, *OF_DEBATE)
#: What can be in force once at a time: one live act of each for a text, or for a debate.
ONCE_OF_POST = (MERGE, FOLD)

MAX_REASON = 1_000
#: Gaps of slow mode that are offered, in minutes.
GAPS = (5, 15, 60, 360, 1440)


def can_be_tended(one: Moments, now: datetime) -> bool:
    """Whether its arguments may still be put in order: while people argue, and until they are summed up."""
    return state_of(one, now) in (State.OPEN, State.CLOSING) and one.summary_at is None


def can_be_undone(one: Moments, now: datetime) -> bool:
    """Whether an act may be undone: until the archive forgets who judged what."""
    return state_of(one, now) not in (State.ARCHIVED, State.HIDDEN)


def same_words(whole: str, first: str, second: str) -> bool:
    """Whether two texts together are the author's own words, in their order: nothing added, nothing left out.

    Capital letters, punctuation and spaces may change where it was cut.

    >>> same_words("E scump, iar copacii mor.", "E scump.", "Iar copacii mor.")
    True
    >>> same_words("E scump, iar copacii mor.", "E scump.", "Copacii mor.")
    False
    """

    def letters(text: str) -> str:
        return "".join(letter for letter in fold(text) if letter.isalnum())

    return letters(first) + letters(second) == letters(whole)
