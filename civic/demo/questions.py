"""The advisory ballots: questions asked of some neighbourhoods, one answered, counted and decided on, one open."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from civic.accounts.models import Person
from civic.demo.ballots import cast_listed
from civic.demo.people import list_voters
from civic.demo.rounds import find_round
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.rounds import service as rounds
from civic.rounds.facts import PhaseWindow
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import closing, opening, round_queries
from voting.plan import FrozenRound
from voting.questions import service
from voting.questions.plan import PlannedQuestion
from voting.questions.rules import QuestionText


def load_ballots(world: World) -> None:
    """Every ballot of the file, each part committed, as far as not done."""
    for item in items("questions"):
        with unit_of_work():
            plan_ballot(world, item)
        with unit_of_work():
            opens = _day(item, "voting", "start_day")
            opening.open_round(
                world.person(STAFF), find_round(item["key"]).id, world.days.moment(opens - 1, 15)
            )
        round_ = find_round(item["key"])
        if round_.closed_at is None:
            frozen = round_queries.plan_of(round_)
            assert frozen is not None
            cast_listed(world, item["key"], round_, list(answers(world, item, frozen)))
        if item["decided"]:
            decide(world, item)


def _day(item: dict[str, Any], kind: str, end: str) -> int:
    return int(next(one[end] for one in item["phases"] if one["kind"] == kind))


def plan_ballot(world: World, item: dict[str, Any]) -> None:
    """Plan a ballot with its questions and publish it, unless it is there."""
    if db.session.scalar(select(Round.id).where(Round.slug == item["key"])) is not None:
        return
    actor = world.person(STAFF)
    planned = world.days.moment(item["published_day"], 9)
    round_ = rounds.create_round(
        actor,
        item["name"],
        planned,
        slug=item["key"],
        content="questions",
        changes={
            "summary": item["summary"],
            "min_age": item["min_age"],
            "area_basis": "residence",
            "remote_verification": ["letter"],
            "areas": [world.places[slug].id for slug in item["areas"]],
            "phases": [
                PhaseWindow(
                    one["kind"], world.days.start(one["start_day"]), world.days.start(one["end_day"] + 1)
                )
                for one in item["phases"]
            ],
        },
    )
    for one in item["questions"]:
        text = QuestionText(
            one["text"], one["kind"], tuple(one["options"]), one["max_choices"], one["may_abstain"],
            one["explanation"], one["arguments_for"], one["arguments_against"],
        )  # fmt: skip
        service.save_question(actor, round_, None, text, planned)
    rounds.publish_round(actor, round_, world.days.moment(item["published_day"], 12))


def answers(
    world: World, item: dict[str, Any], frozen: FrozenRound
) -> Iterator[tuple[int, int, dict[str, Decimal], str]]:
    """(voter, number of the form, choices, channel) for everybody of the neighbourhoods who votes."""
    rng = random.Random(item["ballots"]["seed"])  # noqa: S311 - invented votes
    asked = {world.places[slug].id for slug in item["areas"]}
    voters: list[Person] = [voter for voter in list_voters(world) if voter.neighbourhood_id in asked]
    number = 0
    for voter in voters:
        if rng.random() >= item["ballots"]["turnout"]:
            continue
        chosen: list[str] = []
        while not chosen:
            for question, told in zip(frozen.questions, item["questions"], strict=True):
                chosen += choose(question, told["weights"], rng)
        number += 1
        yield voter.id, number, dict.fromkeys(chosen, Decimal(1)), rng.choices(("online", "desk"), (9, 1))[0]


def choose(question: PlannedQuestion, weights: list[int], rng: random.Random) -> list[str]:
    """What somebody ticks in one question; the last weight is that of leaving it empty."""
    codes = [option.code for option in question.options]
    first = rng.choices([*codes, ""], weights)[0]
    if not first:
        return []
    if question.max_choices == 1 or rng.random() < 0.4:
        return [first]
    second = rng.choices(codes, weights[:-1])[0]
    return sorted({first, second})


def decide(world: World, item: dict[str, Any]) -> None:
    """Close and count the ballot, and tell what the council decided."""
    public_day, told = _day(item, "results", "start_day"), item["decided"]
    round_id = find_round(item["key"]).id
    if find_round(item["key"]).results_at is None:
        closing.close_round(round_id, world.days.moment(public_day, 10))
    with unit_of_work():
        decided = public_day + told["after_days"]
        rounds.adopt_results(
            world.person(STAFF),
            find_round(item["key"]),
            told["decision"],
            world.days.date(decided),
            world.days.moment(decided, 16),
            what=told["what"],
            url=told["url"],
        )
