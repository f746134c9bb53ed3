"""Commands that change the city's reference data. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.places import queries
from civic.places.models import Category, Department, Neighbourhood
from civic.places.rules import slug_of
from civic.text import clean_line, fold, romanian_sort_key


def _slug(name: str) -> str:
    slug = slug_of(fold(name))
    if not slug:
        raise Invalid(_("The name needs at least one letter or digit."))
    return slug


def _add(thing: Department | Category) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(thing)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("There is already one with this name.")) from error


def change_neighbourhood(
    actor: Actor, place: Neighbourhood, name: str, population: int | None, vulnerable: bool, now: datetime
) -> None:
    """The name, the number of people and whether it is a vulnerable area. Its address never changes."""
    place.name = clean_line(name)
    place.sort_key = romanian_sort_key(name)
    place.population, place.vulnerable = population, vulnerable
    audit.record(actor, "neighbourhood.changed", "neighbourhood", place.id, now)


def add_department(actor: Actor, name: str, email: str, now: datetime) -> Department:
    """A new department. Raises Invalid, Conflict for the name."""
    department = Department(
        slug=_slug(name), name=clean_line(name), sort_key=romanian_sort_key(name), email=email
    )
    _add(department)
    audit.record(actor, "department.added", "department", department.id, now)
    return department


def change_department(actor: Actor, department: Department, name: str, email: str, now: datetime) -> None:
    """The name and the address."""
    department.name, department.email = clean_line(name), email
    department.sort_key = romanian_sort_key(name)
    audit.record(actor, "department.changed", "department", department.id, now)


def add_category(
    actor: Actor, name_ro: str, name_en: str, icon: str, tint: str, position: int | None, now: datetime
) -> Category:
    """A new domain, at the end unless told. Raises Invalid, Conflict for the name."""
    category = Category(
        slug=_slug(name_ro),
        name_ro=clean_line(name_ro),
        name_en=clean_line(name_en),
        icon=icon,
        tint=tint,
        position=queries.next_category_position() if position is None else position,
    )
    _add(category)
    audit.record(actor, "category.added", "category", category.id, now)
    return category


def change_category(
    actor: Actor,
    category: Category,
    name_ro: str,
    name_en: str,
    icon: str,
    tint: str,
    position: int | None,
    now: datetime,
) -> None:
    """Names, picture and place in the order."""
    category.name_ro, category.name_en = clean_line(name_ro), clean_line(name_en)
    category.icon, category.tint = icon, tint
    if position is not None:
        category.position = position
    audit.record(actor, "category.changed", "category", category.id, now)
