"""The figures of the results: counted by the database, kept in a table, read by the page.

A count is whole and never added to, so it always equals what is stored. It is made when answers were let through,
by the job, in one statement a kind of item.
"""

# ruff: noqa: S608 - the statements are put together from constants of this module

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, text, update

from civic.extensions import db
from civic.places import queries as places
from civic.places.shapes import Polygon, bounding_box, contains
from consultations.questionnaires import queries
from consultations.questionnaires.definition import DECIDING, Definition
from consultations.questionnaires.drawn import touches
from consultations.questionnaires.models import Count, Questionnaire

_INTO = "INSERT INTO questionnaire_count (questionnaire_id, item, cell, grouping, member, value) "
#: Every answer of items of the wanted keys, one a row: `item` and `answer`. Each set of answers is unpacked once.
_EACH = (
    "FROM questionnaire_response r CROSS JOIN LATERAL jsonb_each(r.answers) AS a(item, answer) "
    "WHERE r.questionnaire_id = :one AND item = ANY(CAST(:keys AS text[]))"
)

_ANSWERED = f"{_INTO} SELECT :one, item, 'answered', '', '', count(*) {_EACH} GROUP BY item"
_CHOICES = (
    f"{_INTO} SELECT :one, item, cell, '', '', count(*) "
    f"FROM (SELECT item, jsonb_array_elements_text(answer -> 'choices') AS cell {_EACH}) x GROUP BY item, cell"
)
_CHOICES_BY = (
    f"{_INTO} SELECT :one, item, cell, '{{name}}', member, count(*) FROM (SELECT item, "
    f"jsonb_array_elements_text(answer -> 'choices') AS cell, {{column}} AS member {_EACH}) x "
    "WHERE member IS NOT NULL AND member <> '' GROUP BY item, cell, member"
)
_ROWS = (
    f"{_INTO} SELECT :one, item, e.key || ':' || e.value, '', '', count(*) "
    f"FROM (SELECT item, answer {_EACH}) x CROSS JOIN LATERAL jsonb_each_text(answer -> 'rows') e GROUP BY item, e.key, e.value"
)
_ORDER = (
    f"{_INTO} SELECT :one, item, e.value || ':' || e.place, '', '', count(*) FROM (SELECT item, answer {_EACH}) x "
    "CROSS JOIN LATERAL jsonb_array_elements_text(answer -> 'order') WITH ORDINALITY AS e(value, place) "
    "GROUP BY item, e.value, e.place"
)
_SHARES = (
    f"{_INTO} SELECT :one, item, e.key, '', '', sum(e.value::numeric) FROM (SELECT item, answer {_EACH}) x "
    "CROSS JOIN LATERAL jsonb_each_text(answer -> 'shares') e GROUP BY item, e.key"
)
_NUMBERS = (
    f"{_INTO} SELECT :one, item, cell, '', '', value FROM (SELECT item, avg(n) AS mean, "
    "percentile_cont(0.5) WITHIN GROUP (ORDER BY n)::numeric AS median, "
    "percentile_cont(0.25) WITHIN GROUP (ORDER BY n)::numeric AS lower, "
    "percentile_cont(0.75) WITHIN GROUP (ORDER BY n)::numeric AS upper "
    f"FROM (SELECT item, (answer ->> 'number')::numeric AS n {_EACH}) x GROUP BY item) y "
    "CROSS JOIN LATERAL (VALUES ('mean', mean), ('median', median), ('lower', lower), ('upper', upper)) v(cell, value)"
)
_MONTHS = f"{_INTO} SELECT :one, item, left(answer ->> 'date', 7), '', '', count(*) {_EACH} GROUP BY item, left(answer ->> 'date', 7)"
_WHOLE = (
    f"{_INTO} SELECT :one, '', cell, '', '', n FROM (SELECT count(*) AS everybody, "
    "count(*) FILTER (WHERE channel = 'paper') AS paper FROM questionnaire_response WHERE questionnaire_id = :one) x "
    "CROSS JOIN LATERAL (VALUES ('responses', everybody), ('paper', paper)) v(cell, n)"
)
_PLACES = (
    f"SELECT item, (answer ->> 'lat')::float, (answer ->> 'lon')::float, count(*) {_EACH} GROUP BY 1, 2, 3"
)
_AREAS = f"SELECT item, answer, count(*) {_EACH} GROUP BY item, answer"

