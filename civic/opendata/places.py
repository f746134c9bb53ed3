"""The city's neighbourhoods, departments and domains as data; what other data points at by number."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select

from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER, PAGE_ADDRESS
from civic.opendata.resources import Field, Resource, register_resource
from civic.places.models import Category, Department, Neighbourhood

SLUG = Field("slug", "text", _l("Its name in addresses"))
NAME = Field("name", "text", _l("Its name"))


def register() -> None:
    """Publish the places."""
    register_resource(
        Resource(
            "neighbourhoods",
            _l("Neighbourhoods"),
            _l("The parts of the city. Points are approximate."),
            (
                NUMBER,
                SLUG,
                NAME,
                PAGE_ADDRESS,
                Field("latitude", "coordinate", _l("Its point, degrees north")),
                Field("longitude", "coordinate", _l("Its point, degrees east")),
                Field("vulnerable", "yes_no", _l("Named a marginalised area by the city's documents")),
                Field("population", "number", _l("How many people live there"), optional=True),
            ),
            lambda: select(Neighbourhood),
            Neighbourhood.id,
            _neighbourhoods,
        )
    )
    for name, title, about, model in (
        (
            "departments",
            _l("Departments"),
            _l("The parts of the city hall that analyse and build."),
            Department,
        ),
        ("domains", _l("Domains"), _l("What proposals and works are about."), Category),
    ):
        register_resource(
            Resource(name, title, about, (NUMBER, SLUG, NAME), _all_of(model), model.id, _named)
        )


def _all_of(model: type[Department] | type[Category]) -> Any:
    def statement() -> Select[Any]:
        return select(model)

    return statement


def _neighbourhoods(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": one.id,
            "slug": one.slug,
            "name": one.name,
            "url": address_of("places.neighbourhood", slug=one.slug),
            "latitude": one.latitude,
            "longitude": one.longitude,
            "vulnerable": one.vulnerable,
            "population": one.population,
        }
        for (one,) in rows
    ]


def _named(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    return [{"id": one.id, "slug": one.slug, "name": one.name} for (one,) in rows]
