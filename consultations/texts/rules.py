"""Which texts say much the same, and what a text is called. Plain values in, plain values out."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from civic.text import fold
from consultations.contributions.rules import stems_of

#: Of a text, so many of its rarest words are looked up, each among so many groups, and so many groups compared.
RAREST, MOST_OF_WORD, MOST_COMPARED = 6, 60, 15
#: How much of a text is compared.
COMPARED_LENGTH = 800
#: Groups proposed at most, the largest first.
MOST_GROUPS = 200

_WORD = re.compile(r"\w+")
_KEY = re.compile(r"([0-9a-f]{32})-([a-z][0-9]{1,4})")


def key_of(response: bytes, item: str) -> str:
    """The key of a text: the random number of its set of answers, and its item.

    >>> key_of(bytes(16), "i3")[-4:]
    '0-i3'
    """
    return f"{response.hex()}-{item}"


def folded(text: str) -> str:
    """The words of a text without diacritics, cases, signs and spaces more than one.

    >>> folded("  Nimic… DE adăugat! ")
    'nimic de adaugat'
    """
    return " ".join(_WORD.findall(fold(text)))


def read_key(key: str) -> tuple[bytes, str] | None:
    """The set of answers and the item that a key names; None for no key.

    >>> read_key("00" * 16 + "-i3")[1], read_key("zz-i3")
    ('i3', None)
    """
    found = _KEY.fullmatch(key)
    return (bytes.fromhex(found[1]), found[2]) if found else None


def fingerprint(words: str) -> bytes:
    """Where texts with the same words meet."""
    return hashlib.sha256(words.encode()).digest()


def similar(
    texts: Sequence[tuple[str, int]],
    likeness: float,
    alike: Callable[[str, str], float],
    tell: Callable[[int], None] = lambda _done: None,
) -> list[list[int]]:
    """Places of texts (each with how many people wrote it) that say much the same; the largest groups first.

    Each text is compared only with the first texts of groups that share its rarest words, so that the work grows
    with the texts and not with their square. A text of one person without a companion is in no group.
    """
    stems = [stems_of(text[:COMPARED_LENGTH]) for text, _times in texts]
    known = Counter(stem for some in stems for stem in some)
    groups: list[list[int]] = []
    by_stem: dict[str, list[int]] = {}
    for at, (text, _times) in enumerate(texts):
        home = _home(text, stems[at], groups, texts, _Search(known, by_stem, likeness, alike))
        if home is None:
            for stem in stems[at]:
                if known[stem] > 1:
                    by_stem.setdefault(stem, []).append(len(groups))
            groups.append([at])
        else:
            groups[home].append(at)
        tell(at + 1)
    sizes = {id(group): sum(texts[at][1] for at in group) for group in groups}
    found = [group for group in groups if sizes[id(group)] > 1]
    return sorted(found, key=lambda group: (-sizes[id(group)], group[0]))[:MOST_GROUPS]


class _Search:
    """What a group is looked for by."""

    def __init__(
        self,
        known: Mapping[str, int],
        by_stem: Mapping[str, Sequence[int]],
        likeness: float,
        alike: Callable[[str, str], float],
    ) -> None:
        self.known, self.by_stem, self.likeness, self.alike = known, by_stem, likeness, alike


def _home(
    text: str, stems: set[str], groups: list[list[int]], texts: Sequence[tuple[str, int]], search: _Search
) -> int | None:
    """The group whose first text is the most alike, among those that share rare words; None for none."""
    shared = sorted((stem for stem in stems if search.known[stem] > 1), key=lambda stem: search.known[stem])
    near: Counter[int] = Counter()
    for stem in shared[:RAREST]:
        near.update(search.by_stem.get(stem, ())[:MOST_OF_WORD])
    best, found = search.likeness, None
    for group, _times in near.most_common(MOST_COMPARED):
        score = search.alike(texts[groups[group][0]][0][:COMPARED_LENGTH], text[:COMPARED_LENGTH])
        if score >= best and (found is None or score > best):
            best, found = score, group
    return found
