"""Every question asked of the city's reference data.

The lists are short and asked for by many parts of one page, so each is read once a request; nothing is kept
between requests, so a change by an administrator shows at once.
"""

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from civic.errors import NotFound
from civic.extensions import db
from civic.matching import has_words
from civic.places.memory import once_a_request
from civic.places.models import Category, Department, Neighbourhood


@once_a_request
def list_neighbourhoods() -> Sequence[Neighbourhood]:
    """All neighbourhoods in Romanian order."""
    return db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.sort_key, Neighbourhood.id)).all()


@once_a_request
def list_departments() -> Sequence[Department]:
    """All departments in Romanian order."""
    return db.session.scalars(select(Department).order_by(Department.sort_key, Department.id)).all()


@once_a_request
def list_categories() -> Sequence[Category]:
    """All domains, in the order the city gave them."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.id)).all()


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first."""
    found = select(Neighbourhood.id).where(has_words(Neighbourhood.name, words))
    return found.order_by(Neighbourhood.id.desc())


def find_neighbourhood(neighbourhood_id: int | None) -> Neighbourhood | None:
    """The neighbourhood of an id, if there is one."""
    return None if neighbourhood_id is None else db.session.get(Neighbourhood, neighbourhood_id)


def find_neighbourhood_by_slug(slug: str) -> Neighbourhood | None:
    """The neighbourhood of an address's last part."""
    return db.session.scalar(select(Neighbourhood).where(Neighbourhood.slug == slug))


def get_neighbourhood(slug: str) -> Neighbourhood:
    """The same, or NotFound."""
    found = find_neighbourhood_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def find_department(department_id: int | None) -> Department | None:
    """The department of an id, if there is one."""
    return None if department_id is None else db.session.get(Department, department_id)


def find_department_by_slug(slug: str) -> Department | None:
    """The department of a short name."""
    return db.session.scalar(select(Department).where(Department.slug == slug))


def get_department(slug: str) -> Department:
    """The same, or NotFound."""
    found = find_department_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def find_category(category_id: int | None) -> Category | None:
    """The domain of an id, if there is one."""
    return None if category_id is None else db.session.get(Category, category_id)


def find_category_by_slug(slug: str) -> Category | None:
    """The domain of a short name."""
    return db.session.scalar(select(Category).where(Category.slug == slug))


def get_category(slug: str) -> Category:
    """The same, or NotFound."""
    found = find_category_by_slug(slug)
    if found is None:
        raise NotFound
    return found


def next_category_position() -> int:
    """Where a new domain goes: after the last one."""
    return (db.session.scalar(select(func.max(Category.position))) or 0) + 1


def neighbourhood_names() -> dict[int, str]:
    """Names of all neighbourhoods in dictionary order."""
    rows = db.session.execute(select(Neighbourhood.id, Neighbourhood.name).order_by(Neighbourhood.sort_key))
    return {row[0]: row[1] for row in rows}


def neighbourhood_people() -> dict[int, tuple[str, int | None]]:
    """Name and inhabitants (where known) of every neighbourhood, in dictionary order."""
    rows = db.session.execute(
        select(Neighbourhood.id, Neighbourhood.name, Neighbourhood.population).order_by(
            Neighbourhood.sort_key
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def categories_by_id() -> dict[int, Category]:
    """All domains in the city's order, by id."""
    return {category.id: category for category in list_categories()}
