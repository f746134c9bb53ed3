"""The organisations of the city: verified ones, one suspended, one that waits and one refused."""

from typing import Any

from sqlalchemy import select

from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.organisations import members, queries
from civic.organisations import service as organisations
from civic.organisations.models import Organisation, OrganisationMember
from civic.organisations.rules import Contact, Role, Values


def load_organisations(world: World) -> None:
    """Every organisation of the file, each once, by the name it was registered with."""
    known = set(db.session.scalars(select(Organisation.name)))
    for item in items("organisations"):
        if item["name"] not in known:
            _load(world, item)


def _values(world: World, item: dict[str, Any]) -> Values:
    return Values(
        name=item["name"],
        legal_form=item["legal_form"],
        registration_number=item["registration_number"],
        tax_code=item["tax_code"],
        description=item["description"],
        website=item["website"] or "",
        contact=Contact(item["email"], item["phone"] or "", item["email_public"], item["phone_public"]),
        minority=item["minority"],
        areas=tuple(world.places[slug].id for slug in item["areas"]),
    )


def _load(world: World, item: dict[str, Any]) -> None:
    author, values = world.person(item["author"]), _values(world, item)
    registered = world.days.moment(item["registered"], 11)
    made = organisations.register_organisation(author, values, registered)
    members.show_name(author, made.id, item["author_shown"], registered)
    if item["outcome"] == "waiting":
        return
    staff, decided = world.person(STAFF), world.days.moment(item["decided"], 14)
    check = queries.find_open_check(made.id)
    assert check is not None
    refused = item["outcome"] == "refused"
    organisations.decide(staff, made.id, check.id, not refused, item["reason"] if refused else "", decided)
    for person in item["spokespeople"]:
        _join(world, made, person)
    if item["outcome"] == "suspended":
        organisations.suspend(staff, made.id, item["reason"], world.days.moment(-40, 12))
    if item["new_name"]:
        changed = Values(**{**vars(values), "name": item["new_name"]})
        asked = world.days.moment(-2, 9)
        organisations.change_organisation(author, made.id, made.version, changed, asked)


def _join(world: World, organisation: Organisation, person: str) -> None:
    """Somebody who accepted an invitation."""
    account_id = world.person(person).id
    assert account_id is not None
    joined = world.days.moment(-100, 18)
    db.session.add(
        OrganisationMember(
            organisation_id=organisation.id,
            account_id=account_id,
            role=Role.SPOKESPERSON,
            joined_at=joined,
            shown=True,
        )
    )
    db.session.flush()
