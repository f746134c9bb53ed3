"""Which word of a new text is which of the old one, and which of them a passage truly landed on. Plain values."""

from rapidfuzz.distance import Indel

#: Share of the letters a passage landed on that what is left of them without strays must have.
KEPT = 0.8
#: Words at an edge that may have strayed.
_EDGE = 12
#: Words in a row that are surely the same again.
_ROW = 4


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
        tuple(now[at : at + _ROW])
        for at in range(len(now) - _ROW + 1)
        if not taken.intersection(range(at, at + _ROW))
    }
    moved = {
        step
        for at in range(first, last - _ROW + 1)
        if tuple(old[at : at + _ROW]) in came and max(pairs[at : at + _ROW]) < 0
        for step in range(at, at + _ROW)
    }
    return sum(len(old[at]) for at in moved)


def repeated(words: list[str]) -> int:
    """How many letters of some words are in rows that stand more than once among them."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(words) - _ROW + 1):
        rows.setdefault(tuple(words[at : at + _ROW]), []).append(at)
    again = {
        at + step for places in rows.values() if len(places) > 1 for at in places for step in range(_ROW)
    }
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
