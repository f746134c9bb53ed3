"""Which section of a new edition is which of the one before: equal, or like it. Plain values in, plain values out.

A section keeps its number across editions, so that a link to it and what people wrote beside it stay right.
"""

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from consultations.drafting.wording import plain

#: Likeness from which a section in the same place is the same section, changed.
ALIKE = 70.0
#: Likeness from which it is the same although it stands elsewhere.
ALIKE_ELSEWHERE = 85.0
#: By how much the best must beat the second.
MARGIN = 8.0
#: Pairs compared at most in one place, and elsewhere.
_BLOCK, _PAIRS = 10_000, 200_000
#: Pairs compared at most to see whether a section is more like one that stood elsewhere: about two seconds of work.
#: A draft rewritten so far beyond that is matched by place alone.
_LIKERS = 2_000_000


def match_sections(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Index in the new edition -> index in the old one, for every section that was there before.

    What occurs once in both is the same. From there on equal neighbours are the same, then what is alike between
    the same neighbours, and last what is very much alike elsewhere and like nothing else. Capitals, marks and
    kinds of quotes make no difference.
    """
    old, new = [plain(text) for text in old], [plain(text) for text in new]
    back: dict[int, int] = {}
    taken: set[int] = set()

    def pair(at: int, before: int) -> None:
        back[at] = before
        taken.add(before)

    once_old, once_new = _once(old), _once(new)
    for text, at in once_new.items():
        if text in once_old:
            pair(at, once_old[text])
    _spread(old, new, back, taken)
    open_old = [source for source in range(len(old)) if source not in taken]
    if len(open_old) * (len(new) - len(back)) > _LIKERS:
        open_old = []
    for positions, free in _gaps(len(old), len(new), back, taken):
        before = [source for source in free if source not in taken]
        if before and len(positions) * len(before) <= _BLOCK:
            here = set(before)
            others = [source for source in open_old if source not in taken and source not in here]
            for at, source in _alike(old, new, positions, before, ALIKE, 0.0):
                if not _is_liker(old, new[at], source, others):
                    pair(at, source)
    _spread(old, new, back, taken)
    rest_new = [at for at in range(len(new)) if at not in back]
    rest_old = [at for at in range(len(old)) if at not in taken]
    if len(rest_new) * len(rest_old) <= _PAIRS:
        for at, source in _alike(old, new, rest_new, rest_old, ALIKE_ELSEWHERE, MARGIN):
            pair(at, source)
    return back


def _once(texts: Sequence[str]) -> dict[str, int]:
    counts = Counter(texts)
    return {text: at for at, text in enumerate(texts) if counts[text] == 1}


def _spread(old: Sequence[str], new: Sequence[str], back: dict[int, int], taken: set[int]) -> None:
    """Equal texts beside what is the same are the same too, after it and then before it."""
    for order, step in ((range(len(new)), 1), (range(len(new) - 1, -1, -1), -1)):
        for at in order:
            beside = back.get(at - step)
            if beside is None:
                edge = -1 if step == 1 else len(old)
                beside = edge if at - step in (-1, len(new)) else None
            if at in back or beside is None:
                continue
            source = beside + step
            if 0 <= source < len(old) and source not in taken and old[source] == new[at]:
                back[at] = source
                taken.add(source)


def _gaps(
    old_length: int, new_length: int, back: dict[int, int], taken: set[int]
) -> list[tuple[list[int], list[int]]]:
    """Runs of new sections without a match, each with the free old ones that stand at the same place."""
    gaps = []
    at = 0
    while at < new_length:
        if at in back:
            at += 1
            continue
        end = at
        while end < new_length and end not in back:
            end += 1
        free: list[int] = []
        following = back[at - 1] + 1 if at else 0
        while following < old_length and following not in taken:
            free.append(following)
            following += 1
        ahead = back[end] - 1 if end < new_length else old_length - 1
        while ahead >= 0 and ahead not in taken and ahead not in free:
            free.append(ahead)
            ahead -= 1
        if free:
            gaps.append((list(range(at, end)), sorted(free)))
        at = end
    return gaps


def _is_liker(old: Sequence[str], text: str, source: int, others: list[int]) -> bool:
    """Whether a section is more like one that stood elsewhere than like the one in its place."""
    here = fuzz.ratio(text, old[source])
    if here == 100.0 or not others:
        return False
    found = process.extractOne(text, [old[one] for one in others], scorer=fuzz.ratio, score_cutoff=here)
    return found is not None and found[1] > here


def _alike(
    old: Sequence[str],
    new: Sequence[str],
    positions: list[int],
    before: list[int],
    least: float,
    margin: float,
) -> list[tuple[int, int]]:
    """Pairs alike enough, the likeliest first, each index once; with a margin, only where nothing else is near."""
    scored = []
    choices = {source: old[source] for source in before}
    for at in positions:
        found = process.extract(
            new[at], choices, scorer=fuzz.ratio, score_cutoff=max(0.0, least - margin), limit=3
        )
        if not found or found[0][1] < least:
            continue
        if margin and len(found) > 1 and found[0][1] - found[1][1] < margin:
            continue
        scored += [(score, -abs(at - source), at, source) for _text, score, source in found if score >= least]
    pairs, used_new, used_old = [], set(), set()
    for _score, _distance, at, source in sorted(scored, reverse=True):
        if at not in used_new and source not in used_old:
            used_new.add(at)
            used_old.add(source)
            pairs.append((at, source))
    return pairs
