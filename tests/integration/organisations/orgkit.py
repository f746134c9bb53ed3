"""Organisations as tests need them: values, and one in every state."""

from datetime import timedelta
from typing import Any

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from civic.organisations import queries, service
from civic.organisations.models import Organisation, OrganisationMember
from civic.organisations.rules import Contact, Values
from tests.factories import make_account

#: A valid tax code; the digits before its last one are those of a real certificate.
TAX_CODE = "4267117"
EMAIL = "contact@verde.example"


def make_values(**changes: Any) -> Values:
    """An association as its form holds it."""
    defaults: dict[str, Any] = {
        "name": "Asociația Cartierul Verde",
        "legal_form": "association",
        "registration_number": "123/A/2019",
        "description": "Plantăm copaci.",
        "website": "https://verde.example",
        "contact": Contact(EMAIL, "021 209 60 00"),
    }
    return Values(**{**defaults, **changes})


def waiting(author: Account | None = None, **changes: Any) -> Organisation:
    """One that waits for the city hall."""
    author = author or make_account()
    # Registered a little earlier, so that what follows comes after it.
    made = service.register_organisation(
        author.as_actor(), make_values(**changes), clock.now() - timedelta(minutes=5)
    )
    db.session.commit()
    return made


def verified(author: Account | None = None, **changes: Any) -> Organisation:
    """One that the city hall has verified."""
    made = waiting(author, **changes)
    decide(made, True)
    return made


def decide(organisation: Organisation, accept: bool, reason: str = "") -> None:
    """The city hall's word about what waits."""
    check = queries.find_open_check(organisation.id)
    assert check is not None
    staff = make_account("staff").as_actor()
    service.decide(staff, organisation.id, check.id, accept, reason, clock.now())
    db.session.commit()


def refused(author: Account | None = None, **changes: Any) -> Organisation:
    """One that was not verified."""
    made = waiting(author, **changes)
    decide(made, False, "Numărul nu există în registru.")
    return made


def suspended(author: Account | None = None, **changes: Any) -> Organisation:
    """One that may not speak."""
    made = verified(author, **changes)
    service.suspend(make_account("staff").as_actor(), made.id, "A fost dizolvată.", clock.now())
    db.session.commit()
    return made


def join(organisation: Organisation, role: str = "spokesperson", **values: Any) -> Account:
    """Another member."""
    account = make_account(**values)
    db.session.add(
        OrganisationMember(
            organisation_id=organisation.id, account_id=account.id, role=role, joined_at=clock.now()
        )
    )
    db.session.commit()
    return account
