"""Inhabitants brought in from a table: one row for an area, a band of ages and a year."""

from typing import Any

from flask_babel import lazy_gettext as _l

from civic.imports.datasets import Context, Dataset, Field
from civic.imports.rules import Unreadable
from civic.population.models import PopulationFigure
from civic.population.rules import ages_in
from civic.text import fold

#: What a source writes where a row is about the whole city.
CITY = frozenset({"", "total", "oras", "orasul", "sector", "sectorul", "city", "municipiu", "localitate"})


def make(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a figure. An area nobody knows is refused: counted as the city's it would double it."""
    area, ages = values["area"] or "", values["ages"] or ""
    neighbourhood = None if fold(area) in CITY else context.neighbourhoods.get(fold(area))
    if neighbourhood is None and fold(area) not in CITY:
        raise Unreadable("choice", "area", area)
    try:
        first, last = ages_in(ages)
    except ValueError as error:
        raise Unreadable("choice", "ages", ages) from error
    return {
        "neighbourhood_id": neighbourhood,
        "age_from": first,
        "age_to": last,
        "year": values["year"],
        "inhabitants": values["inhabitants"],
    }


DATASET = Dataset(
    key="population",
    label=_l("Inhabitants by area and age"),
    model=PopulationFigure,
    fields=(
        Field("area", _l("Neighbourhood; empty for the whole city"), guesses=("zona", "cartier", "localitate")),
        Field("ages", _l("Age band; empty for all ages"), guesses=("varsta", "grupa de varsta", "grupe de varsta")),
        Field("year", _l("Year"), "year", needed=True, guesses=("an", "anul")),
        Field("inhabitants", _l("Inhabitants"), "whole", needed=True, guesses=("locuitori", "populatie", "numar")),
    ),
    make=make,
    totals=(),
    home="population.index",
    stamp=lambda _after, _before, context: {"changed_at": context.now},
)  # fmt: skip
