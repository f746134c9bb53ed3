"""Where a passage of one edition stands in the next. Plain values in, plain values out: no Flask, no SQL.

The order is: the same section, word by word against what it was; the same words elsewhere, with what stood
around them; words alike elsewhere; or nowhere. A place that could as well be another passage's is no place: a
remark that says "the text has changed" is right, one that points at other words is wrong.
"""

from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from consultations.drafting.alignment import (
    KEPT,
    UNSURE,
    estranged,
    is_doubled,
    may_have_slid,
    paired,
    repeated,
    shared,
    torn,
    without_strays,
)
from consultations.drafting.doubles import ALIKE, REWORDED, SAME, SURELY_LEFT, TELLING, TOLD, Sections
from consultations.drafting.joining import Joined
from consultations.drafting.surroundings import CONTEXT, all_of, around, likeness
from consultations.drafting.wording import Edition

#: By how much a place must be likelier than any other.
MARGIN = 6.0
#: By how much it must fit better than words that are new, and might be the passage written anew.
APART = 15.0
#: The same for a place outside its section.
FAR_APART = 25.0
#: Likeness from which words might be the passage.
RIVAL = 60.0
#: Shorter words are found word for word or not at all.
SHORT = 35
#: Letters, of a passage and around it, by which one that moved is known again.
EVIDENCE = 60
#: Share of a changed passage's letters that it may say twice.
DOUBLED = 0.5
#: Share of a passage's letters that may have moved away from the others.
TORN = 0.15
#: Share of what a place's section says of the passage's own that a third one says too when one of them is a copy.
COPIED = 0.3
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
    """Where a passage stands in the new edition, and how it was found: `exact`, `doubtful`, `moved` or `changed`."""

    key: int
    start: int
    end: int
    how: str


