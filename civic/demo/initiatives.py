"""The draft decisions that citizens of the demo city put forward, through the same services as real ones."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from civic.actor import Actor
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.initiatives import paper_lines, service, signing, verifying
from consultations.initiatives.likeness import Line
from consultations.initiatives.models import ElectorCount, Initiative
from consultations.initiatives.signing import Count
from consultations.typeset import pdf

#: Few enough for the threshold to be reached by the people of people.json.
ELECTORS = 260
SOURCE = "Număr inventat pentru orașul demonstrativ"
#: Who signs has the age of voting for sure.
BORN_BEFORE = "2000-01-01"


def load_initiatives(world: World) -> None:
    """Each draft as far as its story goes; one that is there already is left alone."""
    if db.session.scalar(select(ElectorCount.id).limit(1)) is None:
        with unit_of_work():
            service.enter_electors(
                world.person(STAFF), None, ELECTORS, SOURCE, world.days.date(-200), world.days.moment(-150)
            )
    for item in items("initiatives"):
        if db.session.scalar(select(Initiative.id).where(Initiative.title == item["title"])) is None:
            with unit_of_work():
                _lead(world, item)


def _lead(world: World, item: dict[str, Any]) -> None:
    days, author, staff = world.days, world.person(item["person"]), world.person(STAFF)
    area = world.places[item["neighbourhood"]].id if item["neighbourhood"] else None
    words = service.Words(item["title"], item["text"], item["reasons"], item["initiators"], area)
    one = service.create(author, words, days.moment(item["written"], 12))
    if item["submitted"] is None:
        return
    service.submit(author, one.id, days.moment(item["submitted"], 9))
    back = item["returned"]
    if back:
        service.send_back(staff, one.id, back["reason"], days.moment(back["day"], 11))
        service.submit(author, one.id, days.moment(back["day"] + 1, 18))
    if item["published"] is None:
        return
    service.publish(staff, one.id, days.moment(item["published"], 10))
    for number, person in enumerate(_signers(item["signers"])):
        at = days.moment(item["published"] + 1 + number, 18, number)
        _sign(world.person(person["key"]), one.id, person, number, at)
    for sheet in item["sheets"]:
        counted = Count(sheet["number"], sheet["valid"], sheet["struck"], sheet["reason"])
        scan = pdf(f"Fila {sheet['number']}", ["Listă de susținători inventată."])
        row = signing.enter_sheet(staff, one.id, counted, scan, days.moment(sheet["day"], 12))
        # Two lines are typed: of somebody who signed on the site as well, and of somebody who did not.
        typed = "Str. Inventată nr. 1; RX 100000\nPetre Exemplu; Str. Închipuită nr. 40; RX 555555"
        first = f"{_signers(1)[0]['first_name']} Exemplu"
        paper_lines.enter(staff, one.id, row.id, f"{first}; {typed}", days.moment(sheet["day"], 13))
    if item["deposited"] is not None:
        verifying.deposit(author, one.id, days.moment(item["deposited"], 9))
    end = item["decided"]
    if end:
        verdict = verifying.Verdict(end["reason"], world.departments[end["department"]])
        verifying.decide(staff, one.id, verdict, days.moment(end["day"], 13))


def _signers(count: int) -> list[dict[str, Any]]:
    adults = [
        one for one in items("people")
        if one["verification"] and not one["login"] and date.fromisoformat(one["birth_date"]) < date.fromisoformat(BORN_BEFORE)
    ]  # fmt: skip
    return adults[:count]


def _sign(actor: Actor, initiative_id: int, person: dict[str, Any], number: int, at: datetime) -> None:
    line = Line(
        f"{person['first_name']} Exemplu", f"Str. Inventată nr. {number + 1}", f"RX {100_000 + number}"
    )
    signing.sign(actor, initiative_id, line, at)
