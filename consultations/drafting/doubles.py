"""Whether a section of the new edition is the one of the old edition whose number it has. Plain values.

Copies, pieces and sections that say nearly the same are what misleads: whoever asks is told when it may be another one.
"""

from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from consultations.drafting.alignment import holds, paired
from consultations.drafting.surroundings import links, nearest
from consultations.drafting.wording import WORD, Edition, labels

#: Likeness from which a changed section is surely the same.
ALIKE = 80.0
#: Likeness of what is the same but for a word or two.
SAME = 90.0
#: Letters from which a piece of a section is no mere phrase.
TELLING = 40
#: Likeness from which one of two sections may be a copy of the other.
DOUBLE = 68.0
#: Likeness from which a piece of a section says what another section says.
PIECE = 90.0
#: Sections into which one may be cut.
_PIECES = 12
#: Letters from which words are more than a turn of phrase, and which share of a section they are when it may be
#: what is left of another one.
TOLD = 12
MAYBE_LEFT = 0.5
#: Likeness from which two sections say nearly the same, and by how much less alike than what a section became another
#: one may be to be as near to it.
RIVAL = 60.0
NEAR = 10.0


def _says_the_same(one: str, other: str) -> bool:
    """Whether two sections are alike, or a piece of one that is no mere phrase stands in the other."""
    if fuzz.ratio(one, other) >= DOUBLE:
        return True
    return min(len(one), len(other)) >= TELLING and fuzz.partial_ratio(one, other) >= PIECE