class Reanchoring:
    """Finds passages of one edition in the next. Keeps what it worked out about pairs of sections."""

    def __init__(self, old: Edition, new: Edition) -> None:
        self.old, self.new = old, new
        self.sections = Sections(old, new)
        self.joined = Joined(self.sections)

    def find(self, passage: Passage) -> Place | None:
        """Where the passage stands now; None when nobody can be sure."""
        words = self.old.plain[passage.key][passage.start : passage.end]
        if not words.strip():
            return None
        stays, place = self._same_section(passage, words)
        if place is not None and place.how == "exact" and self._is_doubtful(words, place):
            return replace(place, how="doubtful")
        if stays:
            return place
        return self._where_joined(passage, words) or self._elsewhere(passage, words)

    def _is_doubtful(self, words: str, place: Place) -> bool:
        """Whether a passage's very words in its section may be another's: people are asked to look.

        They may when neither of the sections it stood beside stands beside it any more; when one does not and the text
        says the words more often than it did; when a section that changed says them twice; and when that one changed
        much and they are not the only such words.
        """
        key = place.key
        before, after = self.old.plain[key], self.new.plain[key]
        beside = self.sections.neighbours(key)
        if beside == 0 or (beside == 2 and before == after):
            return beside == 0
        found = after[place.start : place.end]
        was, now = len(self.old.occurrences(words)), len(self.new.occurrences(found))
        if beside < 2 and now > was:
            return True
        twice = before != after and max(len(all_of(words, before)), len(all_of(found, after))) > 1
        return twice or not (beside == 2 or self.sections.is_one(key) or was == now == 1)

    # A section joined with another.

    def _where_joined(self, passage: Passage, words: str) -> Place | None:
        """The passage in the section into which its own was joined whole, word for word; None when unsure."""
        host = self.joined.host(passage.key)
        if host is None:
            return None
        key, pairs = host
        cut, now = self.old.cut(passage.key), self.new.cut(key)
        first, last = cut.around(passage.start, passage.end)
        landed = pairs[first:last]
        if min(landed) < 0 or landed[-1] - landed[0] + 1 != len(landed):
            return None
        start = now.starts[landed[0]] + max(0, passage.start - cut.starts[first])
        end = now.ends[landed[-1]] - max(0, cut.ends[last - 1] - passage.end)
        if self.new.plain[key][start:end] != words:
            return None
        before, after = self.old.plain[passage.key], self.new.plain[key]
        ours = likeness(before, passage.start, passage.end, after, start, end)
        for at in all_of(words, after):
            if at != start and ours < MARGIN + likeness(
                before, passage.start, passage.end, after, at, at + len(words)
            ):
                return None
        return None if self._is_unsure_there(passage, key, start, end) else Place(key, start, end, "moved")

    # The same section.

    def _same_section(self, passage: Passage, words: str) -> tuple[bool, Place | None]:
        """Whether what is left of the passage is in its own section, and its place there if it is sure."""
        key = passage.key
        if key not in self.new.text:
            return False, None
        if self._reads_as_it_did(key):
            return True, Place(key, passage.start, passage.end, "exact")
        if self.sections.has_double(key) or self.sections.is_elsewhere(key) or self.sections.is_another(key):
            return True, None
        if self.sections.lost_itself(key):
            return True, None
        cut, now = self.old.cut(key), self.new.cut(key)
        first, last = cut.around(passage.start, passage.end)
        pairs = self.sections.pairs(key)
        landed = [one for one in pairs[first:last] if one >= 0]
        if not landed:
            return False, None
        # What is not alike with its strays is not taken for being alike without them.
        if fuzz.ratio(words, self.new.plain[key][now.starts[landed[0]] : now.ends[landed[-1]]]) < ALIKE:
            return 2 * len(landed) > last - first, None
        if torn(cut.words, now.words, pairs, first, last) > TORN * cut.letters(first, last):
            return True, None
        if estranged(cut.words, now.words, pairs, first, last) > UNSURE * cut.letters(first, last):
            return True, None
        nearer = without_strays(cut.words, now.words, pairs, first, last)
        if nearer is None or may_have_slid(cut, now, pairs, (first, last), *nearer):
            return True, None
        landed = nearer[1]
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
                or is_doubled(cut.words, now.words, pairs, (first, last), landed)
            ):
                return True, None
        if found != words and repeated(cut.words[first:last]) > DOUBLED * cut.letters(first, last):
            return True, None
        if not self._is_ours(passage, words, key, start, end):
            return True, None
        return True, Place(key, start, end, "exact" if found == words else "changed")

    def _reads_as_it_did(self, key: int) -> bool:
        """Whether a section is word for word what it was, between the same two, or beside one of them with no double."""
        if self.old.plain[key] != self.new.plain[key]:
            return False
        return self.sections.neighbours(key) == 2 or (
            self.sections.beside_still(key) and not self.sections.has_double(key)
        )

    def _is_ours(self, passage: Passage, words: str, key: int, start: int, end: int) -> bool:
        """Whether the place is this passage's and no other's, and the passage has no other place as good."""
        before, after = self.old.plain[passage.key], self.new.plain[key]
        ours = likeness(before, passage.start, passage.end, after, start, end)
        # Between the same two, a section that is surely the same can be mistaken only within itself.
        settled = self.sections.neighbours(key) == 2 and self.sections.is_one(key)
        for phrase in {words, after[start:end]}:
            for at in all_of(phrase, before):
                apart = at >= passage.end or passage.start >= at + len(phrase)
                if apart and ours < MARGIN + likeness(before, at, at + len(phrase), after, start, end):
                    return False
            for rival, at in () if settled else self._unsettled(phrase, key):
                if ours < MARGIN + likeness(self.old.plain[rival], at, at + len(phrase), after, start, end):
                    return False
            # Even what another section says still: here it may have been said again, or first.
            for rival, at in () if settled else self.old.occurrences(phrase):
                theirs = likeness(self.old.plain[rival], at, at + len(phrase), after, start, end)
                if rival != key and theirs > ours + MARGIN:
                    return False
        fit = self._fit(passage, key, start, end)
        for rival, at, to in self._places(passage, words):
            if (rival == key and at < end and start < to) or (settled and rival != key):
                continue
            if self._fit(passage, rival, at, to) + APART <= fit or self._known(rival, at, to) == 1.0:
                continue
            if rival == key or self.sections.neighbours(key) < 2 or self.sections.neighbours(rival, key):
                return False
        if self.sections.is_one(key):
            return True
        # A section written anew may say something like it: then all around, or many words, have to be the same.
        return ours >= ALIKE or (after[start:end] == words and len(words) >= TELLING)

    def _unsettled(self, phrase: str, key: int) -> list[tuple[int, int]]:
        """Where a phrase stood before in other sections that have changed since, or are gone."""
        return [
            (rival, at)
            for rival in self.sections.changed
            if rival != key and phrase in self.old.plain[rival]
            for at in all_of(phrase, self.old.plain[rival])
        ]

    # Elsewhere.

    def _known(self, key: int, start: int, end: int) -> float:
        """Which share of the words there, and of those around, stood in the same section before."""
        if key not in self.old.text:
            return 0.0
        first, last = self.new.cut(key).around(start, end)
        pairs = {one for one in self.sections.pairs(key) if one >= 0}
        count = len(self.new.cut(key).words)
        inside = range(first, last)
        wide = range(max(0, first - 4), min(count, last + 4))
        return min(sum(one in pairs for one in some) / max(1, len(some)) for some in (inside, wide))

    def _places(self, passage: Passage, words: str) -> set[tuple[int, int, int]]:
        """Where the words stand, or words at all like them."""
        found = self.new.occurrences(words)
        if not found:  # nowhere, or nearly everywhere: then what is new in the text could be it
            found = [(key, at) for key in self.sections.fresh for at in all_of(words, self.new.plain[key])]
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

    def _fit(self, passage: Passage, key: int, start: int, end: int) -> float:
        """How well a place fits, by its words and by what stands around them, each letter weighing the same: 0 to 100."""
        before, text = self.old.plain[passage.key], self.new.plain[key]
        words = before[passage.start : passage.end]
        alike = fuzz.ratio(words, text[start:end])
        near, length = around(before, passage.start, passage.end, text, start, end)
        return (alike * len(words) + near * length) / (len(words) + length)

    def _elsewhere(self, passage: Passage, words: str) -> Place | None:
        """The likeliest place, if it is likely enough and neither another place nor another passage comes near."""
        before = self.old.plain[passage.key]
        if not self.old.occurrences(words):
            return None  # it stood nearly everywhere
        ranked = sorted(
            (
                (self._fit(passage, key, start, end), key, start, end)
                for key, start, end in self._places(passage, words)
                if self._known(key, start, end) < 1.0
            ),
            reverse=True,
        )
        if not ranked:
            return None
        fit, key, start, end = ranked[0]
        trimmed = self._on_ours(passage, key, start, end)
        if trimmed is None:
            return None
        start, end = trimmed
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
        if self._is_cut_up(passage, key) or self._is_copied(passage, key):
            return None
        if self._is_unsure_there(passage, key, start, end):
            return None
        for phrase in {words, found}:
            for rival, at in self.old.occurrences(phrase, 400):
                if rival == passage.key and at < passage.end and passage.start < at + len(phrase):
                    continue
                theirs = self._at_most(passage, rival, at, at + len(phrase), text, start, end)
                if ours < theirs + MARGIN:
                    return None
        if self._is_anothers(passage, Place(key, start, end, "moved")):
            return None
        return Place(key, start, end, "moved" if found == words else "changed")

    def _on_ours(self, passage: Passage, key: int, start: int, end: int) -> tuple[int, int] | None:
        """A place cut down to where the passage's words begin and end in it; None when nobody can tell where."""
        words = self.old.plain[passage.key][passage.start : passage.end]
        if words == self.new.plain[key][start:end]:
            return start, end
        old, now = self.old.cut(passage.key), self.new.cut(key)
        ours, theirs = old.around(passage.start, passage.end), now.around(start, end)
        was, there = old.words[slice(*ours)], now.words[slice(*theirs)]
        nearer = without_strays(was, there, paired(was, there), 0, len(was))
        if nearer is None or not nearer[1]:
            return None
        landed = nearer[1]
        if sum(len(there[one]) for one in landed) < KEPT * sum(map(len, was)):
            return None
        return max(start, now.starts[theirs[0] + landed[0]]), min(end, now.ends[theirs[0] + landed[-1]])

    def _is_cut_up(self, passage: Passage, key: int) -> bool:
        """Whether a new section besides this one is a piece of the passage: what stands whole is then a copy."""
        cut = self.old.cut(passage.key)
        first, last = cut.around(passage.start, passage.end)
        words = cut.words[first:last]
        weights = [len(word) for word in words]
        for rival in self.sections.fresh:
            if rival != key:
                said, letters = self.sections.said(words, weights, rival)
                if said >= TOLD and said >= SURELY_LEFT * letters:
                    return True
                in_place = self.sections.place_of(passage.key).intersection(self.sections.near(rival))
                if in_place and shared(cut.words, self.new.cut(rival).words) >= REWORDED:
                    return True
        return False

    def _is_anothers(self, passage: Passage, place: Place) -> bool:
        """Whether other words that changed since, or are gone, would fit a place as well: asked the other way round."""
        key, start, end = place.key, place.start, place.end
        found, now = self.new.plain[key][start:end], self.new.cut(key)
        first, last = now.around(start, end)
        ours = self._fit(passage, key, start, end)
        for rival in self.old.holders(now.words[max(0, first - 12) : last + 12]):
            text = self.old.plain[rival]
            if rival == passage.key or self.new.plain.get(rival) == text:
                continue
            near = fuzz.partial_ratio_alignment(found, text, score_cutoff=RIVAL)
            if near is None:
                continue
            other = Passage(rival, near.dest_start, near.dest_end)
            if ours < MARGIN + self._fit(other, key, start, end):
                return True
        return False

    def _is_copied(self, passage: Passage, key: int) -> bool:
        """Whether much of what only the passage's section said stands in two sections now: one of them is a copy."""
        for rival in self.new.holders(self.old.cut(passage.key).words):
            if rival != key and rival in self.sections.unlike:
                again, told = self.sections.claimed(passage.key, key, rival)
                if again > COPIED * told:
                    return True
        return False

    def _is_unsure_there(self, passage: Passage, key: int, start: int, end: int) -> bool:
        """Whether nobody can tell at a place elsewhere which words of it are the passage's, as in its own section."""
        cut, now = self.old.cut(passage.key), self.new.cut(key)
        first, last = cut.around(passage.start, passage.end)
        at, to = now.around(start, end)
        pairs = paired(cut.words, now.words)
        landed = [one for one in pairs[first:last] if at <= one < to]
        if not landed:
            return False
        if may_have_slid(cut, now, pairs, (first, last), landed, landed):
            return True
        short = passage.end - passage.start < TELLING
        return short and is_doubled(cut.words, now.words, pairs, (first, last), landed)

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
        pairs = self.sections.pairs(passage.key)
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
