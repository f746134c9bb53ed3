"""What may be keyed from a sheet, what of it counts, when a batch adds up, which sheets the dice choose. Plain values.

A sheet is keyed by the numbers printed beside its projects: `3 7 12`; `3*5 7*2` where points are given; `0` for a
sheet without a mark; `-` for one that cannot be counted at all (unreadable, torn, signed).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _

from voting.plan import FrozenRound, PlannedGroup

#: How many sheets are compared: 99 find an error in 3 % of the sheets, 299 one in 1 %, each with 95 % confidence.
SAMPLE_SIZES = (99, 299)
DICE = re.compile(r"[1-6]{20,100}")
MOST_SHEETS = 5_000
_SEPARATORS = re.compile(r"[\s,;+]+")
_TOKEN = re.compile(r"(\d{1,4})(?:[*=:x](\d{1,6}))?")

#: Why a line of a sheet is not counted.
REASONS: dict[str, Any] = {
    "unreadable": _("The sheet cannot be read, is torn, or says whose it is."),
    "too_many": _("More projects are marked than may be chosen."),
    "too_few": _("Fewer projects are marked than have to be chosen."),
    "too_dear": _("The projects marked cost more than may be spent."),
    "points": _("The points given break the rule of this part."),
    "places": _("The places are not 1, 2, 3 … without gaps."),
}


class Mistyped(ValueError):
    """What was typed cannot stand on such a sheet; `sentence` says what to change."""

    def __init__(self, sentence: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Entry:
    """What somebody read from a sheet: number of a project -> 1, points or place."""

    marks: Mapping[int, int] = field(default_factory=dict)
    unreadable: bool = False

    @property
    def canonical(self) -> str:
        """The one way to write it: the same for two people who read the same."""
        if self.unreadable:
            return "-"
        return " ".join(f"{number}={self.marks[number]}" for number in sorted(self.marks)) or "0"

    @classmethod
    def from_canonical(cls, text: str) -> "Entry":
        """The entry that `canonical` wrote."""
        if text == "-":
            return cls(unreadable=True)
        pairs = (token.split("=") for token in text.split()) if text != "0" else ()
        return cls({int(number): int(value) for number, value in pairs})


def numbers_of(plan: FrozenRound) -> dict[str, int]:
    """The number printed beside each project: its place among the codes of the whole round, from 1."""
    return {code: place for place, code in enumerate(sorted(plan.projects), start=1)}


def codes_by_number(plan: FrozenRound) -> dict[int, str]:
    """The project behind each printed number."""
    return {number: code for code, number in numbers_of(plan).items()}


def read_entry(plan: FrozenRound, offered: Iterable[str], typed: str) -> Entry:
    """What was typed from a sheet that offers these projects. Raises Mistyped with what to change.

    Too many marks are no mistake of the person who types: they are kept, and the line is rejected later.
    """
    text = typed.strip().lower()
    if text == "0":
        return Entry()
    if text in ("-", "x"):
        return Entry(unreadable=True)
    tokens = [token for token in _SEPARATORS.split(text) if token]
    if not tokens:
        raise Mistyped(_("Type the numbers marked on the sheet; 0 when nothing is marked."))
    codes, allowed, marks = codes_by_number(plan), set(offered), {}
    places: dict[int, int] = {}
    for token in tokens:
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise Mistyped(_("“%(typed)s” is no number of a project.", typed=token[:20]))
        number = int(found[1])
        code = codes.get(number)
        if code is None or code not in allowed:
            raise Mistyped(_("No project on this sheet has the number %(number)s.", number=number))
        if number in marks:
            raise Mistyped(_("The number %(number)s is typed twice.", number=number))
        group = plan.groups[plan.projects[code].group]
        value = None if found[2] is None else int(found[2])
        if group.kind == "points" and value is None:
            raise Mistyped(_("Type the points too: %(number)s*2 for two points.", number=number))
        if group.kind not in ("points", "ordinal") and value is not None:
            raise Mistyped(
                _("The project %(number)s is marked or not marked: it has no points.", number=number)
            )
        places[group.id] = places.get(group.id, 0) + 1
        marks[number] = value if value is not None else places[group.id] if group.kind == "ordinal" else 1
    return Entry(marks)


@dataclass(frozen=True)
class Reading:
    """What of a sheet counts: the choices of its valid parts, and each part that does not count with the reason."""

    choices: Mapping[str, Decimal]
    rejected: tuple[tuple[int | None, str], ...]

    @property
    def verdict(self) -> str:
        """`counted` when any part counts, `rejected` when parts were marked and none does, else `blank`."""
        return "counted" if self.choices else "rejected" if self.rejected else "blank"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rejected lines as they are stored."""
        return [{"group": group, "reason": reason} for group, reason in self.rejected]


