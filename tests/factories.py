"""Makers of the things tests need, with sensible defaults. They commit (a savepoint in shared tests)."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from civic.accounts.models import Account, Person, RoleGrant
from civic.extensions import db
from civic.places.models import Category, Department, Neighbourhood
from civic.text import romanian_sort_key

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
_numbers = itertools.count(1)

#: An argon2id hash of "parola de test 1", made once: hashing is slow on purpose.
TEST_PASSWORD = "parola de test 1"
_HASH: str | None = None


def test_password_hash() -> str:
    """The hash of TEST_PASSWORD."""
    global _HASH
    if _HASH is None:
        from argon2 import PasswordHasher

        _HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(TEST_PASSWORD)
    return _HASH


test_password_hash.__test__ = False  # type: ignore[attr-defined]


def save(thing: Any) -> Any:
    """Add, commit, return."""
    db.session.add(thing)
    db.session.commit()
    return thing


def make_neighbourhood(name: str | None = None, **values: Any) -> Neighbourhood:
    """A neighbourhood somewhere in the city, with a square around its point."""
    number = next(_numbers)
    name = name or f"Cartierul {number}"
    latitude, longitude = 44.45 + number % 10 / 1000, 26.12 + number % 7 / 1000
    ring = [
        [longitude + dx, latitude + dy]
        for dx, dy in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01))
    ]
    defaults = {"latitude": latitude, "longitude": longitude, "shape": [ring], "vulnerable": False}
    return save(
        Neighbourhood(
            slug=f"cartier-{number}", name=name, sort_key=romanian_sort_key(name), **{**defaults, **values}
        )
    )


def make_department(name: str | None = None, **values: Any) -> Department:
    """A department."""
    number = next(_numbers)
    name = name or f"Direcția {number}"
    return save(Department(slug=f"directia-{number}", name=name, sort_key=romanian_sort_key(name), **values))


def make_category(name_ro: str | None = None, **values: Any) -> Category:
    """A domain."""
    number = next(_numbers)
    return save(
        Category(
            slug=f"domeniu-{number}", name_ro=name_ro or f"Domeniul {number}", name_en=f"Domain {number}", icon="tree",
            tint="green", position=number % 100, **values,
        )
    )  # fmt: skip


def make_account(
    *roles: str, department: Department | None = None, confirmed: bool = True, **values: Any
) -> Account:
    """An account with roles ("moderator", "staff", …); an evaluator needs a department."""
    number = next(_numbers)
    account = Account(
        email=values.pop("email", f"om{number}@civic.example"),
        password_hash=test_password_hash(),
        display_name=values.pop("display_name", f"Om {number}"),
        created_at=values.pop("created_at", NOON - timedelta(days=30)),
        email_confirmed_at=NOON if confirmed else None,
        session_epoch=0,
        locale=values.pop("locale", "ro"),
        **values,
    )
    account.grants = [
        RoleGrant(
            role=role,
            granted_at=NOON,
            department_id=department.id if role == "evaluator" and department else None,
        )
        for role in roles
    ]
    return save(account)


def make_person(neighbourhood: Neighbourhood | None = None, **values: Any) -> Person:
    """A verified human being without an account."""
    number = next(_numbers)
    defaults = {
        "identity_hash": number.to_bytes(32, "big"),
        "birth_date": date(1980, 1, 1),
        "area_basis": "domicile",
        "method": "desk",
        "verified_at": NOON,
    }
    return save(
        Person(neighbourhood_id=neighbourhood.id if neighbourhood else None, **{**defaults, **values})
    )


def make_resident(neighbourhood: Neighbourhood | None = None, **values: Any) -> Account:
    """An account whose person the city has verified."""
    person = make_person(neighbourhood or make_neighbourhood(), **values)
    return make_account(person_id=person.id)
