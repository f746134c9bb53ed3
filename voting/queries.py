"""Every question asked about projects, the roll and results. Nothing here counts ballots before the close."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import func, select

from civic.accounts.models import Person
from civic.errors import NotFound
from civic.extensions import db
from civic.files.models import StoredFile
from civic.places.models import Category, Neighbourhood
from civic.rounds.models import Phase, Round
from voting import plan as plans
from voting import roll_queries
from voting.models import (
    CeremonyStep,
    OtherCount,
    Participation,
    Project,
    ProjectOutcome,
    RollEntry,
    RollStrike,
    RoundResult,
    closed_leaf,
)
from voting.plan import FrozenRound
from voting.rules import VoterLine


def get_public_round(slug: str) -> Round:
    """A published round, or NotFound."""
    found = db.session.scalar(select(Round).where(Round.slug == slug, Round.published_at.is_not(None)))
    if found is None:
        raise NotFound
    return found


def get_round(slug: str) -> Round:
    """Any round, for staff; or NotFound."""
    found = db.session.scalar(select(Round).where(Round.slug == slug))
    if found is None:
        raise NotFound
    return found


def list_city_rounds(limit: int = 50) -> Sequence[Round]:
    """The city's rounds for staff, the newest first."""
    return db.session.scalars(
        select(Round).where(Round.kind == "city").order_by(Round.id.desc()).limit(limit)
    ).all()


def find_voting_round(now: datetime) -> Round | None:
    """The published city round whose voting runs at `now`, the one that ends first; else the next to open."""
    return db.session.scalar(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.published_at.is_not(None), Round.kind == "city", Phase.kind == "voting", Phase.ends_at > now
        )
        .order_by(Phase.starts_at > now, Phase.ends_at)
        .limit(1)
    )


def list_rounds_to_open(now: datetime) -> Sequence[int]:
    """Published city rounds whose voting runs and whose plan is not frozen."""
    return db.session.scalars(
        select(Round.id)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.published_at.is_not(None),
            Round.frozen_at.is_(None),
            Phase.kind == "voting",
            Phase.starts_at <= now,
            Phase.ends_at > now,
        )
    ).all()


def list_rounds_taking_late(now: datetime) -> Sequence[Round]:
    """City rounds with an open vote whose roll still takes people verified now."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.frozen_at.is_not(None),
            Round.closed_at.is_(None),
            Round.late_registration.is_(True),
            Phase.kind == "voting",
            Phase.ends_at > now,
        )
    ).all()


def list_rounds_to_close(now: datetime) -> Sequence[int]:
    """City rounds that are frozen, have no public result, and whose voting is over."""
    return db.session.scalars(
        select(Round.id)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.frozen_at.is_not(None),
            Round.results_at.is_(None),
            Phase.kind == "voting",
            Phase.ends_at <= now,
        )
        .order_by(Round.id)
    ).all()


def plan_of(round_: Round) -> FrozenRound | None:
    """The frozen plan of a round; None until voting was prepared."""
    known = plans.known(round_.id, round_.fingerprint)
    if known is not None:
        return known
    if round_.fingerprint is None or round_.frozen is None:
        return None
    return plans.remembered(round_.id, round_.frozen, round_.fingerprint)


def find_voter(round_id: int, person_id: int) -> tuple[VoterLine, bool] | None:
    """What the roll says about a person, and whether they are struck; None when they are not on it."""
    row = db.session.execute(
        select(RollEntry.area_id, RollEntry.pots, RollStrike.id)
        .outerjoin(
            RollStrike,
            (RollStrike.round_id == RollEntry.round_id)
            & (RollStrike.voter_id == RollEntry.voter_id)
            & roll_queries.is_open_strike(),
        )
        .where(RollEntry.round_id == round_id, RollEntry.voter_id == person_id)
    ).one_or_none()
    return None if row is None else (VoterLine(row[0], frozenset(row[1])), row[2] is not None)


@dataclass(frozen=True)
class Entrance:
    """What a cast needs to know of its round before it holds the locks."""

    round_id: int
    name: str
    plan: FrozenRound


def find_entrance(slug: str, now: datetime) -> Entrance | None:
    """The open vote of this name, kept for seconds: a cast asks again, under its locks, whatever may change.

    None when anything stands in the way, or when this process has not read the round's plan yet: the
    ballot's own page finds out what it is.
    """
    kept: dict[str, tuple[float, Entrance]] = current_app.extensions.setdefault("civic_entrances", {})
    read_at, entrance = kept.get(slug, (0.0, None))
    if entrance is None or time.monotonic() - read_at >= current_app.extensions["civic_pages"].seconds:
        entrance = _ask_entrance(slug)
        if entrance is None:
            kept.pop(slug, None)
            return None
        kept[slug] = (time.monotonic(), entrance)
    return entrance if entrance.plan.opens_at <= now < entrance.plan.closes_at else None


def _ask_entrance(slug: str) -> Entrance | None:
    row = db.session.execute(
        select(Round.id, Round.name, Round.fingerprint).where(
            Round.slug == slug,
            Round.published_at.is_not(None),
            Round.closed_at.is_(None),
            Round.kind != "recorded",
        )
    ).one_or_none()
    plan = None if row is None else plans.known(row[0], row[2])
    return None if row is None or plan is None else Entrance(row[0], row[1], plan)


def count_roll(round_id: int) -> int:
    """How many people are on the roll."""
    return (
        db.session.scalar(select(func.count()).select_from(RollEntry).where(RollEntry.round_id == round_id))
        or 0
    )


# --- projects -------------------------------------------------------------------------------------------


def list_projects(round_id: int) -> Sequence[Project]:
    """The round's projects by code."""
    return db.session.scalars(
        select(Project).where(Project.round_id == round_id).order_by(Project.code)
    ).all()


