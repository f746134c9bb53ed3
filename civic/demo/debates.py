"""The public debates of the demo city, asked for by its organisations, through the same services as real ones."""

from typing import Any

from sqlalchemy import select

from civic.clock import city_moment
from civic.demo.consultations import find
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.organisations.models import Organisation
from civic.unit_of_work import unit_of_work
from consultations.debates import queries, service, speaking


def load_debates(world: World) -> None:
    """Each debate as far as its story goes; a consultation that has one is left alone."""
    for item in items("debates"):
        one = find(item["consultation"])
        if one is not None and not queries.list_debates(one.id):
            with unit_of_work():
                _lead(world, one.id, item)


def organisation_id(key: str | None) -> int | None:
    """The organisation that a file calls so."""
    if key is None:
        return None
    name = next(one["name"] for one in items("organisations") if one["key"] == key)
    return db.session.scalar(select(Organisation.id).where(Organisation.name == name))


def _lead(world: World, consultation_id: int, item: dict[str, Any]) -> None:
    days, staff, asked = world.days, world.person(STAFF), item["request"]
    service.ask(
        world.person(asked["person"]), consultation_id, organisation_id(asked["organisation"]), asked["text"],
        days.moment(asked["day"], 12),
    )  # fmt: skip
    starts_at = city_moment(days.date(item["on"]), 17)
    plan = service.Plan(
        starts_at, item["place"], item["link"], item["minutes_each"], city_moment(days.date(item["on"] - 1), 12)
    )  # fmt: skip
    debate = service.announce(staff, consultation_id, plan, days.moment(item["announced"], 10))
    for order, speaker in enumerate(item["speakers"]):
        at, spoken_for = (
            days.moment(item["announced"] + 1, 13, order),
            organisation_id(speaker["organisation"]),
        )
        if speaker["person"] is None:
            made = speaking.enter(staff, consultation_id, debate.id, speaker["name"], at)
        else:
            person = world.person(speaker["person"])
            made = speaking.sign_up(person, consultation_id, debate.id, speaker["name"], spoken_for, at)
        if speaker["state"] != "waiting":
            spoke = city_moment(days.date(item["on"]), 18, order)
            speaking.mark(
                staff, consultation_id, debate.id, made.id, speaker["state"], speaker["note"], spoke
            )
    held = item["held"]
    if held:
        speaking.end(
            staff, consultation_id, debate.id, held["attendance"], city_moment(days.date(item["on"]), 19)
        )
        minutes_at = days.moment(held["minutes_day"], 11)
        speaking.publish_minutes(staff, consultation_id, debate.id, held["minutes"], None, "", minutes_at)
