"""Which word of a new text is which of the old one, and which of them a passage truly landed on. Plain values."""

from collections.abc import Iterable

from rapidfuzz.distance import Indel

from consultations.drafting.surroundings import beside_that_went
from consultations.drafting.wording import Words, slides

#: Share of the letters a passage landed on that what is left of them without strays must have.
KEPT = 0.8
#: Words at an edge that may have strayed.
_EDGE = 12
#: Words in a row that are surely the same again.
ROW = 4
#: Share of the letters left of a passage that may be its own or another's before nobody can tell.
UNSURE = 0.2
#: Words looked at beside a passage.
_BESIDE = 3


def paired(before: list[str], after: list[str]) -> list[int]:
    """For every old word, its word in the new text, or -1: as many as can stay in their order."""
    pairs = [-1] * len(before)
    for code in Indel.opcodes(before, after):
        if code.tag == "equal":
            for step in range(code.src_end - code.src_start):
                pairs[code.src_start + step] = code.dest_start + step
    return pairs


def holds(before: list[str], after: list[str]) -> int:
    """How many letters of some words stand in others, in their order."""
    return sum(len(word) for word, at in zip(before, paired(before, after), strict=True) if at >= 0)


def torn(old: list[str], now: list[str], pairs: list[int], first: int, last: int) -> int:
    """How many letters of a passage's words went from their place and stand, some in a row, where nothing was before."""
    taken = {one for one in pairs if one >= 0}
    came = {
        tuple(now[at : at + ROW])
        for at in range(len(now) - ROW + 1)
        if not taken.intersection(range(at, at + ROW))
    }
    moved = {
        step
        for at in range(first, last - ROW + 1)
        if tuple(old[at : at + ROW]) in came and max(pairs[at : at + ROW]) < 0
        for step in range(at, at + ROW)
    }
    return sum(len(old[at]) for at in moved)


def estranged(old: list[str], now: list[str], pairs: list[int], first: int, last: int) -> int:
    """How many letters of a passage's words went from their place while the like of them came in somewhere else."""
    taken = {one for one in pairs if one >= 0}
    came = {one for at, one in enumerate(now) if at not in taken and len(one) > 3}
    return sum(len(old[at]) for at in range(first, last) if pairs[at] < 0 and old[at] in came)


def rows(words: list[str], others: list[str]) -> set[int]:
    """From which of some words on as many as are surely the same again stand, in a row, among others."""
    held = {tuple(others[at : at + ROW]) for at in range(len(others) - ROW + 1)}
    return {at for at in range(len(words) - ROW + 1) if tuple(words[at : at + ROW]) in held}


def spread(starts: Iterable[int]) -> set[int]:
    """The words of rows that begin at some."""
    return {at + step for at in starts for step in range(ROW)}