_STATEMENTS = (
    (DECIDING, _CHOICES),
    (frozenset({"matrix"}), _ROWS),
    (frozenset({"ranking"}), _ORDER),
    (frozenset({"split"}), _SHARES),
    (frozenset({"number"}), _NUMBERS),
    (frozenset({"date"}), _MONTHS),
)
#: Where a point is that lies in no neighbourhood.
ELSEWHERE = "0"


def count(questionnaire: Questionnaire, now: datetime) -> int:
    """Count every item anew; returns how many sets of answers the figures are of."""
    definition = questionnaire.asked
    one = questionnaire.id
    db.session.execute(delete(Count).where(Count.questionnaire_id == one))
    db.session.execute(text(_WHOLE), {"one": one})
    _run(_ANSWERED, one, [item.key for item in definition.questions])
    for kinds, statement in _STATEMENTS:
        _run(statement, one, _keys(definition, kinds))
    if questionnaire.keeps_groups:
        for name, column in (("area", "r.area::text"), ("age", "r.age")):
            _run(_CHOICES_BY.format(name=name, column=column), one, _keys(definition, DECIDING))
    _count_places(one, _keys(definition, frozenset({"place"})))
    _count_areas(one, _keys(definition, frozenset({"area"})))
    counted = int(queries.counts(one).get("", {}).get("responses", 0))
    db.session.execute(
        update(Questionnaire).where(Questionnaire.id == one).values(counted=counted, counted_at=now)
    )
    return counted


def _keys(definition: Definition, kinds: frozenset[str]) -> list[str]:
    return [item.key for item in definition.questions if item.kind in kinds]


def _run(statement: str, one: int, keys: Sequence[str]) -> None:
    if keys:
        db.session.execute(text(statement), {"one": one, "keys": list(keys)})


def _count_places(one: int, keys: Sequence[str]) -> None:
    """Points by neighbourhood: where exactly, the page does not tell."""
    if not keys:
        return
    areas = _bordered()
    found: dict[tuple[str, str], int] = {}
    for item, lat, lon, times in db.session.execute(text(_PLACES), {"one": one, "keys": list(keys)}):
        cell = next(
            (
                number
                for number, shape, (west, south, east, north) in areas
                if west <= lon <= east and south <= lat <= north and contains(shape, (lon, lat))
            ),
            ELSEWHERE,
        )
        found[item, cell] = found.get((item, cell), 0) + times
    _keep(one, found)


def _bordered() -> list[tuple[str, Polygon, tuple[float, float, float, float]]]:
    """The neighbourhoods that have a shape: number, shape, and the box around it."""
    shapes: dict[str, Polygon] = {
        str(area.id): {"type": "Polygon", "coordinates": area.shape}
        for area in places.list_neighbourhoods()
        if area.shape
    }
    return [(number, shape, bounding_box([shape])) for number, shape in shapes.items()]


def _count_areas(one: int, keys: Sequence[str]) -> None:
    """Areas chosen from the list, and neighbourhoods that drawn areas touch: each once an answer."""
    if not keys:
        return
    known, areas = set(map(str, places.neighbourhood_names())), _bordered()
    found: dict[tuple[str, str], int] = {}
    for item, answer, times in db.session.execute(text(_AREAS), {"one": one, "keys": list(keys)}):
        cells = known & set(map(str, answer.get("areas", ())))
        if "shape" in answer:
            cells |= _touched(answer["shape"], areas) or {ELSEWHERE}
        for cell in cells:
            found[item, cell] = found.get((item, cell), 0) + times
    _keep(one, found)


def _touched(
    shape: Polygon, areas: Sequence[tuple[str, Polygon, tuple[float, float, float, float]]]
) -> set[str]:
    west, south, east, north = bounding_box([shape])
    return {
        number
        for number, area, box in areas
        if box[0] <= east and west <= box[2] and box[1] <= north and south <= box[3] and touches(shape, area)
    }


def _keep(one: int, found: dict[tuple[str, str], int]) -> None:
    values: list[dict[str, Any]] = [
        {"questionnaire_id": one, "item": item, "cell": cell, "grouping": "", "member": "", "value": times}
        for (item, cell), times in found.items()
    ]
    if values:
        db.session.execute(insert(Count), values)
