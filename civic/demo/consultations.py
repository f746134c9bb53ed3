"""The consultations of the demo city, in every stage, led through the same services as real ones."""

from typing import Any

from sqlalchemy import select

from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations import file_service, service
from consultations.models import Consultation
from consultations.typeset import pdf

RESPONSIBLE = "Simona Ionescu, responsabilă pentru relația cu societatea civilă"
SEND_TO = (
    "Registratura primăriei, str. Chiristigiilor 11-13, luni-vineri 8:00-16:00\n"
    "E-mail: consultare@sector2.example"
)


def find(key: str) -> Consultation | None:
    """A consultation of the demo by its name in the file."""
    title = next(item["title"] for item in items("consultations") if item["key"] == key)
    return db.session.scalar(select(Consultation).where(Consultation.title == title))


def load_consultations(world: World) -> None:
    """Each consultation up to its report; one that is there already is left alone."""
    for item in items("consultations"):
        if find(item["key"]) is None:
            with unit_of_work():
                _lead(world, item)


def _lead(world: World, item: dict[str, Any]) -> None:
    """From the draft to where contributions are received."""
    actor, first = world.person(STAFF), item["announced"] if item["announced"] is not None else 0
    before = world.days.moment(first - 3, 11)
    area = world.places[item["neighbourhood"]].id if item["neighbourhood"] else None
    one = service.create(
        actor,
        service.Draft(
            item["kind"], item["title"], item["summary"], item["dimension"],
            world.departments[item["department"]], area, RESPONSIBLE, SEND_TO, item["minority"],
            item["vulnerable"], item["urgent"], world.days.date(_planned_end(item)),
        ),
        before,
    )  # fmt: skip
    for document in item["documents"]:
        upload = pdf(document["title"], document["paragraphs"])
        file_service.add_document(actor, one.id, document["kind"], document["title"], upload, before)
    if item["announced"] is None:
        return
    opens = world.days.date(item["opens"]) if item["opens"] is not None else None
    service.announce(actor, one.id, one.version, opens, world.days.moment(item["announced"], 9))
    for entry in item["elsewhere"]:
        proof = pdf(entry["place"], entry["paragraphs"])
        day, at = world.days.date(entry["day"]), world.days.moment(entry["day"], 15)
        file_service.note_elsewhere(actor, one.id, entry["channel"], entry["place"], day, proof, at)
    later = item["extension"]
    if later:
        until = world.days.date(later["until"])
        service.extend(actor, one.id, until, later["reason"], world.days.moment(later["day"], 12))


def load_endings(world: World) -> None:
    """The reports and decisions of those whose story goes so far, once everything about them is there."""
    for item in items("consultations"):
        one = find(item["key"])
        if one is not None and one.report_published_at is None and item["report"] is not None:
            with unit_of_work():
                _conclude(world, one.id, item)


def _conclude(world: World, consultation_id: int, item: dict[str, Any]) -> None:
    actor = world.person(STAFF)
    service.publish_report(actor, consultation_id, "", world.days.moment(item["report"], 12))
    if item["outcome"]:
        end = item["outcome"]
        ending = service.Ending(end["outcome"], end["reason"], end["act"])
        service.conclude(actor, consultation_id, ending, world.days.moment(end["day"], 13))


def _planned_end(item: dict[str, Any]) -> int:
    """The last day as first announced: an extension comes from it."""
    planned: int = item["extension"]["until"] - 5 if item["extension"] else item["closes"]
    return planned
