"""Votes of the council: what is counted, what majority is needed, what contradicts what. Plain values in and out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from civic.text import fold

CHOICES = ("for", "against", "abstained", "not_voting", "absent")
#: Those of a vote that a source may state in figures; who was absent is known from the names alone.
STATED = ("for", "against", "abstained", "not_voting")
#: Administrative Code (OUG 57/2019), art. 5 and 139.
MAJORITIES = ("simple", "absolute", "two_thirds")
KINDS = ("ordinary", "extraordinary", "urgent")
PRESENCES = ("present", "absent", "excused")
QUESTION_KINDS = ("question", "interpellation")
#: What of the records is kept as it was when it is corrected: of a meeting, of a vote, of a mandate.
OF_MEETING = ("kind", "held_on", "place", "convening", "in_office", "minutes_address", "recording")
OF_VOTE = ("title", "reports", "decision", "dimension", "secret", "majority")
TOTALS = tuple(f"stated_{name}" for name in STATED)
OF_MANDATE = ("name", "party", "independent", "commission", "starts_on", "ends_on")
RECORDED = ("choice", "presence", "signing", *TOTALS, *OF_MEETING, *OF_VOTE, *OF_MANDATE)
MAX_LINE, MAX_TITLE, MAX_TEXT = 300, 1_000, 20_000


@dataclass(frozen=True)
class Outcome:
    """What a majority asks for and whether it was there. `reached` is None when the records do not tell."""

    needed: int | None
    #: of how many the majority is taken
    base: int | None
    in_favour: int | None
    #: whether more than half of those in office were present
    quorum: bool | None
    reached: bool | None


def needed(majority: str, in_office: int, present: int) -> int:
    """How many votes for: the first whole number strictly greater than the share, as art. 5 (cc)-(ee) words it.

    >>> needed("simple", 27, 20), needed("absolute", 27, 20), needed("two_thirds", 27, 20)
    (11, 14, 19)
    """
    if majority == "simple":
        return present // 2 + 1
    return in_office // 2 + 1 if majority == "absolute" else in_office * 2 // 3 + 1


def outcome(majority: str, totals: Mapping[str, int], in_office: int) -> Outcome:
    """Whether the majority was reached by these totals, with this many councillors in office.

    >>> outcome("simple", {"for": 8, "against": 3, "abstained": 2}, 15).reached
    True
    >>> outcome("simple", {"for": 5}, 15).reached
    False
    """
    present = sum(count for choice, count in totals.items() if choice != "absent")
    if not present or not in_office:
        return Outcome(None, None, totals.get("for"), None, None)
    need = needed(majority, in_office, present)
    quorum = present > in_office // 2
    base = present if majority == "simple" else in_office
    return Outcome(need, base, totals.get("for", 0), quorum, quorum and totals.get("for", 0) >= need)


def contradictions(
    counted: Mapping[str, int], stated: Mapping[str, int | None]
) -> list[tuple[str, int, int]]:
    """(choice, what the source states, what its names add up to) wherever the two differ.

    >>> contradictions({"for": 8, "against": 2}, {"for": 9, "against": 2, "abstained": None})
    [('for', 9, 8)]
    """
    return [
        (choice, said, counted.get(choice, 0))
        for choice in STATED
        if (said := stated.get(choice)) is not None and counted and said != counted.get(choice, 0)
    ]


def totals_of(counted: Mapping[str, int], stated: Mapping[str, int | None]) -> dict[str, int]:
    """The totals that count: those of the names, and where there are no names those stated."""
    return dict(counted) if counted else {name: said for name, said in stated.items() if said is not None}


def name_key(name: str) -> str:
    """A person's name whatever the order of its parts.

    >>> name_key("Popescu  Ștefan") == name_key("ștefan popescu")
    True
    """
    return " ".join(sorted(fold(name).replace("-", " ").split()))


def names_in(words: str) -> list[str]:
    """The names of a list as sources write it: parted by semicolons, or by commas, or by lines.

    >>> names_in("Ana Pop; Ion Rus")
    ['Ana Pop', 'Ion Rus']
    """
    for mark in (";", "\n", ","):
        if mark in words:
            return [one.strip() for one in words.split(mark) if one.strip()]
    return [words.strip()] if words.strip() else []


def acts_in(words: str) -> list[tuple[str, int]]:
    """The (number, year) of acts that words name.

    >>> acts_in("HCL nr. 012/2026")
    [('12', 2026)]
    """
    found = re.findall(r"(\d{1,5})\s*/\s*((?:19|20)\d{2})", words)
    return [(str(int(number)), int(year)) for number, year in found]


# --- what a correction changed ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One thing that is written otherwise than before; of a mark, whose it is. Empty: nothing was, or is, written."""

    what: str
    former: str
    present: str
    member_id: int | None = None


def told(value: object) -> str:
    """A value as it is kept beside the one it became.

    >>> told(None), told(True), told(date(2026, 3, 12)), told(7)
    ('', 'yes', '2026-03-12', '7')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def reworded(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """What was written and is written otherwise. Writing where nothing stood corrects nothing.

    >>> reworded({"place": "Sala mare", "recording": ""}, {"place": "Sala mică", "recording": "https://x.ro"})
    [Change(what='place', former='Sala mare', present='Sala mică', member_id=None)]
    """
    pairs = [(name, told(value), told(after[name])) for name, value in before.items()]
    return [Change(name, was, now) for name, was, now in pairs if was and was != now]


def recounted(before: Mapping[str, int | None], after: Mapping[str, int | None]) -> list[Change]:
    """The totals that are stated otherwise, also where none was stated."""
    pairs = [(f"stated_{name}", told(before.get(name)), told(after.get(name))) for name in STATED]
    return [Change(name, was, now) for name, was, now in pairs if was != now]


def remarked(what: str, before: Mapping[int, str], after: Mapping[int, str]) -> list[Change]:
    """The members who are marked otherwise.

    >>> remarked("choice", {1: "for", 2: "for"}, {1: "against", 3: "for"})
    ... # doctest: +NORMALIZE_WHITESPACE
    [Change(what='choice', former='for', present='against', member_id=1),
     Change(what='choice', former='for', present='', member_id=2),
     Change(what='choice', former='', present='for', member_id=3)]
    """
    everybody = sorted(before.keys() | after.keys())
    pairs = [(one, before.get(one, ""), after.get(one, "")) for one in everybody]
    return [Change(what, was, now, one) for one, was, now in pairs if was != now]
