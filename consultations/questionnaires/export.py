"""The answers taken out, a row a set, as CSV or XLSX, with a codebook. Written to the disk as they are read.

Rows stand in the order of their random numbers. Texts that a spreadsheet would take for a formula begin with an
apostrophe. In a CSV file every value is text; a workbook holds numbers as numbers and never a formula.
"""

import json
import secrets
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic import audit, tables, tasks
from civic.actor import Actor
from civic.extensions import db
from civic.files.storage import get_storage
from civic.format import language, number
from civic.moderation.labels import REASONS
from civic.places import queries as places
from civic.policy import enforce
from civic.tables import Cell
from consultations.questionnaires import policy, queries
from consultations.questionnaires.definition import OTHER, Definition, Item
from consultations.questionnaires.holding import WAITING
from consultations.questionnaires.models import Questionnaire
from consultations.questionnaires.queries import EXPORT_KIND
from consultations.questionnaires.rules import CHANNELS
from consultations.questionnaires.words import told

#: How the keys of stored files begin.
STORED_UNDER = "questionnaire/"
#: Rows between two reports of how far it is.
STEP = 5_000
FORMATS = {"csv": "zip", "xlsx": "xlsx"}
MEDIA = {
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: What columns, values and files that no question names are called, by language: fixed, so that a program can rely on
#: them from one file to the next.
NAMES = {
    "ro": {
        "channel": "canal", "area": "cartier", "age": "varsta", "other": "altceva", "text": "text",
        "lat": "lat", "lon": "lon", "areas": "zone", "shape": "contur", "online": "pe_site", "paper": "pe_hartie", "answers": "raspunsuri",
        "codebook": "dictionar", "file": "chestionar",
    },
    "en": {
        "channel": "channel", "area": "area", "age": "age", "other": "other", "text": "text",
        "lat": "lat", "lon": "lon", "areas": "areas", "shape": "shape", "online": "online", "paper": "paper", "answers": "answers",
        "codebook": "codebook", "file": "questionnaire",
    },
}  # fmt: skip
#: The parts of an answer that are words.
WORDED = ("text", "other")


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, and how it is read from the answer of its item."""

    name: str
    meaning: str
    item: str
    read: Callable[[Mapping[str, Any]], Cell]


def named(name: str) -> str:
    """What a column, a value or a file is called in the file's language."""
    return NAMES[language()][name]


def columns(definition: Definition) -> list[Column]:
    """The columns of the answers, in the order of the questionnaire."""
    return [column for item in definition.questions for column in _columns(item)]


def _columns(item: Item) -> Iterator[Column]:
    words = told(item.words)
    if item.kind == "single":
        yield Column(item.key, words, item.key, lambda answer: _code(answer["choices"][0]))
    elif item.kind == "multiple":
        for key in item.choices:
            name = named(OTHER) if key == OTHER else key
            yield Column(f"{item.key}_{name}", f"{words}: {_option(item, key)}", item.key, _chosen(key))
    elif item.kind in ("matrix", "ranking", "split"):
        reader = {"matrix": _row, "ranking": _place, "split": _share}[item.kind]
        for one in item.options:
            yield Column(f"{item.key}_{one.key}", f"{words}: {told(one.words)}", item.key, reader(one.key))
    elif item.kind == "number":
        yield Column(item.key, words, item.key, lambda answer: Decimal(answer["number"]))
    elif item.kind == "area":
        yield Column(
            f"{item.key}_{named('areas')}", _about(words, _("areas chosen, by number")), item.key, _areas
        )
        yield Column(
            f"{item.key}_{named('shape')}", _about(words, _("area drawn, as GeoJSON")), item.key, _shape
        )
    elif item.kind == "place":
        for name in ("lat", "lon"):
            yield Column(f"{item.key}_{named(name)}", words, item.key, _field(name))
    else:
        name = {"date": "date", "file": "file"}.get(item.kind, "text")
        yield Column(item.key, words, item.key, _field(name))
    if item.other:
        yield Column(
            f"{item.key}_{named(OTHER)}_text", _about(words, _("other, in words")), item.key, _field(OTHER)
        )


def _about(question: str, part: str) -> str:
    """A part of a question, with the question."""
    return f"{question}: {part}"


def _field(name: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda answer: _hidden(answer) if answer.get("hidden") and name in WORDED else answer.get(name)


def _hidden(answer: Mapping[str, Any]) -> str:
    """In the place of words that are not shown, why."""
    if answer["hidden"] in WAITING:
        return _("[read by a moderator before it is shown]")
    return _("[hidden: %(why)s]", why=REASONS[answer["hidden"]])


def _areas(answer: Mapping[str, Any]) -> str | None:
    return " ".join(map(str, answer.get("areas", ()))) or None


def _shape(answer: Mapping[str, Any]) -> str | None:
    return json.dumps(answer["shape"]) if "shape" in answer else None


def _chosen(key: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda answer: int(key in answer["choices"])


def _row(key: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda answer: answer["rows"].get(key)


def _place(key: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda answer: answer["order"].index(key) + 1 if key in answer["order"] else None


def _share(key: str) -> Callable[[Mapping[str, Any]], Cell]:
    return lambda answer: answer["shares"].get(key, 0)


def _code(key: str) -> str:
    """The code of a choice: `other` has a word of the file's language."""
    return named(OTHER) if key == OTHER else key


def _option(item: Item, key: str) -> str:
    return _("other") if key == OTHER else next(told(one.words) for one in item.options if one.key == key)


def codebook(questionnaire: Questionnaire, known: Sequence[Column]) -> Iterator[tuple[Cell, ...]]:
    """What every column and every value means."""
    definition = questionnaire.asked
    yield (_("Column"), _("Value"), _("Meaning"))
    yield (named("channel"), "", _("How the answers came in: online or on paper"))
    yield from (
        (named("channel"), named(way), words)
        for way, words in (("online", _("on this site")), ("paper", _("on paper")))
    )
    if questionnaire.keeps_groups:
        names = places.neighbourhood_names()
        yield (named("area"), "", _("Neighbourhood"))
        yield from ((named("area"), number, name) for number, name in names.items())
        yield (named("age"), "", _("Age group, in years"))
    for column in known:
        item = definition.find(column.item)
        assert item is not None
        yield (column.name, "", _with_bounds(item, column.meaning))
        if item.kind == "multiple" and not column.name.endswith("_text"):
            yield (column.name, 1, _("chosen"))
            yield (column.name, 0, _("not chosen"))
        if column.name == item.key and item.kind == "single":
            yield from ((column.name, _code(key), _option(item, key)) for key in item.choices)
        if item.kind == "area" and column.read is _areas:
            yield from ((column.name, number, name) for number, name in places.neighbourhood_names().items())
        if item.kind == "matrix":
            yield from ((column.name, one.key, told(one.words)) for one in item.scale)


def _with_bounds(item: Item, meaning: str) -> str:
    """A question with what numbers it takes, and in what they are counted."""
    parts = [meaning]
    if item.kind == "number" and item.least is not None:
        parts.append(_("at least %(least)s", least=number(item.least)))
    if item.kind == "number" and item.most is not None:
        parts.append(_("at most %(most)s", most=number(item.most)))
    if told(item.unit):
        parts.append(_("in: %(unit)s", unit=told(item.unit)))
    return "; ".join(parts)


def rows(questionnaire: Questionnaire, known: Sequence[Column]) -> Iterator[list[Cell]]:
    """The heading and every set of answers. What was not answered is empty."""
    groups = questionnaire.keeps_groups
    yield [
        named("channel"),
        *([named("area"), named("age")] if groups else []),
        *(column.name for column in known),
    ]
    ways = {way: named(way) for way in CHANNELS}
    for row in queries.stream_responses(questionnaire.id):
        channel, area, age, answers = ways[row.channel], row.area, row.age, row.answers
        yield [
            channel,
            *([area, age] if groups else []),
            *(column.read(answers[column.item]) if column.item in answers else None for column in known),
        ]


def write_zip(questionnaire: Questionnaire, path: Path, tell: Callable[[], None]) -> int:
    """Answers and codebook as CSV files in one archive; returns how many sets there are."""
    known = columns(questionnaire.asked)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(f"{named('answers')}.csv", "w", force_zip64=True) as target:
            written = tables.write_csv(rows(questionnaire, known), target, tell)
        with archive.open(f"{named('codebook')}.csv", "w") as target:
            tables.write_csv(codebook(questionnaire, known), target)
    return written - 1


def write_workbook(questionnaire: Questionnaire, path: Path, tell: Callable[[], None]) -> int:
    """Answers and codebook as two sheets; returns how many sets there are. Memory stays flat: rows go to the disk."""
    known = columns(questionnaire.asked)
    sheets = (
        (named("answers"), rows(questionnaire, known)),
        (named("codebook"), codebook(questionnaire, known)),
    )
    return tables.write_workbook(path, sheets, tell)[named("answers")] - 1


def ask(
    actor: Actor, questionnaire: Questionnaire, format_: str, now: datetime, spoken: str = "ro"
) -> tasks.Task:
    """Put an export into the queue. Raises NotAllowed while the results are not public."""
    enforce(policy.can_export(actor, questionnaire, now))
    audit.record(
        actor,
        "questionnaire.exported",
        "questionnaire",
        questionnaire.id,
        now,
        {"format": format_, "language": spoken},
    )
    params = {
        "consultation": questionnaire.consultation_id,
        "questionnaire": questionnaire.id,
        "format": format_,
        "language": spoken,
    }
    return tasks.enqueue(actor, EXPORT_KIND, params, now)


def handle(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The task: write the file aside, then into the storage of files. Begun again, it makes the file anew."""
    questionnaire = queries.get_questionnaire(params["consultation"], params["questionnaire"])
    total, done = queries.count_responses(questionnaire.id), 0
    # From here on the session holds no transaction: writing takes longer than one may rest.
    db.session.expunge(questionnaire)
    db.session.rollback()
    extension = FORMATS[params["format"]]

    def tell() -> None:
        nonlocal done
        done += 1
        if done % STEP == 0:
            progress(min(done, total), total)

    with tempfile.TemporaryDirectory(dir=current_app.config["SETTINGS"].data_dir) as folder:
        path = Path(folder) / f"answers.{extension}"
        progress(0, total)
        with force_locale(params.get("language", "ro")):
            name = f"{named('file')}-{params['questionnaire']}.{extension}"
            write = write_workbook if extension == "xlsx" else write_zip
            written = write(questionnaire, path, tell)
        db.session.rollback()
        key = f"{STORED_UNDER}{questionnaire.id}-{secrets.token_hex(16)}"
        with path.open("rb") as content:
            get_storage().put(key, content)
        size = path.stat().st_size
    progress(written, total)
    return {
        "key": key,
        "name": name,
        "size": size,
        "rows": written,
    }
