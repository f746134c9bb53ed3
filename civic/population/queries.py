"""Every question asked about inhabitants."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, func, select

from civic.extensions import db
from civic.imports.models import ImportSource
from civic.places.models import Neighbourhood
from civic.population.models import PopulationFigure
from civic.population.rules import Band, People, people_from


@dataclass(frozen=True)
class Population:
    """How many people live somewhere, of which year that is, and who says so."""

    count: int
    year: int
    source: str
    #: a band of ages was cut in proportion to its years
    estimated: bool


def _newest(year: int | None) -> tuple[int, int | None] | None:
    """The year of the newest figures not after `year`, and the source brought in last for it."""
    wanted = select(PopulationFigure.year, PopulationFigure.source_id)
    if year is not None:
        wanted = wanted.where(PopulationFigure.year <= year)
    newest = wanted.group_by(PopulationFigure.year, PopulationFigure.source_id).order_by(
        PopulationFigure.year.desc(), func.max(PopulationFigure.changed_at).desc(), PopulationFigure.source_id.desc()
    )  # fmt: skip
    found = db.session.execute(newest.limit(1)).first()
    return None if found is None else (found[0], found[1])


def population_of(area_id: int | None, year: int | None = None, min_age: int = 0) -> Population | None:
    """Inhabitants of a neighbourhood (None: the city) of at least `min_age`, by the newest figures up to `year`.

    The city is the sum of its neighbourhoods where the source has no figure of its own for it. None where the
    figures do not tell.
    """
    newest = _newest(year)
    if newest is None:
        return None
    found = _people(_by_area(newest), area_id, min_age)
    if found is None:
        return None
    return Population(found.count, newest[0], source_name(newest[1]), found.estimated)


def city_by_ages(bands: Sequence[tuple[int, int | None]]) -> list[int | None]:
    """How many people of each band of ages live in the city by the newest figures; None where they do not tell."""
    newest = _newest(None)
    if newest is None:
        return [None for _band in bands]
    of_area = _by_area(newest)
    counted = []
    for first, last in bands:
        all_from, older = _people(of_area, None, first), People(0, False)
        if last is not None:
            older = _people(of_area, None, last + 1) or older
        counted.append(all_from.count - older.count if all_from is not None else None)
    return counted


def _by_area(newest: tuple[int, int | None]) -> dict[int | None, list[Band]]:
    of_area: dict[int | None, list[Band]] = defaultdict(list)
    for one in _figures(*newest):
        of_area[one.neighbourhood_id].append(Band(one.age_from, one.age_to, one.inhabitants))
    return of_area


def _people(of_area: dict[int | None, list[Band]], area_id: int | None, min_age: int) -> People | None:
    if area_id is not None or None in of_area:
        counted = [people_from(of_area.get(area_id, []), min_age)]
    else:
        counted = [people_from(bands, min_age) for bands in of_area.values()]
    known = [one for one in counted if one is not None]
    if not known or len(known) < len(counted):
        return None
    return People(sum(one.count for one in known), any(one.estimated for one in known))


def source_name(source_id: int | None) -> str:
    """What a source is called; "" for figures without one."""
    return db.session.scalar(select(ImportSource.name).where(ImportSource.id == source_id)) or ""


def _figures(year: int, source_id: int | None) -> Sequence[PopulationFigure]:
    return db.session.scalars(
        select(PopulationFigure)
        .where(PopulationFigure.year == year, PopulationFigure.source_id.is_not_distinct_from(source_id))
        .order_by(PopulationFigure.age_from, PopulationFigure.age_to, PopulationFigure.id)
    ).all()


def newest_table() -> tuple[int, str, Sequence[Row[PopulationFigure, str]]] | None:
    """(year, source, figures with the neighbourhood's name) of the newest figures, or None."""
    newest = _newest(None)
    if newest is None:
        return None
    rows = db.session.execute(
        select(PopulationFigure, Neighbourhood.name)
        .outerjoin(Neighbourhood, Neighbourhood.id == PopulationFigure.neighbourhood_id)
        .where(
            PopulationFigure.year == newest[0],
            PopulationFigure.source_id.is_not_distinct_from(newest[1]),
        )
        .order_by(Neighbourhood.sort_key.nulls_first(), PopulationFigure.age_from, PopulationFigure.id)
    ).all()
    return newest[0], source_name(newest[1]), rows
