"""The frozen plan of a round as plain values: what casting, counting and pages read once voting opened.

Pure. The stored form is canonical JSON; its SHA-256 is the fingerprint published before the first ballot.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from voting.ballot_text import BallotText, GroupChoice, amount_text
from voting.keys import PADDING_STEP
from voting.questions.plan import PlannedQuestion
from voting.questions.plan import from_data as questions_from

PLAN_VERSION = 1

#: How each kind of group writes its choices in the ballot's text.
TEXT_KINDS = {
    "approval": "approval",
    "knapsack": "approval",
    "choose_one": "approval",
    "points": "points",
    "ordinal": "ordinal",
}


@dataclass(frozen=True)
class PlannedPot:
    """Money set aside, citywide or for one area."""

    id: int
    name: str
    amount: Decimal
    area_id: int | None = None


@dataclass(frozen=True)
class PlannedGroup:
    """One part of the ballot and how it is filled in."""

    id: int
    name: str
    kind: str
    min_choices: int = 0
    max_choices: int | None = None
    max_cost: Decimal | None = None
    points_total: int | None = None
    points_each: int | None = None
    area_id: int | None = None


@dataclass(frozen=True)
class PlannedProject:
    """A project as it stood when voting opened."""

    code: str
    title: str
    cost: Decimal
    pot: int
    group: int
    withdrawn: bool = False


@dataclass(frozen=True)
class PlannedSet:
    """Projects of which at most one can win."""

    name: str
    projects: tuple[str, ...]


@dataclass(frozen=True)
class FrozenRound:
    """Everything the ballots of a round are cast, checked and counted by."""

    round_id: int
    kind: str
    currency: str
    fingerprint: str
    opens_at: datetime
    closes_at: datetime
    validation_ends_at: datetime
    rule: Mapping[str, Any]
    publication_mode: str
    box_public_key: bytes
    padding: int
    pots: Mapping[int, PlannedPot]
    groups: Mapping[int, PlannedGroup]
    projects: Mapping[str, PlannedProject]
    #: the scale of ordinal scores, where the source gives one
    ordinal_length: int | None = None
    source: Mapping[str, Any] = field(default_factory=dict)
    #: `separate` or `combined`: whether the winners are found pot by pot or over the money of all pots
    pot_counting: str = "separate"
    exclusive_sets: tuple[PlannedSet, ...] = ()
    #: what residents answer where they do not choose projects
    questions: tuple[PlannedQuestion, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether residents answer questions here instead of choosing projects."""
        return bool(self.questions)

    @property
    def recorded(self) -> bool:
        """Whether this is an election of the past, imported from a file."""
        return self.kind == "recorded"

    @cached_property
    def counted_pots(self) -> dict[int, PlannedPot]:
        """The money as it is counted: pot by pot, or all of it as one, under the first pot's number."""
        pots = list(self.pots.values())
        if self.pot_counting != "combined" or len(pots) < 2:
            return {pot.id: pot for pot in pots}
        name = " + ".join(pot.name for pot in pots)
        return {pots[0].id: PlannedPot(pots[0].id, name, sum((pot.amount for pot in pots), Decimal(0)))}

    def counted_pot(self, project: PlannedProject) -> int:
        """The number under which a project's money is counted."""
        return project.pot if project.pot in self.counted_pots else next(iter(self.counted_pots))

    def counted_projects(self, pot_id: int) -> list[PlannedProject]:
        """The projects that are counted over one pot's money."""
        return [project for project in self.projects.values() if self.counted_pot(project) == pot_id]

    def rivals_of(self, code: str) -> list[PlannedProject]:
        """The projects that cannot win beside this one, by code."""
        found = {rival for one in self.exclusive_sets if code in one.projects for rival in one.projects}
        return [self.projects[rival] for rival in sorted(found - {code})]

    def projects_of(self, group_id: int) -> list[PlannedProject]:
        """The projects of one part of the ballot, by code."""
        return [project for project in self.projects.values() if project.group == group_id]

    def ballot(self, choices: Mapping[str, Decimal], nonce: bytes) -> BallotText:
        """The canonical ballot of choices that were checked (code -> 1, points, or place)."""
        grouped: dict[int, dict[str, Decimal]] = {}
        for code, value in choices.items():
            grouped.setdefault(self.projects[code].group, {})[code] = value
        return BallotText(
            self.fingerprint,
            tuple(
                GroupChoice.of(group, TEXT_KINDS[self.groups[group].kind], grouped[group])
                for group in sorted(grouped)
            ),
            nonce,
        )


