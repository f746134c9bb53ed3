"""The votes: projects admitted, ballots frozen, and every synthetic ballot cast through the casting service.

Ballots are generated from each project's popularity, the voter's neighbourhood and a seed; the forms they
are sent with are derived from their numbers, so that a loading that goes on casts nothing twice.
"""

import hashlib
import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app

from civic import clock
from civic.accounts.models import Person
from civic.demo.people import list_voters
from civic.demo.proposals import find_proposal
from civic.demo.rounds import find_round, phase, plan
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from proposals.models import Proposal
from voting import admission, casting, keys, opening, project_queries, round_queries
from voting.plan import FrozenRound, PlannedGroup

FILES = {"2025": "projects_closed", "2026": "projects_open"}
#: How much more a project is wanted by those who live there.
NEIGHBOURS = 1.5
#: How many of those who vote think again and vote a second time.
SECOND_THOUGHTS = 0.03
#: How many vote in a part of the ballot where one project is chosen.
FILLED_IN = 0.72


def load_vote(world: World, key: str) -> None:
    """Admit the projects of an edition, prepare the vote and cast its ballots, as far as not done."""
    actor = world.person(STAFF)
    with unit_of_work():
        admit_projects(world, key)
    with unit_of_work():
        opens = phase(key, "voting")["start_day"]
        opening.open_round(actor, find_round(key).id, world.days.moment(opens - 1, 15))
    round_ = find_round(key)
    if round_.closed_at is None:
        cast_all(world, key, round_)


def admit_projects(world: World, key: str) -> None:
    """Every project of the file, from its proposal, in the order of the file."""
    actor, round_ = world.person(STAFF), find_round(key)
    if round_.frozen_at is not None:
        return
    pots, groups = names(key, "pots"), names(key, "groups")
    pot_ids = {pot.name: pot.id for pot in round_.pots}
    group_ids = {group.name: group.id for group in round_.groups}
    day = phase(key, "appeals")["end_day"] + 1
    admitted = {project.proposal_id for project in project_queries.list_projects(round_.id)}
    for number, item in enumerate(items(FILES[key])):
        proposal = proposal_of(item)
        if proposal.id in admitted:
            continue
        text = admission.ProjectText(
            item["title"],
            item["summary"],
            Decimal(item["cost"]),
            pot_ids[pots[item["pot"]]],
            group_ids[groups[item["group"]]],
        )
        now = world.days.moment(day, 12, number % 60)
        project = admission.admit_project(actor, round_, proposal, text, now)
        if item["neighbourhood"] is None:
            project.neighbourhood_id = None  # for the whole sector, wherever its proposal has its pin


def proposal_of(item: dict[str, Any]) -> Proposal:
    """The proposal a project of the files came from."""
    found = find_proposal(item["proposal"] or f"project-{item['id']}")
    assert found is not None
    return found


def facts_by_code(key: str) -> dict[str, dict[str, Any]]:
    """What the file says of the projects on an edition's ballot, by their codes there."""
    by_proposal = {proposal_of(item).id: item for item in items(FILES[key])}
    return {
        project.code: by_proposal[project.proposal_id or 0]
        for project in project_queries.list_projects(find_round(key).id)
    }


def names(key: str, part: str) -> dict[str, str]:
    """The names of an edition's pots or groups by their keys in the file."""
    return {one["key"]: one["name"] for one in plan(key)[part]}


def cast_all(world: World, key: str, round_: Round) -> None:
    """Cast every ballot of an edition."""
    frozen = round_queries.plan_of(round_)
    assert frozen is not None
    listed = [
        (voter.id, number, choices, channel)
        for voter, number, choices, channel in ballots(world, key, frozen)
    ]
    cast_listed(world, key, round_, listed)


def cast_listed(
    world: World, key: str, round_: Round, listed: list[tuple[int, int, dict[str, Decimal], str]]
) -> None:
    """Cast ballots, (voter, number of the form, choices, channel) each, on one connection, at a moment when the vote
    was open."""
    frozen = round_queries.plan_of(round_)
    assert frozen is not None
    round_keys = keys.load_round_keys(current_app.config["SETTINGS"], round_.id)
    db.session.rollback()
    middle = frozen.opens_at + (frozen.closes_at - frozen.opens_at) / 2
    during = world.days.loaded_at if world.days.loaded_at < frozen.closes_at else middle
    clock.travel(during - datetime.now(UTC))
    try:
        with closing(db.engine.raw_connection()) as connection:
            for voter_id, number, choices, channel in listed:
                form_id = hashlib.sha256(f"demo|{key}|{number}".encode()).digest()[:16]
                ballot = casting.prepare(frozen, round_keys, voter_id, choices, form_id, channel)
                casting.cast_on(connection, ballot)
    finally:
        clock.travel(timedelta(0))


def ballots(
    world: World, key: str, frozen: FrozenRound
) -> Iterator[tuple[Person, int, dict[str, Decimal], str]]:
    """(voter, number of the form, choices, channel) for every ballot, second thoughts included."""
    wanted = plan(key)["ballots"]
    rng = random.Random(wanted["seed"])  # noqa: S311 - invented votes
    facts = facts_by_code(key)
    slugs = {place.id: slug for slug, place in world.places.items()}
    voters = list_voters(world)
    rng.shuffle(voters)
    channels, weights = ("online", "desk", "paper"), [wanted[one] for one in ("online", "desk", "paper")]
    number = 0
    for voter in voters[: max(1, int(wanted["count"] * world.share))]:
        home = slugs[voter.neighbourhood_id or 0]
        channel = rng.choices(channels, weights)[0]
        times = 2 if channel != "paper" and rng.random() < SECOND_THOUGHTS else 1
        for _ in range(times):
            number += 1
            yield voter, number, choose(frozen, facts, home, rng), channel


def choose(
    frozen: FrozenRound, facts: dict[str, dict[str, Any]], home: str, rng: random.Random
) -> dict[str, Decimal]:
    """One person's ballot: something in at least one part of it."""
    chosen: list[str] = []
    while not chosen:
        for group in frozen.groups.values():
            chosen += choose_in(frozen, group, facts, home, rng)
    return dict.fromkeys(chosen, Decimal(1))


def choose_in(
    frozen: FrozenRound,
    group: PlannedGroup,
    facts: dict[str, dict[str, Any]],
    home: str,
    rng: random.Random,
) -> list[str]:
    """What somebody of a neighbourhood ticks in one part, within its limits."""
    most = group.max_choices or 10
    count = int(rng.random() < FILLED_IN) if group.kind == "choose_one" else rng.randint(1, most)
    offered = [project.code for project in frozen.projects_of(group.id)]
    liking = {
        code: facts[code]["popularity"] * (NEIGHBOURS if facts[code]["neighbourhood"] == home else 1)
        for code in offered
    }
    taken: list[str] = []
    left = group.max_cost
    for _ in range(count):
        fitting = [
            code
            for code in offered
            if code not in taken and (left is None or frozen.projects[code].cost <= left)
        ]
        if not fitting:
            break
        code = rng.choices(fitting, [liking[one] for one in fitting])[0]
        taken.append(code)
        left = None if left is None else left - frozen.projects[code].cost
    return taken
