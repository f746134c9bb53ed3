"""A text as it is compared: its letters without what typing changes, its words, and where phrases stand in it."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

#: Sections looked into for words alike, chosen by the rare words they share.
_SECTIONS_TRIED = 30
#: A phrase this frequent says nothing.
_TOO_MANY = 60

_SIGNS = str.maketrans(
    {"„": '"', "”": '"', "“": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "‑": "-"}
)
#: What a section is counted by: "Art. 5", "(2)", "a)", "3." or the first cell of a row.
_LABEL = re.compile(r"(?:(art(?:icolul|\.)?) ?\d+(?:\^\d+)?\.?|(\()\d+\)|[a-z](\))|\d+ ?([.)|]))(\s+)")
WORD = re.compile(r"\w+|[^\w\s]")


@lru_cache(maxsize=20_000)
def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0].translate(_SIGNS).lower()
    return base[0] if not base.isspace() else " "


def plain(text: str) -> str:
    """A text as it is compared, letter for letter: no capitals, no marks, one kind of quotes and spaces.

    >>> plain("Ţărmul „Mării”")
    'tarmul "marii"'
    """
    return "".join(map(_plain, text))


def unnumbered(words: str) -> str:
    """A section, as it is compared, without the number or letter it is counted by.

    >>> unnumbered("art. 5 (2) taxa")
    'art. (2) taxa'
    """
    found = _LABEL.match(words)
    return "".join(part for part in found.groups() if part) + words[found.end() :] if found else words


def labels(words: str) -> int:
    """How many words and signs a section, as it is compared, is counted by.

    >>> labels("art. 5 (2) taxa"), labels("taxa")
    (3, 0)
    """
    found = _LABEL.match(words)
    return len(WORD.findall(found.group())) if found else 0


@dataclass(frozen=True)
class Words:
    """A section cut into words, each with its offsets."""

    words: list[str]
    starts: list[int]
    ends: list[int]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The words that a range of characters touches, as a half-open range."""
        first = bisect_right(self.ends, start)
        last = first
        while last < len(self.starts) and self.starts[last] < end:
            last += 1
        return first, last

    def letters(self, first: int, last: int) -> int:
        """How many letters a range of words has."""
        return sum(map(len, self.words[first:last]))


def slides(cut: Words, odd: list[bool], first: int, last: int) -> Iterator[tuple[int, int]]:
    """How many letters of a range of words are odd where odd words stand, and where they could as well stand.

    Words that went or came in beside the same words may be the ones or the others: "a b [a b]" is "[a b] a b".
    """
    words, at = cut.words, 0
    while at < len(words):
        if not odd[at]:
            at += 1
            continue
        start = at
        while at < len(words) and odd[at]:
            at += 1
        here = cut.letters(max(first, start), min(last, at))
        for step in (-1, 1):
            left, right = start, at
            while True:
                came, went = (left - 1, right - 1) if step < 0 else (right, left)
                if not 0 <= came < len(words) or odd[came] or words[came] != words[went]:
                    break
                left, right = left + step, right + step
                yield here, cut.letters(max(first, left), min(last, right))


class Edition:
    """The sections of one edition, ready to be searched. Build it once for many passages."""

    def __init__(self, sections: Iterable[tuple[int, str]]) -> None:
        self.text: dict[int, str] = {}
        self.plain: dict[int, str] = {}
        self._cut: dict[int, Words] = {}
        parts, self._offsets, self._keys, at = [], [], [], 0
        for key, text in sections:
            self.text[key] = text
            self.plain[key] = words = plain(text)
            self._offsets.append(at)
            self._keys.append(key)
            parts.append(words)
            at += len(words) + 1
        self._whole = "\n".join(parts)
        self._order = {key: at for at, key in enumerate(self._keys)}
        self._holders: dict[str, list[int]] | None = None
        self._counts: Counter[str] | None = None

    def cut(self, key: int) -> Words:
        """A section's words."""
        if key not in self._cut:
            found = list(WORD.finditer(self.plain[key]))
            self._cut[key] = Words(
                [one.group() for one in found], [one.start() for one in found], [one.end() for one in found]
            )
        return self._cut[key]

    def repeats(self, words: str) -> int:
        """How many sections say just this, however they are counted."""
        if self._counts is None:
            self._counts = Counter(map(unnumbered, self.plain.values()))
        return self._counts[unnumbered(words)]

    def beside(self, key: int) -> tuple[int | None, int | None]:
        """The sections before and after one."""
        at = self._order[key]
        last = len(self._keys) - 1
        return (self._keys[at - 1] if at else -1, self._keys[at + 1] if at < last else -2)

    def occurrences(self, words: str, most: int = _TOO_MANY) -> list[tuple[int, int]]:
        """Where the words stand, as (section, offset); none when they stand nearly everywhere."""
        found: list[tuple[int, int]] = []
        at = self._whole.find(words)
        while at >= 0:
            section = bisect_right(self._offsets, at) - 1
            found.append((self._keys[section], at - self._offsets[section]))
            if len(found) > most:
                return []
            at = self._whole.find(words, at + 1)
        return found

    def holders(self, words: Iterable[str]) -> list[int]:
        """Sections that share the rarest of the words, the likeliest first."""
        if self._holders is None:
            self._holders = defaultdict(list)
            for key in self._keys:
                for word in set(self.cut(key).words):
                    self._holders[word].append(key)
        weights: Counter[int] = Counter()
        for word in set(words):
            keys = self._holders.get(word, ())
            if len(word) > 2 and 0 < len(keys) <= 400:
                for key in keys:
                    weights[key] += 1 + 1000 // len(keys)
        return [key for key, _weight in weights.most_common(_SECTIONS_TRIED)]
