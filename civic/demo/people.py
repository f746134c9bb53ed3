"""The people: an account for every role, those who sign what the city shows, and the synthetic voters.

Nobody here exists. Personal numbers are made up with a right check digit, hashed like real ones and never
kept; synthetic voters have an identity that no document can have.
"""

import random
from datetime import date, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.accounts import identity, passwords, verification
from civic.accounts.administration import grant_role_unchecked
from civic.accounts.models import Account, Person
from civic.actor import Actor, Role
from civic.demo.world import CLERK, World, items
from civic.extensions import db

PASSWORD = "parola-demo-2026"  # noqa: S105 - printed in README; refused in production

#: Synthetic voters for every ballot of the closed round, so that not everybody votes.
PEOPLE_A_BALLOT = 1.6
VOTER_SEED = 2025
METHODS = ("desk", "letter", "roeid")


def load_accounts(world: World) -> None:
    """Accounts with their roles; residents verified at the desk by the clerk, or as their file says.

    Those who cannot sign in only sign their texts: their account holds no usable password.
    """
    known = {account.email: account for account in db.session.scalars(select(Account))}
    missing = [item for item in items("people") if item["email"] not in known]
    password = passwords.hash_password(PASSWORD) if any(item["login"] for item in missing) else ""
    for number, item in enumerate(missing):
        place = world.places.get(item["neighbourhood"] or "")
        made = world.days.moment(-640 if item["role"] != "resident" else -620 + number)
        account = Account(
            email=item["email"],
            password_hash=password if item["login"] else passwords.UNUSABLE,
            display_name=item["display_name"],
            locale="ro",
            created_at=made,
            email_confirmed_at=made,
            session_epoch=0,
            neighbourhood_id=place.id if place else None,
        )
        db.session.add(account)
        db.session.flush()
        audit.record(Actor(id=account.id), "account.registered", "account", account.id, made)
        if item["role"] != "resident":
            department = world.departments[item["department"]] if item["role"] == "evaluator" else None
            grant_role_unchecked(account, Role(item["role"]), department, made)
        known[item["email"]] = account
    _name_people(world, known)
    _verify(world, known)
    _name_people(world, known)


def _name_people(world: World, accounts: dict[str, Account]) -> None:
    world.people = {item["key"]: accounts[item["email"]].as_actor() for item in items("people")}


def _verify(world: World, accounts: dict[str, Account]) -> None:
    clerk = world.person(CLERK)
    for number, item in enumerate(items("people")):
        account = accounts[item["email"]]
        if item["verification"] is None or account.person_id is not None:
            continue
        born = date.fromisoformat(item["birth_date"])
        checked = verification.Checked(
            identity=identity.read_cnp(personal_number(born, number), born),
            birth_date=born,
            neighbourhood_id=world.places[item["neighbourhood"]].id,
            area_basis="domicile",
        )
        seen = world.days.moment(-590 + number % 20, 11)
        person = verification.verify_at_desk(clerk, account, checked, seen)
        person.method = item["verification"]
        db.session.flush()


def personal_number(born: date, number: int) -> str:
    """A made-up personal number of Bucharest with a right check digit."""
    century = (1 if born.year < 2000 else 5) + number % 2
    first = f"{century}{born:%y%m%d}42{900 + number % 100:03d}"
    return f"{first}{identity.cnp_check_digit(first)}"


def load_voters(world: World) -> None:
    """The synthetic voters: people without accounts, spread over the neighbourhoods and the ages that vote."""
    key: bytes = current_app.config["SETTINGS"].identity_key
    rng = random.Random(VOTER_SEED)  # noqa: S311 - invented data
    today, slugs = world.days.date(0), sorted(world.places)
    clerk = world.person(CLERK)
    rows = []
    for number in range(voter_count(world)):
        age_days = int(365.25 * min(92.0, max(18.0, rng.triangular(18, 92, 41)))) + rng.randrange(365)
        rows.append(
            {
                "identity_hash": voter_hash(key, number),
                "birth_date": today - timedelta(days=age_days),
                "neighbourhood_id": world.places[rng.choice(slugs)].id,
                "area_basis": "domicile",
                "method": rng.choice(METHODS),
                "verified_at": world.days.moment(-600 + number % 150, 9 + number % 8),
                "verified_by_id": clerk.id,
            }
        )
    for start in range(0, len(rows), 1000):
        statement = insert(Person).values(rows[start : start + 1000])
        db.session.execute(statement.on_conflict_do_nothing(constraint="uq_person_identity_hash"))


def voter_count(world: World) -> int:
    """How many synthetic people there are."""
    ballots: int = next(one["ballots"]["count"] for one in items("rounds") if one["key"] == "2025")
    return int(ballots * world.share * PEOPLE_A_BALLOT)


def voter_hash(key: bytes, number: int) -> bytes:
    """What stands for a synthetic voter: the hash of a text that no document yields."""
    return identity.identity_hash(key, identity.Identity(f"demo|{number}"))


def list_voters(world: World) -> list[Person]:
    """The synthetic voters in the order of their numbers."""
    key: bytes = current_app.config["SETTINGS"].identity_key
    hashes = [voter_hash(key, number) for number in range(voter_count(world))]
    found = {
        bytes(person.identity_hash or b""): person
        for person in db.session.scalars(select(Person).where(Person.identity_hash.in_(hashes)))
    }
    return [found[one] for one in hashes]
