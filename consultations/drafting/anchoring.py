"""Where a passage of one edition stands in the next. Plain values in, plain values out: no Flask, no SQL.

The order is: the same section, word by word against what it was; the same words elsewhere, with what stood
around them; words alike elsewhere; or nowhere. A place that could as well be another passage's is no place: a
remark that says "the text has changed" is right, one that points at other words is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from consultations.drafting.alignment import holds, paired, shared, torn, without_strays
from consultations.drafting.surroundings import CONTEXT, all_of, around, beside_that_went, likeness, links
from consultations.drafting.wording import WORD, Edition, slides

#: Likeness from which changed words are still the passage.
ALIKE = 80.0
#: By how much a place must be likelier than any other.
MARGIN = 6.0
#: By how much it must fit better than words that are new, and might be the passage written anew.
APART = 15.0
#: The same for a place outside its section.
FAR_APART = 25.0
#: Likeness from which words might be the passage.
RIVAL = 60.0
#: Likeness from which one of two sections may be a copy of the other.
DOUBLE = 68.0
#: Likeness of what is the same but for a word or two.
SAME = 90.0
#: Likeness from which a piece of a section says what another section says.
PIECE = 90.0
#: Shorter words are found word for word or not at all.
SHORT = 35
#: Words long enough to be told apart without what stands around them.
TELLING = 40
#: Letters, of a passage and around it, by which one that moved is known again.
EVIDENCE = 60
#: Share of a passage's letters that may be its own or another's before nobody can tell.
UNSURE = 0.25
#: Share of a passage's letters that may have moved away from the others.
TORN = 0.15
#: Share of words from which a new section in the place of one that is gone may be the same, written anew.
REWORDED = 0.4
#: Letters from which words are more than a turn of phrase, and which share of a section they are when it may be
#: what is left of another one, or when it is surely a piece of it.
TOLD = 12
MAYBE_LEFT = 0.5
SURELY_LEFT = 0.8
#: Sections into which one may be cut.
_PIECES = 12
#: Words looked at beside a passage.
_BESIDE = 3
#: Words by which a place found by likeness may grow.
_WIDER = 8
#: Places looked for in one of them.
_IN_ONE_SECTION = 2


@dataclass(frozen=True)
class Passage:
    """Words of a section of the old edition, by the section's number and their offsets in it."""

    key: int
    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """Where a passage stands in the new edition, and how it was found: `exact`, `moved` or `changed`."""

    key: int
    start: int
    end: int
    how: str


def _says_the_same(one: str, other: str) -> bool:
    """Whether two sections are alike, or a piece of one that is no mere phrase stands in the other."""
    if fuzz.ratio(one, other) >= DOUBLE:
        return True
    return min(len(one), len(other)) >= TELLING and fuzz.partial_ratio(one, other) >= PIECE


