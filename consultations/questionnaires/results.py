"""The counts as the page shows them: bars, parts of a whole, figures, and where words can be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _

from civic.format import ngettext, number, percent
from civic.places import queries as places
from civic.places.rules import feature, feature_collection
from civic.suppression import suppress
from consultations.questionnaires import queries, words
from consultations.questionnaires.counting import ELSEWHERE
from consultations.questionnaires.definition import DECIDING, TEXTS, Item
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.rules import LEAST

Cells = Mapping[str, Decimal]


@dataclass(frozen=True)
class Told:
    """One item with its counts. `shape`: bars, parts, figures, words, or few when they are not shown."""

    item: Item
    number: int
    answered: int
    shape: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    note: str = ""
    grouped: bool = False
    texts: bool = False


def told_results(questionnaire: Questionnaire) -> list[Told]:
    """Every question with its counts, in the order of the questionnaire; two statements, whatever its size."""
    counts = queries.counts(questionnaire.id)
    definition = questionnaire.asked
    names: dict[int, str] = {}
    if any(item.kind in ("place", "area") for item in definition.questions):
        names = places.neighbourhood_names()
    return [
        _told(questionnaire, item, at, counts.get(item.key, {}), names)
        for at, item in enumerate(definition.questions, 1)
    ]


def _told(questionnaire: Questionnaire, item: Item, at: int, cells: Cells, names: Mapping[int, str]) -> Told:
    answered = int(cells.get("answered", 0))
    # A branch that few people saw tells what they said, like any small table.
    if answered < LEAST:
        return Told(item, at, answered, "few")
    texts = item.kind in TEXTS or item.other
    grouped = questionnaire.keeps_groups and item.kind in DECIDING
    if item.kind in DECIDING:
        rows = [_bar(words.option_words(item, key), cells.get(key), answered) for key in item.choices]
        note = _("Several options could be chosen, so the shares can add up to more than 100 percent.")
        return Told(item, at, answered, "bars", rows, note=note if item.kind == "multiple" else "",
                    grouped=grouped, texts=texts)  # fmt: skip
    if item.kind in ("matrix", "ranking"):
        return _parts(item, at, answered, cells)
    if item.kind == "split":
        return _split(item, at, answered, cells)
    if item.kind == "number":
        return Told(item, at, answered, "figures", _figures(item, cells))
    if item.kind == "date":
        months = sorted((cell, value) for cell, value in cells.items() if cell != "answered")
        return Told(
            item, at, answered, "bars", _merged([(_month(cell), value) for cell, value in months], answered)
        )
    if item.kind == "place":
        found = [(_area(cell, names), value) for cell, value in cells.items() if cell != "answered"]
        found.sort(key=lambda one: -one[1])
        note = _("By neighbourhood; the exact points are not published.")
        return Told(item, at, answered, "bars", _merged(found, answered), note=note)
    if item.kind == "area":
        return _map(item, at, answered, cells, names)
    return Told(item, at, answered, "words", texts=texts)


def _map(item: Item, at: int, answered: int, cells: Cells, names: Mapping[int, str]) -> Told:
    """Areas on a map and as a list, the most wanted first; those of fewer than ten people stand together."""
    found = [(cell, int(value)) for cell, value in cells.items() if cell != "answered"]
    found.sort(key=lambda one: (-one[1], one[0]))
    rows = [
        {**_bar(_area(cell, names), Decimal(value), answered), "area": int(cell)}
        for cell, value in found
        if value >= LEAST
    ]
    note = _(
        "Several areas could be chosen. An area that was drawn counts for every neighbourhood it touches."
    )
    if any(value < LEAST for _cell, value in found):
        note += " " + _("Areas that fewer than %(least)s people chose are not shown.", least=LEAST)
    return Told(item, at, answered, "bars", rows, note=note)


def map_of(told: Sequence[Told]) -> dict[str, dict[str, Any]]:
    """What the maps of the results draw, by item: neighbourhoods with how many want them, the most wanted hot."""
    shown = [one for one in told if one.item.kind == "area" and one.rows]
    areas = places.list_neighbourhoods() if shown else []
    return {one.item.key: _drawn(one, areas) for one in shown}


def _drawn(one: Told, areas: Sequence[Any]) -> dict[str, Any]:
    rows = {row["area"]: row for row in one.rows}
    most = max((row["value"] for row in one.rows), default=0)
    known = {area.id: area for area in areas}
    return {
        "areas": feature_collection(
            feature(
                area.shape,
                area.latitude,
                area.longitude,
                {
                    "name": area.name,
                    "text": rows[area.id]["text"] if area.id in rows else "",
                    "hot": area.id in rows and 2 * rows[area.id]["value"] > most,
                },
            )
            for area in areas
            if area.shape
        ),
        "items": [
            {
                "title": row["label"],
                "meta": row["text"],
                "url": url_for("places.neighbourhood", slug=known[row["area"]].slug)
                if row["area"] in known
                else url_for("places.index"),
            }
            for row in one.rows
        ],
    }


def _bar(label: str, value: Decimal | None, answered: int) -> dict[str, Any]:
    count = int(value or 0)
    share = Decimal(count) / answered
    return {"label": label, "value": count, "text": f"{number(count)} ({percent(share)})"}


def _merged(found: list[tuple[str, Decimal]], answered: int) -> list[dict[str, Any]]:
    """Bars of an open list of cells: small ones stand together."""
    rows = [_bar(label, value, answered) for label, value in found if value >= LEAST]
    rest = sum((value for _label, value in found if value < LEAST), Decimal(0))
    if rest:
        rows.append(_bar(_("Others, fewer than %(least)s each", least=LEAST), rest, answered))
    return rows


def _parts(item: Item, at: int, answered: int, cells: Cells) -> Told:
    if item.kind == "matrix":
        parts = [(one.key, words.told(one.words)) for one in item.scale]
    else:
        places_ = range(1, int(item.most or len(item.options)) + 1)
        parts = [(str(place), _("Place %(number)s", number=place)) for place in places_]
        parts = parts if len(parts) <= 6 else parts[:6]
    rows: list[dict[str, Any]] = [
        {
            "label": words.told(one.words),
            "values": [int(cells.get(f"{one.key}:{key}", 0)) for key, _label in parts],
        }
        for one in item.options
    ]
    if item.kind == "ranking":
        rows.sort(key=lambda row: [-value for value in row["values"]])
    return Told(item, at, answered, "parts", rows, [label for _key, label in parts])


def _split(item: Item, at: int, answered: int, cells: Cells) -> Told:
    rows: list[dict[str, Any]] = []
    for one in item.options:
        mean = cells.get(one.key, Decimal(0)) / answered
        rows.append(
            {
                "label": words.told(one.words),
                "value": mean,
                "text": words.with_unit(round(mean, 1), item),
            }
        )
    rows.sort(key=lambda row: -row["value"])
    note = _("On average, of %(total)s.", total=words.with_unit(item.total or 0, item))
    return Told(item, at, answered, "bars", rows, note=note)


def _figures(item: Item, cells: Cells) -> list[dict[str, Any]]:
    def shown(name: str) -> str:
        return words.with_unit(round(cells.get(name, Decimal(0)), 2).normalize() + 0, item)

    return [
        {"term": _("Average"), "description": shown("mean")},
        {"term": _("Middle value"), "description": shown("median")},
        {
            "term": _("The middle half of the answers"),
            "description": _("between %(lower)s and %(upper)s", lower=shown("lower"), upper=shown("upper")),
        },
    ]


def _month(cell: str) -> str:
    try:
        return format_date(date.fromisoformat(f"{cell}-01"), "LLLL yyyy")
    except ValueError:
        return cell


def _area(cell: str, names: Mapping[int, str]) -> str:
    return _("Outside the neighbourhoods") if cell == ELSEWHERE else names.get(int(cell), cell)


@dataclass(frozen=True)
class Crossed:
    """One item by groups: the options, and a row a group with None for what is not published."""

    options: list[str]
    rows: list[tuple[str, list[int | None]]]
    hidden: bool


def crossed(questionnaire: Questionnaire, item: Item, grouping: str) -> Crossed:
    """An item by neighbourhood or age; cells under ten and what would give them away are left out."""
    found = queries.group_counts(questionnaire.id, item.key, grouping)
    if grouping == "area":
        names = places.neighbourhood_names()
        members = sorted(found, key=lambda member: names.get(int(member), member))
        labels = [names.get(int(member), member) for member in members]
    else:
        members = sorted(found, key=lambda member: int(member.split("-")[0].rstrip("+")))
        labels = [age_words(member) for member in members]
    table = [[found[member].get(key, 0) for key in item.choices] for member in members]
    shown = suppress(table, LEAST)
    return Crossed(
        [words.option_words(item, key) for key in item.choices],
        list(zip(labels, shown, strict=True)),
        any(None in row for row in shown),
    )


def age_words(member: str) -> str:
    """An age group in words."""
    if member.endswith("+"):
        return _("%(age)s and over", age=member[:-1])
    first, last = member.split("-")
    return _("under 18") if first == "0" else f"{first}–{last}"


def sentence(questionnaire: Questionnaire) -> str:
    """How many answers the figures are of."""
    return ngettext("%(num)s set of answers", "%(num)s sets of answers", questionnaire.counted)
