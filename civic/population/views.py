"""The newest figures of inhabitants, for the staff."""

from flask import Blueprint, render_template

from civic.policy import Action, requires
from civic.population import queries
from civic.population.rules import Band, people_from

blueprint = Blueprint("population", __name__, url_prefix="/staff/city/population")


@blueprint.get("")
@requires(Action.ADMINISTER)
def index() -> str:
    """Areas in rows, bands of ages in columns, and where the figures come from."""
    found = queries.newest_table()
    bands: list[tuple[int, int | None]] = []
    areas: dict[str | None, dict[tuple[int, int | None], int]] = {}
    for figure, name in found[2] if found else ():
        band = (figure.age_from, figure.age_to)
        bands += [] if band in bands else [band]
        areas.setdefault(name, {})[band] = figure.inhabitants
    sums = {
        name: people_from([Band(*band, count) for band, count in row.items()], 0)
        for name, row in areas.items()
    }
    return render_template(
        "population/index.html", found=found, bands=sorted(bands, key=lambda one: one[0]), areas=areas,
        sums=sums, everybody=queries.population_of(None),
    )  # fmt: skip