def get_project(round_id: int, code: str) -> Project:
    """A project of a round by its code, or NotFound."""
    found = db.session.scalar(select(Project).where(Project.round_id == round_id, Project.code == code))
    if found is None:
        raise NotFound
    return found


def get_project_by_id(project_id: int) -> Project:
    """A project, or NotFound."""
    found = db.session.get(Project, project_id)
    if found is None:
        raise NotFound
    return found


def find_image(project: Project) -> StoredFile | None:
    """The picture of a project."""
    return db.session.get(StoredFile, project.image_id) if project.image_id is not None else None


def list_public_projects(ids: Sequence[int]) -> Sequence[tuple[Project, str, bool]]:
    """Projects of published rounds with their round's slug, and whether its results are public."""
    rows = db.session.execute(
        select(Project, Round.slug, Round.results_at.is_not(None))
        .join(Round, Round.id == Project.round_id)
        .where(Project.id.in_(ids), Round.published_at.is_not(None))
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]


def count_projects(round_id: int) -> int:
    """How many projects a round has."""
    return (
        db.session.scalar(select(func.count()).select_from(Project).where(Project.round_id == round_id)) or 0
    )


def neighbourhood_names() -> dict[int, str]:
    """Names of all neighbourhoods in dictionary order."""
    rows = db.session.execute(select(Neighbourhood.id, Neighbourhood.name).order_by(Neighbourhood.sort_key))
    return {row[0]: row[1] for row in rows}


def neighbourhood_people() -> dict[int, tuple[str, int | None]]:
    """Name and inhabitants (where known) of every neighbourhood, in dictionary order."""
    rows = db.session.execute(
        select(Neighbourhood.id, Neighbourhood.name, Neighbourhood.population).order_by(
            Neighbourhood.sort_key
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def categories() -> dict[int, Category]:
    """All domains in the city's order."""
    found = db.session.scalars(select(Category).order_by(Category.position, Category.id))
    return {category.id: category for category in found}


# --- results --------------------------------------------------------------------------------------------


def find_result(round_id: int) -> RoundResult | None:
    """The count of a round, published or not."""
    return db.session.scalar(select(RoundResult).where(RoundResult.round_id == round_id))


def list_outcomes(round_id: int) -> Sequence[tuple[ProjectOutcome, Project]]:
    """How every project fared, pot by pot, in the order of the table."""
    rows = db.session.execute(
        select(ProjectOutcome, Project)
        .join(Project, Project.id == ProjectOutcome.project_id)
        .where(ProjectOutcome.round_id == round_id)
        .order_by(ProjectOutcome.pot_id, ProjectOutcome.position)
    ).all()
    return [(row[0], row[1]) for row in rows]


def find_outcome(project_id: int) -> ProjectOutcome | None:
    """How one project fared."""
    return db.session.get(ProjectOutcome, project_id)


def list_rounds_to_compare(now: datetime) -> Sequence[int]:
    """Rounds with public results that were not yet counted under the other rules to the end."""
    done = select(OtherCount.round_id).where(OtherCount.method == "official")
    return db.session.scalars(
        select(Round.id)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(Round.results_at <= now, Round.id.not_in(done))
        .order_by(Round.id)
    ).all()


def list_other_counts(round_id: int) -> Sequence[OtherCount]:
    """What other rules would have chosen, as far as it was counted."""
    return db.session.scalars(select(OtherCount).where(OtherCount.round_id == round_id)).all()


def list_steps(round_id: int) -> Sequence[CeremonyStep]:
    """The steps of the close that are done, in order."""
    return db.session.scalars(
        select(CeremonyStep).where(CeremonyStep.round_id == round_id).order_by(CeremonyStep.at)
    ).all()


def leaves_like(round_id: int, prefix: bytes) -> Sequence[tuple[bytes, str]]:
    """Published leaves that begin with these bytes, with what became of them."""
    rows = db.session.execute(
        select(closed_leaf.c.leaf, closed_leaf.c.kind).where(
            closed_leaf.c.round_id == round_id,
            closed_leaf.c.leaf >= prefix,
            closed_leaf.c.leaf < prefix + b"\xff" * 21,
            closed_leaf.c.kind.in_(("ballot", "replaced")),
        )
    ).all()
    return [(bytes(row[0]), row[1]) for row in rows]


def turnout_by_birth(round_id: int) -> Sequence[tuple[date, int, int]]:
    """For each birth date on the roll: (date, people on the roll, people who voted). Only at the close."""
    rows = db.session.execute(
        select(Person.birth_date, func.count(), func.count(Participation.voter_id))
        .select_from(RollEntry)
        .join(Person, Person.id == RollEntry.voter_id)
        .outerjoin(
            Participation,
            (Participation.round_id == RollEntry.round_id) & (Participation.voter_id == RollEntry.voter_id),
        )
        .where(RollEntry.round_id == round_id, Person.birth_date.is_not(None))
        .group_by(Person.birth_date)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows if row[0] is not None]


def turnout_by_area(round_id: int) -> Sequence[tuple[int | None, int, int]]:
    """For each area of the roll: (area, people on the roll, people who voted). Only after the close."""
    rows = db.session.execute(
        select(RollEntry.area_id, func.count(), func.count(Participation.voter_id))
        .outerjoin(
            Participation,
            (Participation.round_id == RollEntry.round_id) & (Participation.voter_id == RollEntry.voter_id),
        )
        .where(RollEntry.round_id == round_id)
        .group_by(RollEntry.area_id)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]