def canonical(plan: Mapping[str, Any]) -> str:
    """The one JSON form of a plan: sorted keys, no spaces, UTF-8."""
    return json.dumps(plan, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint_of(plan: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, as hexadecimal."""
    return hashlib.sha256(canonical(plan).encode()).hexdigest()


def longest_ballot(groups: list[PlannedGroup], projects: list[PlannedProject]) -> int:
    """The length to which every ballot of the round is padded: that of the longest there can be, rounded up."""
    length = len("civic-ballot 1\nround \nnonce \n") + 64 + 64
    for group in groups:
        own = [project for project in projects if project.group == group.id]
        most = min(group.max_choices or len(own), len(own))
        value = len(amount_text(Decimal(group.points_total or 0))) + 7 if group.kind == "points" else 5
        lines = sorted((len(project.code.encode()) + value + 2 for project in own), reverse=True)
        length += len(f"group {group.id} approval\n") + sum(lines[:most])
    return (length // PADDING_STEP + 1) * PADDING_STEP


def from_data(round_id: int, data: Mapping[str, Any], fingerprint: str) -> FrozenRound:
    """The frozen plan from its stored form."""
    pots = [
        PlannedPot(pot["id"], pot["name"], Decimal(pot["amount"]), pot["neighbourhood_id"])
        for pot in data["pots"]
    ]
    groups = [
        PlannedGroup(
            id=group["id"],
            name=group["name"],
            kind=group["ballot_kind"],
            min_choices=group["min_choices"],
            max_choices=group["max_choices"],
            max_cost=None if group["max_cost"] is None else Decimal(group["max_cost"]),
            points_total=group["points_total"],
            points_each=group["points_each"],
            area_id=group["neighbourhood_id"],
        )
        for group in data["groups"]
    ]
    projects = [
        PlannedProject(
            project["code"],
            project["title"],
            Decimal(project["cost"]),
            project["pot_id"],
            project["group_id"],
            project["withdrawn"],
        )
        for project in data["projects"]
    ]
    return FrozenRound(
        round_id=round_id,
        kind=data["kind"],
        currency=data["currency"],
        fingerprint=fingerprint,
        opens_at=datetime.fromisoformat(data["voting"]["opens_at"]),
        closes_at=datetime.fromisoformat(data["voting"]["closes_at"]),
        validation_ends_at=datetime.fromisoformat(data["voting"]["validation_ends_at"]),
        rule=data["rule"],
        publication_mode=data["publication_mode"],
        box_public_key=bytes.fromhex(data["box"]["public_key"]),
        padding=data["box"]["padding"],
        pots={pot.id: pot for pot in pots},
        groups={group.id: group for group in groups},
        projects={project.code: project for project in projects},
        ordinal_length=data.get("ordinal_length"),
        source=data.get("source", {}),
        pot_counting=data.get("pot_counting", "separate"),
        exclusive_sets=tuple(
            PlannedSet(one["name"], tuple(one["projects"])) for one in data.get("exclusive_sets", ())
        ),
        questions=questions_from(data.get("questions", ())),
    )


_KNOWN: dict[tuple[int, str], FrozenRound] = {}


def known(round_id: int, fingerprint: str | None) -> FrozenRound | None:
    """The plan if this process has read it before: a plan never changes under its fingerprint."""
    return None if fingerprint is None else _KNOWN.get((round_id, fingerprint))


def remembered(round_id: int, data: Mapping[str, Any], fingerprint: str) -> FrozenRound:
    """`from_data`, done once for each plan: the fingerprint says that it is the same."""
    key = (round_id, fingerprint)
    if key not in _KNOWN:
        if len(_KNOWN) > 32:
            _KNOWN.clear()
        _KNOWN[key] = from_data(round_id, data, fingerprint)
    return _KNOWN[key]