def line_problem(plan: FrozenRound, group: PlannedGroup, values: Mapping[str, int]) -> str | None:
    """Why one part of a sheet does not count, as a key of `REASONS`. The frozen rules, as for a ballot online."""
    most = 1 if group.kind == "choose_one" else group.max_choices
    if most is not None and len(values) > most:
        return "too_many"
    if len(values) < group.min_choices:
        return "too_few"
    if group.max_cost is not None and sum(plan.projects[code].cost for code in values) > group.max_cost:
        return "too_dear"
    if group.kind == "points":
        each, total = group.points_each, group.points_total
        if min(values.values()) < 1 or (each is not None and max(values.values()) > each):
            return "points"
        return "points" if total is not None and sum(values.values()) > total else None
    if group.kind == "ordinal" and sorted(values.values()) != list(range(1, len(values) + 1)):
        return "places"
    return None


def read_sheet(plan: FrozenRound, entry: Entry) -> Reading:
    """Count part by part: a part marked wrongly is rejected alone, the others of the sheet stand."""
    if entry.unreadable:
        return Reading({}, ((None, "unreadable"),))
    codes, parts = codes_by_number(plan), dict[int, dict[str, int]]()
    for number, value in entry.marks.items():
        parts.setdefault(plan.projects[codes[number]].group, {})[codes[number]] = value
    choices: dict[str, Decimal] = {}
    rejected: list[tuple[int | None, str]] = []
    for group in sorted(parts):
        reason = line_problem(plan, plan.groups[group], parts[group])
        if reason is None:
            choices |= {code: Decimal(value) for code, value in parts[group].items()}
        else:
            rejected.append((group, reason))
    return Reading(choices, tuple(rejected))


@dataclass(frozen=True)
class BatchFacts:
    """The figures by which a batch is accepted or not."""

    marks: int
    returned: int
    spoilt: int
    not_returned: int
    minutes: bool
    keyed: int
    #: sheets with a final reading
    settled: int
    #: sheets on which the two people differ
    differing: int
    #: the newest sample was compared after the last change and found no difference
    sampled: bool


def batch_problems(facts: BatchFacts) -> list[Any]:
    """Why a batch cannot be accepted yet, in sentences; empty when everything adds up."""
    found: list[Any] = []
    accounted = facts.returned + facts.spoilt + facts.not_returned
    if facts.returned > facts.marks:
        found.append(
            _(
                "There are more sheets in the urn (%(returned)s) than were handed out (%(marks)s).",
                returned=facts.returned,
                marks=facts.marks,
            )
        )
    elif accounted != facts.marks:
        found.append(
            _(
                "Returned, spoilt and not returned make %(sum)s, but %(marks)s sheets were handed out.",
                sum=accounted,
                marks=facts.marks,
            )
        )
    if (facts.spoilt or facts.not_returned) and not facts.minutes:
        found.append(_("Write in the minutes what became of the sheets that are not in the urn."))
    found += keying_problems(facts)
    if not found and facts.returned and not facts.sampled:
        found.append(_("Compare a sample of the sheets, drawn by dice, with what was keyed."))
    return found


def keying_problems(facts: BatchFacts) -> list[Any]:
    """What is missing until every sheet has its reading."""
    found: list[Any] = []
    if facts.keyed != facts.returned:
        found.append(
            _(
                "%(keyed)s sheets are keyed, but %(returned)s were counted in the urn.",
                keyed=facts.keyed,
                returned=facts.returned,
            )
        )
    if facts.differing:
        found.append(_("On %(count)s sheets the two people differ: a third decides.", count=facts.differing))
    if facts.settled + facts.differing < facts.keyed:
        found.append(
            _("%(count)s sheets are keyed once: another person keys them again.",
              count=facts.keyed - facts.settled - facts.differing)
        )  # fmt: skip
    return found


def drawn(dice: str, serials: Sequence[int], size: int) -> list[int]:
    """The sheets the dice choose: the first `size` in the order of SHA-256 over `dice|number`; all when fewer.

    Anybody with the numbers and the dice thrown can draw them again.
    """
    order = sorted(serials, key=lambda serial: hashlib.sha256(f"{dice}|{serial}".encode()).digest())
    return sorted(order[:size])