class Reanchoring:
    """Finds passages of one edition in the next. Keeps what it worked out about pairs of sections."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = old, new
        self._mapped: dict[int, list[int]] = {}
        self._changed = [key for key, words in old.plain.items() if new.plain.get(key) != words]
        self._doubles: dict[int, bool] = {}
        self._others: dict[int, bool] = {}
        self._nearest: dict[int, tuple[int, int]] | None = None
        self._unlike = [key for key, words in new.plain.items() if old.plain.get(key) != words]
        self._fresh = [key for key in new.text if key not in old.text]
        self._kept: tuple[dict[int, tuple[int, int]], ...] | None = None
        self._runs: list[tuple[str, set[str]]] | None = None

    def find(self, passage: Passage) -> Place | None:
        """Where the passage stands now; None when nobody can be sure."""
        words = self.old.plain[passage.key][passage.start : passage.end]
        if not words.strip():
            return None
        stays, place = self._same_section(passage, words)
        if stays:
            return place
        return self._elsewhere(passage, words)

    # The same section.

    def _pairs(self, key: int) -> list[int]:
        """For every word of the old section, its word in the new one, or -1."""
        if key not in self._mapped:
            before, after = self.old.cut(key).words, self.new.cut(key).words
            self._mapped[key] = paired(before, after)
        return self._mapped[key]

    def _same_section(self, passage: Passage, words: str) -> tuple[bool, Place | None]:
        """Whether what is left of the passage is in its own section, and its place there if it is sure."""
        key = passage.key
        if key not in self.new.text:
            return False, None
        if self._reads_as_it_did(key):
            return True, Place(key, passage.start, passage.end, "exact")
        if self._has_double(key) or self._is_elsewhere(key) or self._is_another(key):
            return True, None
        cut, now = self.old.cut(key), self.new.cut(key)
        first, last = cut.around(passage.start, passage.end)
        pairs = self._pairs(key)
        landed: list[int] | None = [one for one in pairs[first:last] if one >= 0]
        if not landed:
            return False, None
        # What is not alike with its strays is not taken for being alike without them.
        if fuzz.ratio(words, self.new.plain[key][now.starts[landed[0]] : now.ends[landed[-1]]]) < ALIKE:
            return 2 * len(landed) > last - first, None
        if self._may_have_slid(key, first, last, landed):
            return True, None
        if torn(cut.words, now.words, pairs, first, last) > TORN * cut.letters(first, last):
            return True, None
        landed = without_strays(cut.words, now.words, pairs, first, last)
        if landed is None:
            return True, None
        start, end = now.starts[landed[0]], now.ends[landed[-1]]
        # A passage that began or ended within a word keeps that beginning and end.
        if pairs[first] == landed[0]:
            start += max(0, passage.start - cut.starts[first])
        if pairs[last - 1] == landed[-1]:
            end -= max(0, cut.ends[last - 1] - passage.end)
        found = self.new.plain[key][start:end]
        if end <= start or fuzz.ratio(words, found) < ALIKE:
            return 2 * len(landed) > last - first, None
        if len(words) < TELLING:
            whole = pairs[first] == landed[0] and pairs[last - 1] == landed[-1]
            if (
                not whole
                or (found != words and len(words) < SHORT)
                or self._is_doubled(key, first, last, landed)
            ):
                return True, None
        if not self._is_ours(passage, words, key, start, end):
            return True, None
        return True, Place(key, start, end, "exact" if found == words else "changed")

    def _reads_as_it_did(self, key: int) -> bool:
        """Whether a section is word for word what it was, between the same two, or beside one of them with no double."""
        if self.old.plain[key] != self.new.plain[key]:
            return False
        return self._neighbours(key) == 2 or (self._beside_still(key) and not self._has_double(key))

    def _beside_still(self, key: int) -> bool:
        """Whether one of the sections beside it stood there before. The edges of the text are none."""
        pairs = zip(self.old.beside(key), self.new.beside(key), strict=True)
        return any(one == other and one is not None and one >= 0 for one, other in pairs)

    def _may_have_slid(self, key: int, first: int, last: int, landed: list[int]) -> bool:
        """Whether much of a passage is said again right beside what came in or went: it may be the other one of two."""
        old, new, pairs = self.old.cut(key), self.new.cut(key), self._pairs(key)
        taken = {one for one in pairs if one >= 0}
        gone = [one < 0 for one in pairs]
        came = [at not in taken for at in range(len(new.words))]
        lost = max((abs(there - here) for here, there in slides(old, gone, first, last)), default=0)
        mixed = max(
            (there for here, there in slides(new, came, landed[0], landed[-1] + 1) if not here), default=0
        )
        return max(lost, mixed) > UNSURE * old.letters(first, last)

    def _is_doubled(self, key: int, first: int, last: int, landed: list[int]) -> bool:
        """Whether words that came in right beside a passage repeat it or what is on its other side, or that went do.

        Then they may have come in or gone before it as well as after it, and nobody can tell which are the old ones.
        """
        old, new, pairs = self.old.cut(key).words, self.new.cut(key).words, self._pairs(key)
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

    def _is_ours(self, passage: Passage, words: str, key: int, start: int, end: int) -> bool:
        """Whether the place is this passage's and no other's, and the passage has no other place as good."""
        before, after = self.old.plain[passage.key], self.new.plain[key]
        ours = likeness(before, passage.start, passage.end, after, start, end)
        # Between the same two, a section that is surely the same can be mistaken only within itself.
        settled = self._neighbours(key) == 2 and self._is_one(key)
        for phrase in {words, after[start:end]}:
            for at in all_of(phrase, before):
                apart = at >= passage.end or passage.start >= at + len(phrase)
                if apart and ours < MARGIN + likeness(before, at, at + len(phrase), after, start, end):
                    return False
            for rival, at in () if settled else self._unsettled(phrase, key):
                if ours < MARGIN + likeness(self.old.plain[rival], at, at + len(phrase), after, start, end):
                    return False
        fit = self._fit(passage, words, key, start, end)
        for rival, at, to in self._places(passage, words):
            if (rival == key and at < end and start < to) or (settled and rival != key):
                continue
            if self._fit(passage, words, rival, at, to) + APART <= fit or self._known(rival, at, to) == 1.0:
                continue
            if rival == key or self._neighbours(key) < 2 or self._neighbours(rival, key):
                return False
        if self._is_one(key):
            return True
        # A section written anew may say something like it: then all around, or many words, have to be the same.
        return ours >= ALIKE or (after[start:end] == words and len(words) >= TELLING)

    def _has_double(self, key: int) -> bool:
        """Whether a section is no longer where it was, and a new one is like it: one of them may be the copy."""
        if key not in self._doubles:
            words, still = self.new.plain[key], self._beside_still(key)
            was = set(self.old.beside(key))
            self._doubles[key] = self._neighbours(key) < 2 and (
                (not still and (self.old.repeats(self.old.plain[key]) or self.new.repeats(words)))
                or any(
                    rival not in self.old.text
                    # Beside one of its old neighbours it is the old one, unless the other one is as near to them.
                    and (not still or was.intersection(self._near(rival)))
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
        if self._beside_still(key):
            return False
        was = self.old.beside(key)
        words = self.old.cut(key).words
        kept = [len(word) if at >= 0 else 0 for word, at in zip(words, self._pairs(key), strict=True)]
        for rival in [one for one in self._unlike if one != key]:
            if {rival, *self._near(rival)} & set(was):
                said, letters = self._said(words, kept, rival)
                if said >= TOLD and said >= MAYBE_LEFT * min(letters, sum(kept)):
                    return True
        return False

    def _said(self, words: list[str], weights: list[int], rival: int) -> tuple[int, int]:
        """How much of some words is new in a section, in their order, by their weights; how many letters are new."""
        theirs = self.new.cut(rival).words
        if rival in self.old.text:
            taken = set(self._pairs(rival))
            theirs = [word for at, word in enumerate(theirs) if at not in taken]
        said = sum(
            sum(weights[block.src_start : block.src_end])
            for block in Indel.opcodes(words, theirs)
            if block.tag == "equal"
        )
        return said, sum(map(len, theirs))

    def _near(self, key: int) -> tuple[int, int]:
        """The nearest sections before and after one that were there before."""
        if self._nearest is None:
            self._nearest = {}
            before: dict[int, int] = {}
            last = -1
            for one in self.new.text:
                before[one] = last
                last = one if one in self.old.text else last
            last = -2
            for one in reversed(self.new.text):
                self._nearest[one] = (before[one], last)
                last = one if one in self.old.text else last
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

    def _unsettled(self, phrase: str, key: int) -> list[tuple[int, int]]:
        """Where a phrase stood before in other sections that have changed since, or are gone."""
        return [
            (rival, at)
            for rival in self._changed
            if rival != key and phrase in self.old.plain[rival]
            for at in all_of(phrase, self.old.plain[rival])
        ]

    def _is_one(self, key: int) -> bool:
        """Whether a section is so like what it was that it is surely the same."""
        return fuzz.ratio(self.old.plain[key], self.new.plain[key]) >= ALIKE

    def _is_elsewhere(self, key: int) -> bool:
        """Whether a section left its place among those that stayed and is worded otherwise: it may be another one."""
        if self._kept is None:
            self._kept = tuple(
                links([key for key in one.text if key in other.text])
                for one, other in ((self.old, self.new), (self.new, self.old))
            )
        was, now = (beside[key] for beside in self._kept)
        stayed = any(one == other for one, other in zip(was, now, strict=True))
        return not stayed and fuzz.ratio(self.old.plain[key], self.new.plain[key]) < SAME

    def _is_another(self, key: int) -> bool:
        """Whether a changed section's words are more another's: of what it was, or of what another one was."""
        if key not in self._others:
            was, now = self.old.cut(key).words, self.new.cut(key).words
            kept = holds(was, now)
            self._others[key] = self.old.plain[key] != self.new.plain[key] and (
                any(
                    holds(was, self.new.cut(rival).words) > kept
                    for rival in self.new.holders(was)
                    if rival != key and rival in self._unlike
                )
                or any(
                    holds(now, self.old.cut(rival).words) > kept
                    for rival in self.old.holders(now)
                    if rival != key
                )
            )
        return self._others[key]

    def _neighbours(self, key: int, like: int | None = None) -> int:
        """How many of the sections beside it stood beside it (or beside `like`) before."""
        was, now = self.old.beside(key if like is None else like), self.new.beside(key)
        return sum(one == other for one, other in zip(was, now, strict=True))

    # Elsewhere.

    def _known(self, key: int, start: int, end: int) -> float:
        """Which share of the words there, and of those around, stood in the same section before."""
        if key not in self.old.text:
            return 0.0
        first, last = self.new.cut(key).around(start, end)
        pairs = {one for one in self._pairs(key) if one >= 0}
        count = len(self.new.cut(key).words)
        inside = range(first, last)
        wide = range(max(0, first - 4), min(count, last + 4))
        return min(sum(one in pairs for one in some) / max(1, len(some)) for some in (inside, wide))

    def _places(self, passage: Passage, words: str) -> set[tuple[int, int, int]]:
        """Where the words stand, or words at all like them."""
        found = self.new.occurrences(words)
        if not found:  # nowhere, or nearly everywhere: then what is new in the text could be it
            found = [(key, at) for key in self._fresh for at in all_of(words, self.new.plain[key])]
        places = {(key, at, at + len(words)) for key, at in found}
        exact = {(key, start) for key, start, _end in places}
        cut = self.old.cut(passage.key)
        first, last = cut.around(passage.start, passage.end)
        for key in self.new.holders(cut.words[max(0, first - 12) : last + 12]):
            text = self.new.plain[key]
            for _n in range(_IN_ONE_SECTION):
                near = fuzz.partial_ratio_alignment(words, text, score_cutoff=RIVAL)
                if near is None or near.src_end - near.src_start < 0.6 * len(words):
                    break
                start, end = self._widened(words, key, *self._on_words(key, near.dest_start, near.dest_end))
                if (key, start) not in exact:
                    places.add((key, start, end))
                text = (
                    text[: near.dest_start] + "\0" * (near.dest_end - near.dest_start) + text[near.dest_end :]
                )
        return places

    def _fit(self, passage: Passage, words: str, key: int, start: int, end: int) -> float:
        """How well a place fits, by its words and by what stands around them, each letter weighing the same: 0 to 100."""
        text = self.new.plain[key]
        alike = fuzz.ratio(words, text[start:end])
        before = self.old.plain[passage.key]
        near, length = around(before, passage.start, passage.end, text, start, end)
        return (alike * len(words) + near * length) / (len(words) + length)

    def _elsewhere(self, passage: Passage, words: str) -> Place | None:
        """The likeliest place, if it is likely enough and neither another place nor another passage comes near."""
        before = self.old.plain[passage.key]
        if not self.old.occurrences(words):
            return None  # it stood nearly everywhere
        ranked = sorted(
            (
                (self._fit(passage, words, key, start, end), key, start, end)
                for key, start, end in self._places(passage, words)
                if self._known(key, start, end) < 1.0
            ),
            reverse=True,
        )
        if not ranked:
            return None
        fit, key, start, end = ranked[0]
        text = self.new.plain[key]
        found = text[start:end]
        if self._known(key, start, end) > 0.5 or (len(ranked) > 1 and fit - ranked[1][0] < FAR_APART):
            return None
        ours = likeness(before, passage.start, passage.end, text, start, end)
        context = self._context(passage, text, start, end)
        if found == words:
            alone = len(words) >= TELLING and context == 0
            least = ALIKE if len(words) >= TELLING else SAME
            sure = alone or (ours >= least and context >= TELLING // 2 and context + len(words) >= EVIDENCE)
        else:
            sure = (
                len(words) >= TELLING
                and fuzz.ratio(words, found) >= ALIKE
                and ours >= ALIKE
                and context >= TELLING
            )
        if not sure or (context and self._left_behind(passage)):
            return None
        if self._is_cut_up(passage, key):
            return None
        for phrase in {words, found}:
            for rival, at in self.old.occurrences(phrase, 400):
                if rival == passage.key and at < passage.end and passage.start < at + len(phrase):
                    continue
                theirs = self._at_most(passage, rival, at, at + len(phrase), text, start, end)
                if ours < theirs + MARGIN:
                    return None
        return Place(key, start, end, "moved" if found == words else "changed")

    def _is_cut_up(self, passage: Passage, key: int) -> bool:
        """Whether a new section besides this one is a piece of the passage: what stands whole is then a copy."""
        cut = self.old.cut(passage.key)
        first, last = cut.around(passage.start, passage.end)
        words = cut.words[first:last]
        weights = [len(word) for word in words]
        for rival in self._fresh:
            if rival != key:
                said, letters = self._said(words, weights, rival)
                if said >= TOLD and said >= SURELY_LEFT * letters:
                    return True
                in_place = {rival, *self._near(rival)} & set(self.old.beside(passage.key))
                if in_place and shared(cut.words, self.new.cut(rival).words) >= REWORDED:
                    return True
        return False

    def _at_most(
        self, passage: Passage, rival: int, at: int, to: int, text: str, start: int, end: int
    ) -> float:
        """How alike what stands around another passage is, at its best: as far as ours reaches, or as far as it does.

        A passage at the edge of its section has less around it that could be unlike.
        """
        theirs, ours = self.old.plain[rival], self.old.plain[passage.key]
        left, right = max(0, at - passage.start), to + len(ours) - passage.end
        near = theirs[left:right]
        return max(
            likeness(theirs, at, to, text, start, end),
            likeness(near, at - left, to - left, text, start, end),
        )

    def _left_behind(self, passage: Passage) -> bool:
        """Whether what stood around a passage is still in its section: what stands around it elsewhere is a copy."""
        if passage.key not in self.new.text:
            return False
        first, last = self.old.cut(passage.key).around(passage.start, passage.end)
        pairs = self._pairs(passage.key)
        beside = pairs[max(0, first - 2 * _BESIDE) : first] + pairs[last : last + 2 * _BESIDE]
        return 2 * sum(one >= 0 for one in beside) > len(beside)

    def _context(self, passage: Passage, text: str, start: int, end: int) -> int:
        """Over how many characters two passages can be compared besides their own words."""
        before = self.old.plain[passage.key]
        return min(CONTEXT, passage.start, start) + min(CONTEXT, len(before) - passage.end, len(text) - end)

    def _widened(self, words: str, key: int, start: int, end: int) -> tuple[int, int]:
        """A place with a few words more at its end or beginning when it is likelier with them."""
        cut, text = self.new.cut(key), self.new.plain[key]
        first, last = cut.around(start, end)
        ends = [end, *cut.ends[last : last + _WIDER]]
        starts = [start, *cut.starts[max(0, first - _WIDER) : first]]
        tried = [(start, one) for one in ends] + [(one, end) for one in starts[1:]]
        return max(tried, key=lambda place: fuzz.ratio(words, text[place[0] : place[1]]))

    def _on_words(self, key: int, start: int, end: int) -> tuple[int, int]:
        """A range of characters moved to the words it mostly covers."""
        cut = self.new.cut(key)
        first, last = cut.around(start, end)
        while first < last and start - cut.starts[first] > cut.ends[first] - start:
            first += 1
        while last > first and end - cut.starts[last - 1] < cut.ends[last - 1] - end:
            last -= 1
        return (cut.starts[first], cut.ends[last - 1]) if last > first else (start, end)
