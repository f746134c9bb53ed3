"""What stands around words of a text, and how alike it is to what stands around others. Plain values."""

from collections.abc import Container

from rapidfuzz import fuzz

#: Letters looked at on either side.
CONTEXT = 80


def _side(ours: str, theirs: str, *, before: bool) -> tuple[float, int]:
    """How alike two texts are beside a passage, over as much as both have, and over how many characters."""
    length = min(len(ours), len(theirs))
    if length == 0:
        return 0.0, 0
    mine, other = (ours[-length:], theirs[-length:]) if before else (ours[:length], theirs[:length])
    return fuzz.ratio(mine, other), length


def around(old: str, start: int, end: int, new: str, at: int, to: int) -> tuple[float, int]:
    """How alike what stands around two passages is, 0 to 100, and over how many characters."""
    left, n = _side(old[max(0, start - CONTEXT) : start], new[max(0, at - CONTEXT) : at], before=True)
    right, m = _side(old[end : end + CONTEXT], new[to : to + CONTEXT], before=False)
    return ((left * n + right * m) / (n + m) if n + m else 0.0), n + m


def likeness(old: str, start: int, end: int, new: str, at: int, to: int) -> float:
    """How alike what stands around two passages is, 0 to 100; both sides weigh by their length."""
    return around(old, start, end, new, at, to)[0]


def all_of(phrase: str, text: str) -> list[int]:
    """Where a phrase stands in a text, overlapping occurrences too."""
    found, at = [], text.find(phrase)
    while at >= 0:
        found.append(at)
        at = text.find(phrase, at + 1)
    return found


def beside_that_went(old: list[str], pairs: list[int], first: int, last: int) -> set[str]:
    """The old words right before and after some that are in the new text no more."""
    gone = set()
    at = first - 1
    while at >= 0 and pairs[at] < 0:
        gone.add(old[at])
        at -= 1
    at = last
    while at < len(old) and pairs[at] < 0:
        gone.add(old[at])
        at += 1
    return {one for one in gone if len(one) > 2}


def links(keys: list[int]) -> dict[int, tuple[int, int]]:
    """What stands before and after each of them."""
    return dict(zip(keys, zip([-1, *keys], [*keys[1:], -2], strict=False), strict=True))


def nearest(keys: list[int], held: Container[int]) -> dict[int, tuple[int, int]]:
    """The nearest before and after each of them that is held elsewhere too; -1 and -2 at the edges."""
    before: dict[int, int] = {}
    last = -1
    for one in keys:
        before[one] = last
        last = one if one in held else last
    found: dict[int, tuple[int, int]] = {}
    last = -2
    for one in reversed(keys):
        found[one] = (before[one], last)
        last = one if one in held else last
    return found