class Sections:
    """Two editions, section by section. Keeps what it worked out about each."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = old, new
        self.changed = [key for key, words in old.plain.items() if new.plain.get(key) != words]
        self.unlike = [key for key, words in new.plain.items() if old.plain.get(key) != words]
        self.fresh = [key for key in new.text if key not in old.text]
        self._mapped: dict[int, list[int]] = {}
        self._doubles: dict[int, bool] = {}
        self._others: dict[int, bool] = {}
        self._lost: dict[int, bool] = {}
        self._nearest: dict[int, tuple[int, int]] | None = None
        self._stood: dict[int, tuple[int, int]] | None = None
        self._kept: tuple[dict[int, tuple[int, int]], ...] | None = None
        self._runs: list[tuple[str, set[str]]] | None = None

    def pairs(self, key: int) -> list[int]:
        """For every word of the old section, its word in the new one, or -1."""
        if key not in self._mapped:
            before, after = self.old.cut(key).words, self.new.cut(key).words
            self._mapped[key] = paired(before, after)
        return self._mapped[key]

    def beside_still(self, key: int) -> bool:
        """Whether one of the sections beside it stood there before. The edges of the text are none."""
        pairs = zip(self.old.beside(key), self.new.beside(key), strict=True)
        return any(one == other and one is not None and one >= 0 for one, other in pairs)

    def has_double(self, key: int) -> bool:
        """Whether a section is no longer where it was, and a new one is like it: one of them may be the copy."""
        if key not in self._doubles:
            words, still, was = self.new.plain[key], self.beside_still(key), self.place_of(key)
            self._doubles[key] = self.neighbours(key) < 2 and (
                self.old.repeats(self.old.plain[key]) > 1
                or self.new.repeats(words) > 1
                or any(
                    rival not in self.old.text
                    # Beside one of its old neighbours it is the old one, unless the other one is as near to them.
                    and (not still or was.intersection(self.near(rival)))
                    and _says_the_same(words, self.new.plain[rival])
                    for rival in self.new.holders(self.new.cut(key).words)
                )
                or self._in_pieces(key)
                or self._left_pieces(key)
            )
        return self._doubles[key]

    def _left_pieces(self, key: int) -> bool:
        """Whether a section has none of its neighbours, and what is new near them says much of it.

        Then it may be a copy. The beginning and the end of the text are no neighbours here: a copy can be set there as well.
        """
        if self.beside_still(key):
            return False
        was = self.place_of(key)
        words = self.old.cut(key).words
        kept = [len(word) if at >= 0 else 0 for word, at in zip(words, self.pairs(key), strict=True)]
        for rival in [one for one in self.unlike if one != key]:
            if was.intersection((rival, *self.near(rival))):
                said, letters = self.said(words, kept, rival)
                if said >= TOLD and said >= MAYBE_LEFT * min(letters, sum(kept)):
                    return True
        return False

    def said(self, words: list[str], weights: list[int], rival: int) -> tuple[int, int]:
        """How much of some words is new in a section, in their order, by their weights; how many letters are new."""
        theirs = self.new.cut(rival).words
        if rival in self.old.text:
            taken = set(self.pairs(rival))
            theirs = [word for at, word in enumerate(theirs) if at not in taken]
        said = sum(
            sum(weights[block.src_start : block.src_end])
            for block in Indel.opcodes(words, theirs)
            if block.tag == "equal"
        )
        return said, sum(map(len, theirs))

    def place_of(self, key: int) -> set[int | None]:
        """What stood beside a section, and the nearest of those that stayed."""
        if self._stood is None:
            self._stood = nearest(list(self.old.text), self.new.text)
        return {*self.old.beside(key), *self._stood[key]}

    def near(self, key: int) -> tuple[int, int]:
        """The nearest sections before and after one that were there before."""
        if self._nearest is None:
            self._nearest = nearest(list(self.new.text), self.old.text)
        return self._nearest[key]

    def _in_pieces(self, key: int) -> bool:
        """Whether new sections one after another say together what a section says: it may be the one cut up."""
        if self._runs is None:
            self._runs = [(run, set(WORD.findall(run))) for run in self._runs_of_fresh()]
        words = {one for one in self.new.cut(key).words if len(one) > 2}
        return any(
            2 * len(words & held) > len(words) and _says_the_same(self.new.plain[key], run)
            for run, held in self._runs
        )

    def _runs_of_fresh(self) -> Iterator[str]:
        """New sections that stand together, as one text; a longer run is new text and no paragraph cut up."""
        held: list[str] = []
        for key in [*self.new.text, None]:
            if key is not None and key not in self.old.text:
                held.append(self.new.plain[key])
                continue
            if 2 <= len(held) <= _PIECES:
                yield " ".join(held)
            held = []

    def is_one(self, key: int) -> bool:
        """Whether a section is so like what it was that it is surely the same."""
        return fuzz.ratio(self.old.plain[key], self.new.plain[key]) >= ALIKE

    def is_elsewhere(self, key: int) -> bool:
        """Whether a section left its place among those that stayed and is worded otherwise: it may be another one."""
        if self._kept is None:
            self._kept = tuple(
                links([key for key in one.text if key in other.text])
                for one, other in ((self.old, self.new), (self.new, self.old))
            )
        was, now = (beside[key] for beside in self._kept)
        stayed = any(one == other for one, other in zip(was, now, strict=True))
        return not stayed and fuzz.ratio(self.old.plain[key], self.new.plain[key]) < SAME

    def is_another(self, key: int) -> bool:
        """Whether a changed section's words are more another's: of what it was, or of what another one was."""
        if key not in self._others:
            was, now = self.old.cut(key).words, self.new.cut(key).words
            kept = holds(was, now)
            self._others[key] = self.old.plain[key] != self.new.plain[key] and (
                any(
                    holds(was, self.new.cut(rival).words) > kept
                    for rival in self.new.holders(was)
                    if rival != key and rival in self.unlike
                )
                or any(
                    holds(now, self.old.cut(rival).words) > kept
                    for rival in self.old.holders(now)
                    if rival != key
                )
            )
        return self._others[key]

    def lost_itself(self, key: int) -> bool:
        """Whether what tells a section from one like it is gone: then its like, new in its place, would read the same.

        An article a park, a row a fee: struck out and another put there, they are as alike as one that was changed.
        """
        if key not in self._lost:
            was = self.old.cut(key).words
            first = labels(self.old.plain[key])
            kept = [at >= 0 for at in self.pairs(key)]
            alike = fuzz.ratio(self.old.plain[key], self.new.plain[key]) - NEAR
            self._lost[key] = any(
                self._tells(was, first, kept, rival)
                for rival in self.old.holders(was)
                if rival != key
                and fuzz.ratio(self.old.plain[key], self.old.plain[rival]) >= max(RIVAL, alike)
            )
        return self._lost[key]

    def _tells(self, was: list[str], first: int, kept: list[bool], rival: int) -> bool:
        """Whether most letters of some words that another section does not say are kept no more."""
        theirs = paired(was, self.old.cut(rival).words)
        own = [at for at in range(first, len(was)) if theirs[at] < 0 and was[at].isalnum()]
        left = sum(len(was[at]) for at in own if kept[at])
        return 2 * left < sum(len(was[at]) for at in own)

    def neighbours(self, key: int, like: int | None = None) -> int:
        """How many of the sections beside it stood beside it (or beside `like`) before."""
        was, now = self.old.beside(key if like is None else like), self.new.beside(key)
        return sum(one == other for one, other in zip(was, now, strict=True))
