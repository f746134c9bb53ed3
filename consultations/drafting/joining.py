"""Sections that were joined with others: where one of the old edition stands whole within a new one. Plain values.

What stands in a longer section as it did, beside what it stood beside, and nowhere else even in part, is that section.
"""

from consultations.drafting.alignment import ROW, paired
from consultations.drafting.doubles import WHOLE, Sections

#: Share of its letters that a third section may say as well.
ELSEWHERE = 0.1
#: Sections tried.
_HOSTS = 4


class Joined:
    """Hosts of old sections whose number is gone. Keeps what it worked out about each."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self._hosts: dict[int, tuple[int, list[int]] | None] = {}

    def host(self, key: int) -> tuple[int, list[int]] | None:
        """The new section into which an old one was joined and, for every word of it, its word there; None if unsure."""
        if key not in self._hosts:
            self._hosts[key] = self._find(key)
        return self._hosts[key]

    def _find(self, key: int) -> tuple[int, list[int]] | None:
        old, new = self.sections.old, self.sections.new
        words = old.cut(key).words
        if key in new.text or len(words) < ROW or old.repeats(old.plain[key]) > 1:
            return None
        for place in new.holders(words)[:_HOSTS]:
            pairs = self.sections.whole(key, place)
            if pairs is not None and self._came(place, pairs):
                sure = self._is_beside(key, place) and not self._is_contested(key, place, pairs)
                return (place, pairs) if sure else None
        return None

    def _came(self, place: int, pairs: list[int]) -> bool:
        """Whether nearly all of these words of a new section are new in it: what it said itself is no other's."""
        if place not in self.sections.old.text:
            return True
        own, words = set(self.sections.pairs(place)), self.sections.new.cut(place).words
        landed = [one for one in pairs if one >= 0]
        came = sum(len(words[one]) for one in landed if one not in own)
        return came >= WHOLE * sum(len(words[one]) for one in landed)

    def _is_beside(self, key: int, place: int) -> bool:
        """Whether a section stands beside, or was joined with, one it stood beside before."""
        new = self.sections.new
        before, after = self.sections.old.beside(key)
        left, right = new.beside(place)
        if (before is not None and before >= 0 and before in (left, place)) or (
            after is not None and after >= 0 and after in (right, place)
        ):
            return True
        return any(
            one is not None
            and one >= 0
            and one not in new.text
            and self.sections.whole(one, place) is not None
            for one in (before, after)
        )

    def _is_contested(self, key: int, place: int, pairs: list[int]) -> bool:
        """Whether a third section says some of it too, or another old one is as near to these words."""
        sections, cut = self.sections, self.sections.old.cut(key)
        if sections.twice(key, place, pairs):
            return True
        for rival in sections.new.holders(cut.words):
            if rival != place and rival in sections.unlike:
                again, told = sections.claimed(key, place, rival)
                if again > ELSEWHERE * told:
                    return True
        landed = [one for one in pairs if one >= 0]
        there = sections.new.cut(place).words[landed[0] : landed[-1] + 1]
        kept = sum(len(word) for word, at in zip(cut.words, pairs, strict=True) if at >= 0)
        for rival in sections.old.holders(there):
            if rival != key and rival in sections.altered:
                theirs = paired(there, sections.old.cut(rival).words)
                if sum(len(word) for word, at in zip(there, theirs, strict=True) if at >= 0) > WHOLE * kept:
                    return True
        return False
