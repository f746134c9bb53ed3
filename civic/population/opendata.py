"""Inhabitants as open data: what every source says, by area, age and year."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.imports.models import ImportSource
from civic.opendata.fields import CHANGED_AT, NOTE, NUMBER, SOURCE_REFERENCE
from civic.opendata.resources import Field, Resource, equal_to, moment, register_resource, since
from civic.population.models import PopulationFigure


def register() -> None:
    """Publish the figures."""
    register_resource(
        Resource(
            "population",
            _l("Inhabitants"),
            _l("How many people live in the city and its neighbourhoods, by age and year, as each source says. Shares of inhabitants are taken of the newest of them."),
            (
                NUMBER,
                Field("neighbourhood_id", "number", _l("The neighbourhood; none for the whole city"), optional=True),
                Field("year", "number", _l("The year the figure is of")),
                Field("age_from", "number", _l("The youngest age that is counted")),
                Field("age_to", "number", _l("The oldest age that is counted; none when there is no end"), optional=True),
                Field("inhabitants", "number", _l("How many people")),
                Field("source", "text", _l("Who says so")),
                SOURCE_REFERENCE,
                NOTE,
                CHANGED_AT,
            ),
            _all,
            PopulationFigure.id,
            _show,
            (
                equal_to("neighbourhood_id", PopulationFigure.neighbourhood_id, _l("Only those of this neighbourhood")),
                equal_to("year", PopulationFigure.year, _l("Only those of this year")),
                since(PopulationFigure.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip


def _all() -> Any:
    return select(PopulationFigure, ImportSource.name).outerjoin(
        ImportSource, ImportSource.id == PopulationFigure.source_id
    )


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "neighbourhood_id", "year", "age_from", "age_to", "inhabitants", "source_reference", "note",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            "source": source or "",
            "changed_at": moment(one.changed_at),
        }
        for one, source in rows
    ]
