"""Which ballots are valid, what is left to choose, in which order projects are shown. Plain values only."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.format import count as written_count
from civic.format import lazy_ngettext as ngettext
from civic.format import money
from voting.plan import FrozenRound, PlannedGroup, PlannedProject
from voting.questions.rules import answer_problems

Thing = TypeVar("Thing")

#: Code -> 1 (approval), points, or the place in a ranking from 1.
Choices = Mapping[str, Decimal]


@dataclass(frozen=True)
class VoterLine:
    """What the roll says about one voter: their area and the money they may vote on."""

    area_id: int | None
    pots: frozenset[int]


@dataclass(frozen=True)
class Problem:
    """Why a ballot cannot be cast as it is; `group` is the part of the ballot, None for the whole."""

    group: int | None
    sentence: Any


@dataclass(frozen=True)
class GroupState:
    """One part of an unfinished ballot: what is chosen and what is still possible."""

    group: PlannedGroup
    chosen: tuple[PlannedProject, ...]
    spent: Decimal
    points: Decimal

    @property
    def left(self) -> Decimal | None:
        """Money the voter may still spend in a ballot with a budget."""
        return None if self.group.max_cost is None else self.group.max_cost - self.spent

    @property
    def points_left(self) -> Decimal | None:
        """Points the voter may still give."""
        return None if self.group.points_total is None else self.group.points_total - self.points


def may_choose(plan: FrozenRound, voter: VoterLine, project: PlannedProject) -> Any | None:
    """Why the voter may not choose a project, or None when they may."""
    if project.withdrawn:
        return _("This project was withdrawn.")
    group = plan.groups[project.group]
    if project.pot not in voter.pots or (group.area_id is not None and group.area_id != voter.area_id):
        return _("Only the residents of its neighbourhood vote on this project.")
    return None


def group_states(plan: FrozenRound, choices: Choices) -> list[GroupState]:
    """Every part of the ballot, in the order of the plan."""
    states = []
    for group in plan.groups.values():
        chosen = [plan.projects[code] for code in choices if plan.projects[code].group == group.id]
        chosen.sort(
            key=lambda p: (
                (choices[p.code], p.code) if group.kind == "ordinal" else (Decimal(0), p.title, p.code)
            )
        )
        states.append(
            GroupState(
                group,
                tuple(chosen),
                sum((p.cost for p in chosen), Decimal(0)),
                sum((choices[p.code] for p in chosen), Decimal(0)) if group.kind == "points" else Decimal(0),
            )
        )
    return states


def ballot_problems(
    plan: FrozenRound, voter: VoterLine, choices: Choices, *, allow_blank: bool = False
) -> list[Problem]:
    """Everything that makes a ballot invalid under the frozen rules; empty when it may be cast."""
    if plan.asks:
        return [Problem(*found) for found in answer_problems(plan.questions, choices, allow_blank)]
    problems: list[Problem] = []
    unknown = [code for code in choices if code not in plan.projects]
    if unknown:
        return [Problem(None, _("The ballot names a project that is not in this round."))]
    if not choices and not allow_blank:
        return [Problem(None, _("Your ballot is empty. Choose at least one project."))]
    for code in choices:
        refusal = may_choose(plan, voter, plan.projects[code])
        # A recorded election is kept as it was held, withdrawn projects included.
        if refusal is not None and not plan.recorded:
            problems.append(Problem(plan.projects[code].group, f_title(plan.projects[code], refusal)))
    for state in group_states(plan, choices):
        if state.chosen:
            problems += [
                Problem(state.group.id, sentence) for sentence in _group_problems(plan, state, choices)
            ]
    return problems


def f_title(project: PlannedProject, refusal: Any) -> Any:
    """A refusal with the project it is about in front."""
    return LazyString(lambda: f"{project.title}: {refusal}")


def _group_problems(plan: FrozenRound, state: GroupState, choices: Choices) -> list[Any]:
    group, count, found = state.group, len(state.chosen), []
    if group.max_choices is not None and count > group.max_choices:
        found.append(
            ngettext(
                "%(group)s: choose at most %(num)s project; you chose %(count)s.",
                "%(group)s: choose at most %(num)s projects; you chose %(count)s.",
                group.max_choices,
                group=group.name,
                count=LazyString(written_count, count),
            )
        )
    if count < group.min_choices:
        found.append(
            ngettext(
                "%(group)s: choose at least %(num)s project, or none.",
                "%(group)s: choose at least %(num)s projects, or none.",
                group.min_choices,
                group=group.name,
            )
        )
    if group.max_cost is not None and state.spent > group.max_cost:
        found.append(
            _(
                "%(group)s: what you chose costs %(spent)s, which is more than %(limit)s.",
                group=group.name,
                spent=LazyString(money, state.spent, plan.currency),
                limit=LazyString(money, group.max_cost, plan.currency),
            )
        )
    values = [choices[project.code] for project in state.chosen]
    if group.kind == "points":
        found += _points_problems(group, state, values, plan.recorded)
    elif group.kind == "ordinal":
        if sorted(values) != [Decimal(place) for place in range(1, count + 1)]:
            found.append(_("%(group)s: the places must be 1, 2, 3 … without gaps.", group=group.name))
    elif any(value != 1 for value in values):
        found.append(_("%(group)s: a project is chosen or not chosen.", group=group.name))
    return found


def _points_problems(
    group: PlannedGroup, state: GroupState, values: list[Decimal], recorded: bool
) -> list[Any]:
    found: list[Any] = []
    if any(
        value < 0 or (not recorded and (value < 1 or value != value.to_integral_value())) for value in values
    ):
        found.append(_("%(group)s: points are whole numbers from 1.", group=group.name))
    if group.points_each is not None and any(value > group.points_each for value in values):
        found.append(
            ngettext(
                "%(group)s: give a project at most %(num)s point.",
                "%(group)s: give a project at most %(num)s points.",
                group.points_each,
                group=group.name,
            )
        )
    if group.points_total is not None and state.points > group.points_total:
        found.append(
            _(
                "%(group)s: you gave %(given)s points of %(total)s.",
                group=group.name,
                given=f"{state.points:f}",
                total=group.points_total,
            )
        )
    return found


def changed(plan: FrozenRound, choices: Choices, code: str, value: Decimal) -> dict[str, Decimal]:
    """The choices with one project set to a value; 0 takes it out. Rankings close up behind it.

    Choosing in a part that allows one project replaces the one chosen before.
    """
    project = plan.projects[code]
    group = plan.groups[project.group]
    result = dict(choices)
    if value == 0:
        result.pop(code, None)
    elif group.kind == "ordinal":
        result.setdefault(code, Decimal(1 + sum(plan.projects[c].group == group.id for c in result)))
    else:
        if group.max_choices == 1:
            result = {c: v for c, v in result.items() if plan.projects[c].group != group.id}
        result[code] = value if group.kind == "points" else Decimal(1)
    if group.kind == "ordinal":
        ranked = sorted((c for c in result if plan.projects[c].group == group.id), key=lambda c: result[c])
        result |= {c: Decimal(place) for place, c in enumerate(ranked, start=1)}
    return result


def why_not_add(plan: FrozenRound, voter: VoterLine, choices: Choices, code: str) -> Any | None:
    """Why a project cannot be added to the ballot now, or None when it can."""
    project = plan.projects[code]
    refusal = may_choose(plan, voter, project)
    if refusal is not None:
        return refusal
    after = changed(plan, choices, code, Decimal(1))
    state = next(s for s in group_states(plan, after) if s.group.id == project.group)
    group = state.group
    if group.max_choices is not None and len(state.chosen) > group.max_choices:
        return ngettext(
            "You already chose %(num)s project here, the most allowed.",
            "You already chose %(num)s projects here, the most allowed.",
            group.max_choices,
        )
    if group.max_cost is not None and state.spent > group.max_cost:
        left = group.max_cost - state.spent + project.cost
        return _("Too dear for what you have left: %(left)s.", left=LazyString(money, left, plan.currency))
    if group.points_total is not None and state.points > group.points_total:
        return _("You have no points left here.")
    return None


def shuffled(things: Iterable[Thing], codes: Any, round_id: int, voter: str) -> list[Thing]:
    """The things in an order of this voter's own, the same at every visit. `codes` gives a thing's code."""

    def place(thing: Thing) -> bytes:
        return hashlib.sha256(f"{round_id}|{voter}|{codes(thing)}".encode()).digest()

    return sorted(things, key=place)


def is_open(plan: FrozenRound, closed: bool, now: datetime) -> bool:
    """Whether a ballot may be cast at this moment. A recorded election is open until its import ends."""
    return not closed and (plan.recorded or plan.opens_at <= now < plan.closes_at)


def moved_up(plan: FrozenRound, choices: Choices, code: str) -> dict[str, Decimal]:
    """The choices with one ranked project a place higher; the first stays first."""
    result = dict(choices)
    place, group = result.get(code), plan.projects[code].group
    for other, value in choices.items():
        if place is not None and value == place - 1 and plan.projects[other].group == group:
            result[code], result[other] = value, place
    return result