def repeated(words: list[str]) -> int:
    """How many letters of some words are in rows that stand more than once among them."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(words) - ROW + 1):
        rows.setdefault(tuple(words[at : at + ROW]), []).append(at)
    again = {at + step for places in rows.values() if len(places) > 1 for at in places for step in range(ROW)}
    return sum(len(words[at]) for at in again)


def shared(one: list[str], other: list[str]) -> float:
    """Which share of the letters of the shorter of two texts is words of the other, in whatever order."""
    telling = [{word for word in words if len(word) > 3} for words in (one, other)]
    common = sum(map(len, telling[0] & telling[1]))
    return common / max(1, min(sum(map(len, words)) for words in telling))


def without_strays(
    old: list[str], now: list[str], pairs: list[int], first: int, last: int
) -> tuple[list[int], list[int]] | None:
    """The new words on which old words landed, and those of them that did not stray far from the others.

    None when nobody can tell which of them strayed.
    """
    landed = [(at, pairs[at]) for at in range(first, last) if pairs[at] >= 0]
    landed = _towards(now, _towards(now, landed, 1), -1)
    total = _letters(now, landed)
    kept = _core(old, now, landed, beside=True)
    if _letters(now, kept) < KEPT * total:
        # Words that stood side by side and have much between them now: it was put there.
        kept = _core(old, now, landed, beside=False)
    if _letters(now, kept) < KEPT * total:
        return None
    return [there for _here, there in landed], _without_marks(now, [there for _here, there in kept])


def _towards(now: list[str], landed: list[tuple[int, int]], step: int) -> list[tuple[int, int]]:
    """Words at the beginning (1) or at the end (-1) moved to the like of them that is nearest to the next ones.

    A word that stands twice before the rest of a passage may be either: a passage is what stands together.
    """
    held = landed[::step]
    for at in range(min(len(held) - 1, _EDGE) - 1, -1, -1):
        here, there = held[at]
        nearer = range(held[at + 1][1] - step, there, -step)
        held[at] = (here, next((one for one in nearer if now[one] == now[there]), there))
    return held[::step]


def _core(
    old: list[str], now: list[str], landed: list[tuple[int, int]], *, beside: bool
) -> list[tuple[int, int]]:
    """The run of landed words in which theirs outweigh by most what came between them in the place of less.

    What came between words that stood side by side counts as well, or is taken for put between them.
    """
    best, total = (0, 0, 0), 0
    start = 0
    for at, (here, there) in enumerate(landed):
        if at:
            before, left = landed[at - 1]
            came, went = sum(map(len, now[left + 1 : there])), sum(map(len, old[before + 1 : here]))
            total -= max(0, came - went) if went or beside else 0
            if total < 0:
                start, total = at, 0
        total += len(now[there])
        best = max(best, (total, at + 1 - start, start))
    _total, length, start = best
    return landed[start : start + length]


def _letters(now: list[str], landed: list[tuple[int, int]]) -> int:
    return sum(len(now[there]) for _here, there in landed)


def _without_marks(now: list[str], landed: list[int]) -> list[int]:
    """Without a first or last mark that stands far from the others."""
    while len(landed) > 1 and landed[1] - landed[0] > 1 and not now[landed[0]].isalnum():
        landed = landed[1:]
    while len(landed) > 1 and landed[-1] - landed[-2] > 1 and not now[landed[-1]].isalnum():
        landed = landed[:-1]
    return landed


def may_have_slid(
    old: Words, new: Words, pairs: list[int], passage: tuple[int, int], found: list[int], landed: list[int]
) -> bool:
    """Whether much of a passage is said again right beside what came in or went: it may be the other one of two.

    Words that were taken nearer to the others, or strayed and are left out, are as unsure.
    """
    first, last = passage
    gone = [one < 0 for one in pairs]
    odd = max((abs(there - here) for here, there in slides(old, gone, first, last)), default=0)
    others = {one for at, one in enumerate(pairs) if not first <= at < last}
    # The words as they were paired, and as they were taken nearer to one another.
    for taken in ({*pairs}, others.union(found)):
        came = [at not in taken for at in range(len(new.words))]
        beside = slides(new, came, landed[0], landed[-1] + 1)
        odd = max(odd, max((there for here, there in beside if not here), default=0))
    moved = [one for one in found if one not in pairs[first:last]]
    total, left, nearer = (sum(len(new.words[one]) for one in some) for some in (found, landed, moved))
    return odd + nearer > 0 and odd + nearer + total - left > UNSURE * total


def is_doubled(
    old: list[str], new: list[str], pairs: list[int], passage: tuple[int, int], landed: list[int]
) -> bool:
    """Whether words that came in right beside a passage repeat it or what is on its other side, or that went do.

    Then they may have come in or gone before it as well as after it, and nobody can tell which are the old ones.
    """
    first, last = passage
    taken = {one for one in pairs if one >= 0}
    own = set(old[first:last])
    before, after = landed[0], landed[-1]
    left = right = 0
    while before - left - 1 >= 0 and before - left - 1 not in taken:
        left += 1
    while after + right + 1 < len(new) and after + right + 1 not in taken:
        right += 1
    came_before = {one for one in new[before - left : before] if len(one) > 2}
    came_after = {one for one in new[after + 1 : after + 1 + right] if len(one) > 2}
    went = beside_that_went(old, pairs, first, last)
    return bool(
        went & own
        or came_before & (own | set(old[last : last + _BESIDE]))
        or came_after & (own | set(old[max(0, first - _BESIDE) : first]))
    )
