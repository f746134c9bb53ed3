"""Mutually exclusive sets: projects of which at most one can win. Staff name them until the ballot is frozen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from civic import audit, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import clean_line, clean_text
from voting.models import ExclusiveSet, Project
from voting.plan import FrozenRound

MAX_NAME = 120


class MissingReason(Invalid):
    """A change that everyone can see came without its reason."""


def list_sets(round_id: int) -> Sequence[ExclusiveSet]:
    """The sets of a round with their projects, by name."""
    return db.session.scalars(
        select(ExclusiveSet)
        .where(ExclusiveSet.round_id == round_id)
        .options(selectinload(ExclusiveSet.projects))
        .order_by(ExclusiveSet.name)
    ).all()


def get_set(round_id: int, set_id: int) -> ExclusiveSet:
    """One set of a round, or NotFound."""
    found = db.session.scalar(
        select(ExclusiveSet).where(ExclusiveSet.round_id == round_id, ExclusiveSet.id == set_id)
    )
    if found is None:
        raise NotFound
    return found


def set_problem(round_: Round, projects: Sequence[Project]) -> Any | None:
    """Why these projects cannot be a set, in a sentence for staff, or None when they can."""
    if len(projects) < 2:
        return _("Choose at least two projects: one alone excludes nothing.")
    if round_.pot_counting != "combined" and len({project.pot_id for project in projects}) > 1:
        return _("Choose projects paid from the same budget: every budget is counted by itself.")
    return None


def save_set(
    actor: Actor,
    round_: Round,
    name: str,
    projects: Iterable[Project],
    existing: ExclusiveSet | None,
    now: datetime,
    reason: str = "",
) -> ExclusiveSet:
    """Name a set, or change `existing`. Raises Conflict once the ballot is frozen, Invalid for what cannot be.

    On a public round it is part of the history everyone reads, and changing a set takes a reason.
    """
    chosen = sorted(projects, key=lambda project: project.code)
    _refuse_when_frozen(round_)
    name = clean_line(name)
    if not name or len(name) > MAX_NAME:
        raise Invalid(_("Write a name of at most %(most)s characters.", most=MAX_NAME))
    if any(project.round_id != round_.id for project in chosen):
        raise Invalid(_("Choose projects of this edition."))
    if (problem := set_problem(round_, chosen)) is not None:
        raise Invalid(problem)
    reason = _public_reason(round_, reason, needed=existing is not None)
    found = existing or ExclusiveSet(round_id=round_.id)
    try:
        with db.session.begin_nested():
            found.name, found.projects = name, chosen
            db.session.add(found)
    except IntegrityError as error:
        raise Conflict(_("Another set already has this name.")) from error
    audit.record(
        actor, "exclusive_set.saved", "round", round_.id, now,
        {"name": name, "projects": [project.code for project in chosen]},
    )  # fmt: skip
    _tell(actor, round_, "vote.set_named" if existing is None else "vote.set_changed", found, now, reason)
    return found


def remove_set(actor: Actor, round_: Round, found: ExclusiveSet, now: datetime, reason: str = "") -> None:
    """Let its projects win beside one another again, on a public round for a reason everyone reads.

    Raises Conflict once the ballot is frozen.
    """
    _refuse_when_frozen(round_)
    reason = _public_reason(round_, reason, needed=True)
    _tell(actor, round_, "vote.set_removed", found, now, reason)
    audit.record(actor, "exclusive_set.removed", "round", round_.id, now, {"name": found.name})
    db.session.delete(found)
    db.session.flush()


def _public_reason(round_: Round, reason: str, needed: bool) -> str:
    """The reason as it is published. Raises MissingReason where a public round cannot do without."""
    reason = clean_text(reason)
    if needed and round_.published_at is not None and not reason:
        raise MissingReason(_("Write the reason: residents will read it."))
    return reason


def _tell(actor: Actor, round_: Round, event: str, found: ExclusiveSet, now: datetime, reason: str) -> None:
    """Put a change into the public history of a round that is public."""
    if round_.published_at is not None:
        titles = "; ".join(project.title for project in found.projects)
        timeline.add(
            "round", round_.id, event, now,
            role=timeline.role_of(actor), reason=reason, data={"name": found.name, "projects": titles},
        )  # fmt: skip


def _refuse_when_frozen(round_: Round) -> None:
    # The freeze takes the same lock: what is saved before it is in the plan, what comes after is refused.
    db.session.refresh(round_, with_for_update=True)
    if round_.frozen_at is not None:
        raise Conflict(_("The ballot was frozen when voting opened; its projects do not change any more."))


def opening_problems(round_: Round, sets: Sequence[ExclusiveSet]) -> list[Any]:
    """What keeps the ballot from being frozen: sets that a later change of a project broke, or none at all."""
    problems: list[Any] = []
    for one in sets:
        problem = set_problem(round_, one.projects)
        if problem is not None:
            problems.append(
                _("Only one of these can win, “%(name)s”: %(problem)s", name=one.name, problem=problem)
            )
    if not sets and (round_.counting_rule or {}).get("name") == "greedy-exclusive":
        problems.append(
            _(
                "The counting rule takes one winner of each set, but there is no set: name one, or choose another rule."
            )
        )
    return problems


def as_data(sets: Iterable[ExclusiveSet]) -> list[dict[str, Any]]:
    """The sets as the frozen plan keeps them."""
    return [{"name": one.name, "projects": [project.code for project in one.projects]} for one in sets]


def rivals(round_id: int, plan: FrozenRound | None) -> dict[str, list[str]]:
    """By code of a project, the titles of those that cannot win beside it: from the frozen plan once there is one."""
    if plan is not None:
        named = {code for one in plan.exclusive_sets for code in one.projects}
        return {code: [project.title for project in plan.rivals_of(code)] for code in named}
    found: dict[str, dict[str, str]] = {}
    for one in list_sets(round_id):
        for project in one.projects:
            others = {other.code: other.title for other in one.projects if other is not project}
            found.setdefault(project.code, {}).update(others)
    return {code: [others[other] for other in sorted(others)] for code, others in found.items()}
