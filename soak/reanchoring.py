"""The consult.reanchor.* figures: remarks on drafts rewritten at random, and where they are found again.

The judge knows the truth from the rewriting and asks two things of every passage. Given up, it must be broken up or
gone: less than 0.8 of its letters survive together. Found, the place must hold three quarters of what survives and
be at most half as long again, or as long as the passage was: a reader then sees the remark beside its words, where a
new one may stand in an old one's place, and not beside a whole page.

A place that is marked, so that readers, the author and staff are told to look, is not a silent one
(`silent`: put on other words and not marked; `marked`: the share of places that are).

In three cases the judge takes another place too, because several histories of the draft end in the same texts, letter
for letter, and whoever is given the texts alone could be right by chance only (`truths_of`, `stays_as_it_was`):

- a copy was set right beside what it was copied from: which of the two is the copy, no text tells;
- at most an eighth is left of the passage's paragraph, or of the sentence that was copied, and it was copied once:
  copied and struck out is what moving is;
- a paragraph reads as it did, letter for letter, between the same two paragraphs or where most of the passage's own
  words are, or the place itself does and holds all that survives: that words were struck out and written again leaves
  no trace.

Anything else found away from the passage's own words is misplaced, also on a copy that reads the same while any
part of the old paragraph is still there.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

from bench.results import Results
from consultations.drafting.anchoring import Passage, Place, Reanchoring
from consultations.drafting.matching import match_sections
from consultations.drafting.wording import Edition
from soak.amendments import amend, make_regulation
from soak.redrafts import Draft, Marked, Truth, Written, make_draft, mark, rewrite, truths_of

#: Surviving share of a passage's letters from which giving it up is a failure.
FOUND_FROM = 0.8
#: Share of the surviving letters that a place must hold, and how much longer than where they are it may be.
HELD, LONGER = 0.75, 1.5
#: Drafts of one run, and passages marked in each.
DRAFTS, PASSAGES = 400, 40


@dataclass
class Tally:
    """What became of the passages, and the misplaced ones as something to look at."""

    counts: Counter[str] = field(default_factory=Counter)
    misplaced: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """How many passages were looked for."""
        return sum(self.counts[one] for one in ("right", "lost", "misplaced"))


def numbered(old: Draft, new: Draft) -> tuple[Edition, Edition]:
    """Both texts as editions of one draft: what was there before keeps its number."""
    before, after = old.texts(), new.texts()
    back = match_sections(before, after)
    keys = [back[at] if at in back else len(before) + at for at in range(len(after))]
    return Edition(enumerate(before)), Edition(zip(keys, after, strict=True))


def _covers(found: Place, words: tuple[tuple[int, int], ...], length: int) -> bool:
    """Whether a place holds most letters of these words, and little else."""
    held = sum(max(0, min(found.end, end) - max(found.start, start)) for start, end in words)
    letters = sum(end - start for start, end in words)
    most = max(length, LONGER * (words[-1][1] - words[0][0]) if words else 0)
    return held >= HELD * letters > 0 and found.end - found.start <= most


def judge(
    found: Place | None, truths: list[Truth], position: dict[int, int], length: int, stays: bool = False
) -> str:
    """`right`, `lost` (given up though it is there) or `misplaced` (put on other words).

    `length` is the passage's own; `stays` says that the place or its paragraph reads as it did, where it was.
    """
    if found is None:
        return "lost" if any(truth.share >= FOUND_FROM for truth in truths) else "right"
    at = position[found.key]
    right = stays or any(at == truth.paragraph and _covers(found, truth.words, length) for truth in truths)
    return "right" if right else "misplaced"


def reads_the_same(passage: Passage, found: Place | None, old: Edition, new: Edition, truth: Truth) -> bool:
    """Whether a place reads as the passage did and holds all that survives of it."""
    if found is None or list(new.text).index(found.key) != truth.paragraph:
        return False
    words = old.plain[passage.key][passage.start : passage.end]
    return new.plain[found.key][found.start : found.end] == words and all(
        found.start <= start and end <= found.end for start, end in truth.words
    )


def stays_as_it_was(passage: Passage, found: Place | None, old: Edition, new: Edition, truth: Truth) -> bool:
    """Whether a place is the passage's own in a paragraph that reads as it did, where it was."""
    if reads_the_same(passage, found, old, new, truth):
        return True
    if found is None or (found.key, found.start, found.end) != (passage.key, passage.start, passage.end):
        return False
    if old.plain[passage.key] != new.plain[found.key]:
        return False
    return list(new.text).index(found.key) == truth.paragraph or old.beside(found.key) == new.beside(
        found.key
    )


def one_draft(seed: int, tally: Tally, passages: int = PASSAGES, amended: bool = False) -> None:
    """A draft, its passages, a rewriting light or heavy, and the verdict on every passage."""
    chance = random.Random(seed)
    old = (make_regulation if amended else make_draft)(chance, chance.randrange(4, 26))
    marks: list[Marked] = [mark(chance, old) for _n in range(passages)]
    edits = chance.choice((1, 2, 4, 8, 16, 24, len(old.paragraphs)))
    new = (amend if amended else rewrite)(chance, old, edits)
    before, after = numbered(old, new)
    position = {key: at for at, key in enumerate(after.text)}
    search, written = Reanchoring(before, after), Written(new)
    for one in marks:
        passage = Passage(one.paragraph, one.start, one.end)
        found = search.find(passage)
        truths = truths_of(one, old, new, written)
        stays = stays_as_it_was(passage, found, before, after, truths[0])
        verdict = judge(found, truths, position, one.end - one.start, stays)
        tally.counts[verdict] += 1
        tally.counts["marked"] += found is not None and found.how != "exact"
        tally.counts["silent"] += verdict == "misplaced" and found is not None and found.how == "exact"
        if verdict == "misplaced":
            words = before.text[one.paragraph][one.start : one.end]
            tally.misplaced.append(f"seed {seed}: {words!r} -> {found} (truth {truths})")


def measure(results: Results, rounds: int | None, only: str) -> None:
    """The share found right and how many were put on other words, of drafts edited at random and of amended ones."""
    for wanted, how, amended in (
        ("consult.reanchor.", "rewritten at random", False),
        ("consult.reanchor.amended.", "amended as a city hall does", True),
    ):
        if not (wanted.startswith(only) or only.startswith(wanted)):
            continue
        tally = Tally()
        drafts = rounds or DRAFTS
        for number in range(drafts):
            one_draft(results.seed * 1_000_000 + number, tally, amended=amended)
        for line in tally.misplaced[:20]:
            print(line)
        note = f"{tally.all} passages of {drafts} drafts {how}"
        results.add(f"{wanted}share", tally.counts["right"] / tally.all, "", note, drafts)
        results.add(f"{wanted}marked", tally.counts["marked"] / tally.all, "", note, drafts)
        results.add(f"{wanted}silent", tally.counts["silent"], "passages", note, drafts)
        results.add(f"{wanted}misplaced", tally.counts["misplaced"], "passages", note, drafts)
