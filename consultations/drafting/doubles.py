"""Whether a section of the new edition is the one of the old edition whose number it has. Plain values.

Copies, pieces and sections that say nearly the same are what misleads: whoever asks is told when it may be another one.
"""

from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from consultations.drafting.alignment import ROW, holds, paired, rows, shared, spread
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
#: Share of a section that is said by another one when it is surely a piece of it.
SURELY_LEFT = 0.8
#: Share of a section's letters that another one holds when it was joined into it.
WHOLE = 0.9
#: Share of words from which a new section in the place of one that is gone may be the same, written anew.
REWORDED = 0.4
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
        self.altered = frozenset(self.changed)
        self.unlike = {key: None for key, words in new.plain.items() if old.plain.get(key) != words}
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
                or self._is_said_again(key)
                or self._is_reworded(key)
            )
        return self._doubles[key]

    def _left_pieces(self, key: int) -> bool:
        """Whether a section has none of its neighbours, and what is new near them says much of it, or a new one only it.

        Then it may be a copy. The beginning and the end of the text are no neighbours here: a copy can be set there as well.
        """
        if self.beside_still(key):
            return False
        was = self.place_of(key)
        words = self.old.cut(key).words
        kept = [len(word) if at >= 0 else 0 for word, at in zip(words, self.pairs(key), strict=True)]
        likely = set(self.new.holders(words))
        for rival in self.unlike:
            near = bool(was.intersection((rival, *self.near(rival))))
            if rival == key or not (near or (rival in likely and rival not in self.old.text)):
                continue
            said, letters = self.said(words, kept, rival)
            # Where it stood, half of it is enough; elsewhere it must be a piece of it and nothing else.
            least, share = (TOLD, MAYBE_LEFT) if near else (TELLING, SURELY_LEFT)
            if said >= least and said >= share * (min(letters, sum(kept)) if near else letters):
                return True
        return False

    def _is_said_again(self, key: int) -> bool:
        """Whether a section has none of its neighbours, and where it stood something new says what only it said."""
        if self.beside_still(key):
            return False
        was = self.place_of(key)
        return any(
            rival != key
            and rival in self.unlike
            and was.intersection((rival, *self.near(rival)))
            and self.claimed(key, key, rival)[0] >= TELLING
            for rival in self.new.holders(self.old.cut(key).words)
        )

    def _is_reworded(self, key: int) -> bool:
        """Whether a section has none of its neighbours, and a new one between them is made of its words, in any order."""
        was = self.old.beside(key)
        return not self.beside_still(key) and any(
            was == self.new.beside(rival)
            and shared(self.old.cut(key).words, self.new.cut(rival).words) >= REWORDED
            for rival in self.fresh
        )

    def claimed(self, key: int, place: int, rival: int) -> tuple[int, int]:
        """How many letters of what a new section says of an old one, and nothing else said, a rival says too.

        And how many of the old one's it says at all. Words count in rows that are surely the same.
        """
        cut = self.old.cut(key)
        told = rows(cut.words, self.new.cut(place).words)
        again = {
            at
            for at in told & rows(cut.words, self.new.cut(rival).words)
            if len(self.old.occurrences(self.old.plain[key][cut.starts[at] : cut.ends[at + ROW - 1]])) == 1
        }
        counts = [sum(len(cut.words[at]) for at in spread(starts)) for starts in (again, told)]
        return counts[0], counts[1]

    def whole(self, key: int, place: int) -> list[int] | None:
        """For every word of an old section its word in a new one that says nearly all of it in a row; else None."""
        text, there = self.old.plain[key], self.new.plain[place]
        if len(text) > len(there):
            return None
        near = fuzz.partial_ratio_alignment(text, there, score_cutoff=100 * WHOLE)
        if near is None:
            return None
        words, now = self.old.cut(key).words, self.new.cut(place)
        first, last = now.around(near.dest_start, near.dest_end)
        pairs = [at + first if at >= 0 else -1 for at in paired(words, now.words[first:last])]
        kept = sum(len(word) for word, at in zip(words, pairs, strict=True) if at >= 0)
        return pairs if kept >= WHOLE * sum(map(len, words)) else None

    def twice(self, key: int, place: int, pairs: list[int]) -> bool:
        """Whether a new section says nearly all of an old one once more, beside these words of it."""
        now, there = self.new.cut(place), self.new.plain[place]
        landed = [one for one in pairs if one >= 0]
        start, end = now.starts[landed[0]], now.ends[landed[-1]]
        rest = there[:start] + "\0" * (end - start) + there[end:]
        return fuzz.partial_ratio(self.old.plain[key], rest) >= ALIKE

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
            # What they are counted by says nothing: numbers move from one to the next.
            meant, told = was[labels(self.old.plain[key]) :], now[labels(self.new.plain[key]) :]
            kept, ours = holds(meant, now), holds(told, was)
            self._others[key] = any(
                holds(meant, self.new.cut(rival).words) > kept
                for rival in self.new.holders(was)
                if rival != key and rival in self.unlike
            ) or any(
                holds(told, self.old.cut(rival).words) + self._stood_there(key, rival) > ours
                for rival in self.old.holders(now)
                if rival != key
            )
        return self._others[key]

    def _stood_there(self, key: int, rival: int) -> bool:
        """Whether another one that changed or is gone stood where a section stands now, and it did not itself."""
        near = self.neighbours(key, rival)
        return rival in self.altered and near > 0 and near >= self.neighbours(key)

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
                self._tells(
                    was, first, kept, rival,
                    fuzz.ratio(self.old.plain[key], self.old.plain[rival]) >= max(RIVAL, alike),
                )
                for rival in self.old.holders(was)
                if rival != key
            )  # fmt: skip
        return self._lost[key]

    def _tells(self, was: list[str], first: int, kept: list[bool], rival: int, alike: bool) -> bool:
        """Whether most letters of some words that one like it does not say are kept no more, or another says them all."""
        theirs = paired(was, self.old.cut(rival).words)
        own = [at for at in range(first, len(was)) if theirs[at] < 0 and was[at].isalnum()]
        if not own:  # they say the same: whichever changed with the other may be either
            return rival in self.altered
        left = sum(len(was[at]) for at in own if kept[at])
        return alike and 2 * left < sum(len(was[at]) for at in own)

    def neighbours(self, key: int, like: int | None = None) -> int:
        """How many of the sections beside it stood beside it (or beside `like`) before."""
        was, now = self.old.beside(key if like is None else like), self.new.beside(key)
        return sum(one == other for one, other in zip(was, now, strict=True))
