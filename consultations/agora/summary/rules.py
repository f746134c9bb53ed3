"""What a summary is made of, and when it can be published. Plain values in, plain values out."""

from collections.abc import Mapping, Sequence

KIND = "agora_objection"
#: What the gate calls the place.
SPACE = "objections"

#: What every camp agrees on, what divides them, what only few say, what nobody could answer.
SECTIONS = ("agreed", "divisive", "minority", "open")

MAX_SENTENCE = 500
MAX_OBJECTION = 500
MOST_LINES, MOST_CITED = 40, 20


def uncited(citations: Mapping[int, Sequence[int]]) -> list[int]:
    """The sentences (by number) that cite no argument: a summary says only what somebody said."""
    return [number for number, posts in citations.items() if not posts]


def can_be_published(citations: Mapping[int, Sequence[int]], arguments: int) -> bool:
    """Whether a summary says something and cites it; where nobody argued, there is nothing to say."""
    return not uncited(citations) if citations else arguments == 0
