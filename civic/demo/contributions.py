"""What people of the demo city sent to its consultations, and what was answered, in every state."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from civic.demo import consultations
from civic.demo.world import CLERK, DATA, STAFF, World, items
from civic.extensions import db
from civic.organisations.models import Organisation
from civic.tasks import Task
from civic.unit_of_work import unit_of_work
from consultations.contributions import (
    answering,
    keeping,
    letters,
    parsing,
    queries,
    reviewing,
    service,
    themes,
)
from consultations.contributions.models import Contribution, Theme
from consultations.contributions.service import Author
from consultations.models import Consultation

#: Answers are written by the department's people and signed by somebody else.
SIGNS = STAFF


def load_contributions(world: World) -> None:
    """Every contribution of the file with its story; those that are there already are left alone."""
    if db.session.scalar(select(Contribution.id).limit(1)) is not None:
        return
    # All of one consultation in the order of their days: the register's numbers follow each other.
    with unit_of_work():
        for item in sorted(items("contributions"), key=lambda one: one["day"]):
            _load(world, item)
        content = json.loads((DATA / "contributions.json").read_text(encoding="utf-8"))
        for theme in content["themes"]:
            _answer_theme(world, theme)
        _leave_letter(world, content["letter"])
        # Nobody is written to about what happened before the city was loaded.
        db.session.execute(delete(Task).where(Task.kind == answering.TELL))


def _consultation(key: str) -> Consultation:
    found = consultations.find(key)
    assert found is not None
    return found


def _organisation(key: str | None) -> Organisation | None:
    if key is None:
        return None
    name = next(one["name"] for one in items("organisations") if one["key"] == key)
    return db.session.scalar(select(Organisation).where(Organisation.name == name))


def _author(world: World, item: dict[str, Any]) -> Author:
    organisation = _organisation(item["organisation"])
    if item["person"] is None:
        return Author(item["name"], contact=item["contact"], shown_as=item["shown_as"])
    person = world.person(item["person"])
    return Author(
        organisation.name if organisation else person.display_name,
        account_id=person.id,
        organisation_id=organisation.id if organisation else None,
    )


def _load(world: World, item: dict[str, Any]) -> None:
    one, at = _consultation(item["consultation"]), world.days.moment(item["day"], 16, 20)
    clerk = world.person(CLERK) if item["channel"] in ("post", "desk") else None
    entry = service.register(
        one, item["channel"], item["text"], _author(world, item), at, title=item["title"], clerk=clerk
    )
    if item["theme"]:
        theme = themes.create(world.person(STAFF), one.id, item["theme"], at)
        themes.group(world.person(STAFF), one.id, theme.id, [entry.id], at)
    if item["hide"]:
        hide = item["hide"]
        keeping.hide(world.person(STAFF), entry.id, hide["why"], hide["reason"], hide["rest"], at)
    if item["late"]:
        late, day = item["late"], world.days.moment(item["late"]["day"], 10)
        keeping.consider(world.person(STAFF), entry.id, late["considered"], late["reason"], day)
    if item["answer"]:
        answer_story(world, entry, item["answer"])
    if item["review"]:
        reviewing.ask(entry.id, item["review"], None, world.days.moment(-1, 18))


def answer_story(world: World, target: Contribution | Theme, told: dict[str, Any]) -> None:
    """An answer as far as its story goes."""
    author, at = world.person(told["by"]), world.days.moment(told["day"], 11)
    words = answering.Words(told["outcome"], told["reason"], told["place"], author_function=told["function"])
    answer = answering.save(author, target, words, 0, at)
    if told["state"] == "draft":
        return
    answering.submit(author, answer.id, answer.version, at)
    if told["state"] == "submitted":
        return
    answering.sign(world.person(SIGNS), answer.id, answer.version, at)
    if told["withdrawn"]:
        back = told["withdrawn"]
        moment = world.days.moment(back["day"], 12)
        answering.withdraw(world.person(SIGNS), answer.id, answer.version, back["reason"], moment)
        if "next" in told:
            answer_story(world, target, told["next"])


def _answer_theme(world: World, item: dict[str, Any]) -> None:
    theme = queries.find_theme(_consultation(item["consultation"]).id, item["title"])
    assert theme is not None
    answer_story(world, theme, item["answer"])


def _leave_letter(world: World, item: dict[str, Any]) -> None:
    """One letter that a clerk has to place."""
    mail = parsing.Mail(
        "<parc@mail.example>", item["name"], item["address"], (), item["subject"], item["text"]
    )
    at: datetime = world.days.moment(-1, 9)
    letters.take(mail, b"", at, at)
