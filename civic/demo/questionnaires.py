"""The questionnaire of the demo city's open consultation, with some hundred residents' answers."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civic.actor import Actor
from civic.demo import consultations
from civic.demo.people import list_voters
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from consultations.questionnaires import answering, counting, drafts, queries, service
from consultations.questionnaires.definition import parse
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.service import Settings


def load_questionnaires(world: World) -> None:
    """Each questionnaire of the file, published and answered, unless it is there."""
    known = set(db.session.scalars(select(Questionnaire.title)))
    for item in items("questionnaires"):
        if item["title"] not in known:
            _load(world, item)


def _load(world: World, item: dict[str, Any]) -> None:
    consultation = consultations.find(item["consultation"])
    assert consultation is not None
    assert consultation.opens_at is not None
    actor, now = world.person(STAFF), world.days.loaded_at
    settings = Settings(
        title=item["title"], title_en=item["title_en"], intro=item["intro"], intro_en=item["intro_en"], english=True,
        results="open", keeps_groups=True, texts_public=True,
    )  # fmt: skip
    one = service.create(actor, consultation, settings, parse(item["definition"]), consultation.opens_at)
    service.publish(actor, one, consultation.opens_at)
    answered = now if item["day"] is None else world.days.moment(item["day"], 18)
    _answer(world, one, item, answered)
    answering.let_through(one.id, ended=item["day"] is not None)
    counting.count(queries.lock_questionnaire(one.id), now)


def _answer(world: World, one: Questionnaire, item: dict[str, Any], now: datetime) -> None:
    """So many of the synthetic voters, each with answers drawn by the weights of the file."""
    rng = random.Random(item["seed"])  # noqa: S311 - invented answers
    for person in list_voters(world)[: item["answers"]]:
        actor = Actor(id=person.id, person_id=person.id, email_confirmed=True)
        sitting = drafts.sitting_of(one, actor, None)
        assert sitting is not None
        raw = {
            field: [_typed(world, rng.choices([str(value) for value in values], weights)[0])]
            for field, values, weights in item["typed"]
        }
        checked = answering.send(actor, one, sitting, raw, one.version, now)
        assert not checked.problems, checked.problems


def _typed(world: World, value: str) -> str:
    """What was typed; `@andronache` is the number of that neighbourhood."""
    return str(world.places[value[1:]].id) if value.startswith("@") else value
