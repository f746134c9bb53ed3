"""The meetings and workshops of the demo city, through the same services as real ones."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from civic.clock import city_moment
from civic.demo.consultations import find
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.meetings import service
from consultations.meetings.models import Meeting
from consultations.typeset import pdf


def load_meetings(world: World) -> None:
    """Each meeting as far as its story goes; one that is there already is left alone."""
    for item in items("meetings"):
        if db.session.scalar(select(Meeting.id).where(Meeting.title == item["title"])) is None:
            with unit_of_work():
                _lead(world, item)


def _about(key: str | None) -> int | None:
    one = find(key) if key else None
    return one.id if one is not None and one.announced_at is not None else None


def _lead(world: World, item: dict[str, Any]) -> None:
    days, staff = world.days, world.person(STAFF)
    told = item["announced"] if item["announced"] is not None else -1
    starts_at, before = city_moment(days.date(item["on"]), item["hour"]), days.moment(told - 1, 11)
    area = world.places[item["neighbourhood"]].id if item["neighbourhood"] else None
    plan = service.Plan(
        item["kind"], item["title"], starts_at, starts_at + timedelta(hours=item["hours"]), item["summary"],
        item["place"], item["link"], "", area, _about(item["consultation"]),
    )  # fmt: skip
    one = service.create(staff, plan, before)
    for title, consultation in item["agenda"]:
        service.add_item(staff, one.id, title, _about(consultation), before)
    for title in item["documents"]:
        service.add_document(staff, one.id, title, pdf(title, ["Document inventat."]), before)
    if item["announced"] is None:
        return
    service.announce(staff, one.id, days.moment(told, 9))
    if item["cancelled"]:
        service.cancel(staff, one.id, item["cancelled"], days.moment(-1, 10))
    minutes = item["minutes"]
    if minutes:
        at = days.moment(minutes["day"], 12)
        service.publish_minutes(staff, one.id, minutes["text"], None, minutes["recording"], at)
