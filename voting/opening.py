"""Opening a vote: the roll, the keys, the round's own partitions, and the plan frozen under a fingerprint.

Every step may be repeated: keys and partitions are made unless they exist, and the one transaction that
freezes the plan finds it frozen the second time. Until it has committed, casting is refused.
"""

import logging
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import Engine, select, text

from civic import audit, database, timeline
from civic.actor import Actor
from civic.config import Settings
from civic.errors import Conflict, DomainError, Invalid
from civic.extensions import db
from civic.rounds.lifecycle import plan_as_data
from civic.rounds.models import Round
from voting import draws, exclusive, keys, roll
from voting.counting.rules import Rule
from voting.custody import service as custody
from voting.instance import ballot_type_of
from voting.models import Project, RollEntry
from voting.nightly import queries as witnesses
from voting.plan import PlannedGroup, PlannedProject, fingerprint_of, longest_ballot
from voting.questions import service as questions

logger = logging.getLogger(__name__)

#: Tables of which every round has a partition of its own, in the order in which a cast touches them: whoever
#: locks both takes them in this order.
PARTITIONED = ("cast_log", "ballot_box")


def partition_name(table: str, round_id: int) -> str:
    """What a round's partition is called."""
    return f"{table}_round_{int(round_id)}"


def create_partitions(engine: Engine, round_id: int) -> None:
    """Make the round's partitions of the box and the log, as the owner. The application reaches them through
    their parents alone, whose grants allow it to insert and to replace, and nothing else.

    A partition is attached rather than created in place, so that casts in other rounds go on meanwhile.
    """
    with engine.begin() as connection:
        for table in PARTITIONED:
            name = partition_name(table, round_id)
            if connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"public.{name}"}) is None:
                connection.execute(
                    text(
                        f"CREATE TABLE {name} "
                        f"(LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)"
                    )
                )
                connection.execute(
                    text(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES IN ({int(round_id)})")
                )


def opening_problems(round_: Round, projects: Sequence[Project]) -> list[Any]:
    """Why a vote cannot be prepared, in sentences for staff; empty when it can."""
    if round_.asks:
        return [*questions.opening_problems(round_, projects), *custody.opening_problems(round_)]
    problems: list[Any] = []
    combined = round_.pot_counting == "combined"
    phases = {phase.kind: phase for phase in round_.phases}
    if "voting" not in phases:
        problems.append(_("The round has no voting phase."))
    if not round_.pots or not round_.groups:
        problems.append(_("The round has no budget or no ballot group."))
    if not projects:
        problems.append(_("No project is admitted to the vote."))
    for pot in round_.pots[:1] if combined else round_.pots:
        in_pot = {project.group_id for project in projects if combined or project.pot_id == pot.id}
        kinds = [group.ballot_kind for group in round_.groups if group.id in in_pot]
        if kinds and ballot_type_of(kinds) is None:
            name = " + ".join(pot.name for pot in round_.pots) if combined else pot.name
            problems.append(
                _("The projects of %(pot)s are chosen in ways that cannot be counted together.", pot=name)
            )
    try:
        Rule.from_json(round_.counting_rule) if round_.counting_rule else Rule.named("greedy")
    except ValueError:
        problems.append(_("The counting rule cannot be used: choose it again in the plan."))
    if round_.kind == "city":
        problems += exclusive.opening_problems(round_, exclusive.list_sets(round_.id))
        problems += draws.opening_problems(round_, projects, draws.find_draw(round_.id))
        problems += custody.opening_problems(round_)
    return problems


def open_round(
    actor: Actor,
    round_id: int,
    now: datetime,
    extra: dict[str, Any] | None = None,
    engine: Engine | None = None,
) -> Round:
    """Prepare the vote of a round: roll, keys, partitions, frozen plan. Twice is the same as once.

    `extra` goes into the frozen plan (what a recorded election says of its source). Flushes; the caller
    commits. Raises Invalid with the first reason when the round cannot be opened.
    """
    settings: Settings = current_app.config["SETTINGS"]
    round_ = db.session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if round_ is None:
        raise Invalid(_("There is no such round."))
    if round_.frozen_at is not None:
        return round_
    phases = {phase.kind: phase for phase in round_.phases}
    if round_.kind == "city" and "voting" in phases and phases["voting"].ends_at <= now:
        raise Conflict(_("The voting phase is over, so the vote cannot be prepared any more."))
    projects = list_projects(round_id)
    problems = opening_problems(round_, projects)
    if problems:
        raise Invalid(problems[0])
    keys.create_round_keys(settings, round_id)
    owner = engine or database.owner_engine(settings)
    create_partitions(owner, round_id)
    if engine is None:
        owner.dispose()
    if round_.kind == "city":
        roll.complete_roll(round_)
    _freeze(settings, round_, projects, extra or {}, now)
    audit.record(actor, "vote.prepared", "round", round_id, now, {"fingerprint": round_.fingerprint})
    data = {"fingerprint": timeline.fingerprint_of(round_.fingerprint or "")}
    timeline.add("round", round_id, "vote.frozen", now, role="system", data=data)
    return round_


def list_projects(round_id: int) -> Sequence[Project]:
    """The round's projects by code."""
    return db.session.scalars(
        select(Project).where(Project.round_id == round_id).order_by(Project.code)
    ).all()


def _freeze(
    settings: Settings, round_: Round, projects: Sequence[Project], extra: dict[str, Any], now: datetime
) -> None:
    round_.tie_seed = secrets.token_hex(16)
    round_.box_public_key, round_.box_secret_wrapped = custody.make_box(settings, round_)
    db.session.flush()
    facts = roll.roll_facts(db.session, round_.id)
    round_.roll_fingerprint = facts.fingerprint
    plan = frozen_plan(round_, projects, facts, extra)
    round_.frozen, round_.fingerprint, round_.frozen_at = plan, fingerprint_of(plan), now
    db.session.flush()


def frozen_plan(
    round_: Round, projects: Sequence[Project], facts: roll.RollFacts, extra: dict[str, Any]
) -> dict[str, Any]:
    """Everything ballots are cast, checked and counted by, as data for canonical JSON."""
    plan = plan_as_data(round_)
    phases = {phase.kind: phase for phase in round_.phases}
    voting = phases["voting"]
    validation_end = phases["validation"].ends_at if "validation" in phases else voting.ends_at
    groups = [
        PlannedGroup(
            group.id,
            group.name,
            group.ballot_kind,
            max_choices=group.max_choices,
            points_total=group.points_total,
        )
        for group in round_.groups
    ]
    planned = [PlannedProject(p.code, p.title, p.cost, p.pot_id, p.group_id) for p in projects]
    return {
        **plan,
        **questions.as_data(round_),
        "kind": round_.kind,
        "currency": round_.currency,
        "voting": {
            "opens_at": voting.starts_at.astimezone(UTC).isoformat(),
            "closes_at": voting.ends_at.astimezone(UTC).isoformat(),
            "validation_ends_at": validation_end.astimezone(UTC).isoformat(),
        },
        "projects": [
            {
                "code": project.code,
                "title": project.title,
                "summary": project.summary,
                "cost": f"{project.cost:.2f}",
                "pot_id": project.pot_id,
                "group_id": project.group_id,
                "neighbourhood_id": project.neighbourhood_id,
                "category_id": project.category_id,
                "proposal_id": project.proposal_id,
                "withdrawn": project.withdrawn,
            }
            for project in projects
        ],
        "exclusive_sets": exclusive.as_data(exclusive.list_sets(round_.id)),
        "draw": draws.as_data(round_, draws.find_draw(round_.id)),
        "witnesses": [witness.name for witness in witnesses.list_witnesses(round_.id)],
        "rule": frozen_rule(round_, projects).as_json(),
        "roll": facts.as_json(),
        "box": {
            **custody.plan_facts(round_),
            "public_key": (round_.box_public_key or b"").hex(),
            "padding": longest_ballot(groups, planned),
        },
        **extra,
    }


def frozen_rule(round_: Round, projects: Sequence[Project]) -> Rule:
    """The counting rule with its tie-break settled: a city's lot is drawn with the published seed, an order of
    submission or of a public draw is written out. Answers to questions are counted without any: nothing wins."""
    data = dict(round_.counting_rule or Rule.named("greedy").as_json())
    if round_.kind == "city" and not round_.asks and data.get("tie_break", "file") == "file":
        order = draws.order_of(round_, projects)
        data["tie_break"] = f"seed:{round_.tie_seed}" if order is None else f"order:{','.join(order)}"
    return Rule.from_json(data)


def prepare_due(now: datetime) -> int:
    """The job: open every published round whose voting phase runs and whose plan is not frozen."""
    from civic.actor import SYSTEM
    from civic.unit_of_work import unit_of_work
    from voting.round_queries import list_rounds_to_open

    opened = 0
    for round_id in list_rounds_to_open(now):
        try:
            with unit_of_work():
                open_round(SYSTEM, round_id, now)
        except DomainError as error:
            # Staff's page of the round says the same; the others are opened all the same.
            logger.warning("round %d cannot be opened: %s", round_id, error.message)
            continue
        opened += 1
    return opened


def register_late(now: datetime) -> int:
    """The job: add residents verified while voting is open, where the round's rules allow it."""
    from civic.unit_of_work import unit_of_work
    from voting.round_queries import list_rounds_taking_late

    added = 0
    for round_ in list_rounds_taking_late(now):
        with unit_of_work():
            added += roll.complete_roll(round_)
    return added


def roll_size(round_id: int) -> int:
    """How many people are on the roll."""
    from sqlalchemy import func

    return (
        db.session.scalar(select(func.count()).select_from(RollEntry).where(RollEntry.round_id == round_id))
        or 0
    )
