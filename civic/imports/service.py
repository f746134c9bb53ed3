"""Bringing data in, from the file to the decision to load. Commands flush, never commit; `work` does the long part."""

import hashlib
import io
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO

from flask_babel import gettext as _

from civic import audit, tasks
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files.rules import extension_of
from civic.files.storage import CHUNK, get_storage
from civic.imports import queries, reading, rules
from civic.imports.datasets import Dataset, get_dataset
from civic.imports.models import KIND, DataImport, ImportSource
from civic.text import clean_line

TASK = "imports.work"
#: How the keys of stored files begin.
STORED_UNDER = "import/"
MAX_BYTES = 90_000_000
SAMPLE = 3


def begin(
    actor: Actor,
    dataset_key: str,
    source_name: str,
    as_of: date,
    content: IO[bytes],
    file_name: str,
    now: datetime,
) -> DataImport:
    """Keep a file and guess its columns. Raises Invalid with a sentence when it is no table we can read."""
    dataset = get_dataset(dataset_key)
    name = clean_line(source_name)[:200]
    if not name:
        raise Invalid(_("Write where the data come from."))
    form = extension_of(file_name)
    if form not in ("csv", "xlsx"):
        raise Invalid(_("Only .csv and .xlsx files can be read. Save the table as one of them."))
    with tempfile.TemporaryFile() as copy:
        digest, size = hashlib.sha256(), 0
        while piece := content.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
        if not size:
            raise Invalid(_("The file is empty. Choose another one."))
        if size > MAX_BYTES:
            raise Invalid(_("The file is larger than 90 MB. Divide it into several."))
        copy.seek(0)
        before = queries.find_source(dataset.key, name)
        start = _beginning(copy, form, dataset, before.mapping if before else {})
        copy.seek(0)
        book = reading.look_into(copy) if form == "xlsx" else reading.Book("", 0, [])
        copy.seek(0)
        key = f"{STORED_UNDER}{secrets.token_hex(16)}"
        get_storage().put(key, copy)
    source = before or _source(dataset.key, name, now)
    made = DataImport(
        dataset=dataset.key, source=source, as_of=as_of, file_key=key, file_name=clean_line(file_name)[:200],
        format=form, sha256=digest.digest(), account_id=actor.id, created_at=now, sheet=book.sheet, sheets=book.sheets,
    )  # fmt: skip
    made.source_id = source.id
    _match(made, start, dataset)
    db.session.add(made)
    db.session.flush()
    audit.record(actor, "import.begun", KIND, made.id, now, {"dataset": dataset.key})
    return made


@dataclass(frozen=True)
class Beginning:
    """The headings of a table, the rows after them, and what is said above them or in them."""

    columns: list[str]
    sample: list[list[str]]
    above: str


def _match(one: DataImport, start: Beginning, dataset: Dataset) -> None:
    """Guess which column holds what, and what amounts are counted in: as the table says, else as the last time."""
    one.columns, one.sample = start.columns, start.sample
    one.mapping = rules.guess_mapping(dataset.every_field, start.columns, one.source.mapping)
    said = (rules.says_unit(words) for words in (*_amount_columns(dataset, one.mapping), start.above))
    one.unit = next((unit for unit in said if unit != 1), 0) or queries.last_unit(one.source_id)


def _amount_columns(dataset: Dataset, mapping: Mapping[str, str]) -> list[str]:
    """The headings of the columns that hold amounts."""
    fields = (field.name for field in dataset.every_field if field.kind in rules.AMOUNTS)
    return [mapping[name] for name in fields if name in mapping]


def _beginning(
    content: IO[bytes], form: str, dataset: Dataset, remembered: Mapping[str, str], sheet: str = ""
) -> Beginning:
    """The headings, wherever among the first rows they stand, and the rows after them."""
    from civic.imports.labels import stopped_words

    try:
        with reading.opened(content, form, sheet) as rows:
            first = [row for row, _place in zip(rows, range(rules.ABOVE + SAMPLE), strict=False)]
    except reading.Unusable as error:
        raise Invalid(stopped_words(error.stored)) from error
    texts = [[rules.written(cell) for cell in row] for _number, row in first]
    head = rules.find_headings(dataset.every_field, texts[: rules.ABOVE], remembered)
    headings, after = texts[head], head + 1
    for place in (head, head - 1):
        if 0 <= place < len(first) - 1 and (
            both := rules.headings_over_two(first[place][1], first[place + 1][1])
        ):
            headings, after = both, place + 2
            break
    sample = texts[after : after + SAMPLE]
    if not sample:
        raise Invalid(_("There are no rows under the headings of this table."))
    shown = [[cell[:200] for cell in row] for row in sample]
    return Beginning(
        rules.tell_apart(headings), shown, " ".join(cell for row in texts[:head] for cell in row)
    )


def count_hidden(one: DataImport) -> int:
    """How many rows of the sheet that is read its workbook hides."""
    if one.format != "xlsx":
        return 0
    with _copy_of(one) as content:
        return reading.look_into(content, one.sheet).hidden


@contextmanager
def _copy_of(one: DataImport) -> Iterator[IO[bytes]]:
    """The stored file, where one can go back and forth in it."""
    with tempfile.TemporaryFile() as copy, get_storage().open(one.file_key) as content:
        shutil.copyfileobj(content, copy)
        copy.seek(0)
        yield copy


def choose_sheet(actor: Actor, import_id: int, sheet: str, now: datetime) -> DataImport:
    """Read another sheet of a workbook: its columns are to be matched anew.

    Raises Invalid when it has no table, Conflict when it is too late.
    """
    one = _to_match(import_id)
    if sheet not in one.sheets:
        raise Invalid(_("Choose a sheet of this workbook."))
    dataset = get_dataset(one.dataset)
    with _copy_of(one) as content:
        start = _beginning(content, one.format, dataset, one.source.mapping, sheet)
    one.sheet = sheet
    _match(one, start, dataset)
    _start(one, "matching")
    one.total = 0
    audit.record(actor, "import.sheet", KIND, one.id, now)
    db.session.flush()
    return one


def _to_match(import_id: int) -> DataImport:
    """An import whose columns can be matched, locked. Raises Conflict when it is too late."""
    one = queries.lock_import(import_id)
    if one.state not in ("matching", "checked", "stopped"):
        raise Conflict(_("This file is being worked on. Reload the page."))
    return one


def _source(dataset: str, name: str, now: datetime) -> ImportSource:
    made = ImportSource(dataset=dataset, name=name, mapping={}, created_at=now)
    db.session.add(made)
    db.session.flush()
    return made


def check(
    actor: Actor, import_id: int, mapping: Mapping[str, str], now: datetime, unit: int | None = None
) -> DataImport:
    """Say which column holds what, and look at every row without loading any. Remembered for the source.

    Raises Invalid when a field that every row needs has no column, Conflict when it is too late.
    """
    one = _to_match(import_id)
    dataset = get_dataset(one.dataset)
    chosen = {
        name: column for name, column in mapping.items() if dataset.field(name) and column in one.columns
    }
    missing, twice = rules.mapping_problems(dataset.every_field, chosen)
    labels = {field.name: str(field.label) for field in dataset.every_field}
    if missing:
        names = ", ".join(labels[name] for name in missing)
        told = _("Choose a column for: %(names)s.", names=names)
        if "import_key" in missing:
            told += " " + _(
                "A table whose rows have no number needs a column with one: add it, save the file and choose it again."
            )
        raise Invalid(told)
    if twice:
        names = ", ".join(labels[name] for name in twice)
        raise Invalid(_("One column is chosen twice: %(names)s.", names=names))
    _refuse_other_money(dataset, chosen)
    one.unit = _unit(dataset, chosen, one.unit if unit is None else unit)
    one.mapping = chosen
    one.source.mapping = {**one.source.mapping, **chosen}
    _start(one, "checking")
    one.task_id = tasks.enqueue(actor, TASK, {"import": one.id}, now).id
    audit.record(actor, "import.checked", KIND, one.id, now)
    db.session.flush()
    return one


def _unit(dataset: Dataset, chosen: Mapping[str, str], unit: int) -> int:
    """What amounts are counted in, as was chosen. A heading that says thousands is not taken for one by one."""
    if unit not in rules.UNITS:
        raise Invalid(_("Choose what the amounts are counted in."))
    for column in _amount_columns(dataset, chosen):
        if unit == 1 and rules.says_unit(column) != 1:
            raise Invalid(
                _("The column “%(column)s” says that its amounts are thousands or millions. Choose below what they are "
                  "counted in.", column=column)
            )  # fmt: skip
    return unit


def _refuse_other_money(dataset: Dataset, chosen: Mapping[str, str]) -> None:
    """Amounts under a heading that says euro are no lei: without a column of currencies they would be stored as lei."""
    if "currency" in chosen:
        return
    for column in _amount_columns(dataset, chosen):
        if rules.says_currency(column):
            raise Invalid(
                _("The column “%(column)s” is not in lei. Give the table a column “Currency” with EUR or another code in "
                  "each row, save it and choose the file again.", column=column)
            )  # fmt: skip


def _start(one: DataImport, state: str) -> None:
    one.state, one.stopped = state, ""
    one.read = one.fresh = one.changed = one.same = one.refused = 0


def load(actor: Actor, import_id: int, without_refused: bool, now: datetime) -> DataImport:
    """Load what was checked. Raises Invalid when rows are refused and leaving them out was not chosen."""
    one = queries.lock_import(import_id)
    if one.state != "checked":
        raise Conflict(_("This file is being worked on. Reload the page."))
    if one.refused and not without_refused:
        raise Invalid(
            _("Some rows are refused. Correct the file, or choose to load the others without them.")
        )
    if one.refused == one.total:
        raise Invalid(_("Every row is refused: there is nothing to load."))
    _start(one, "loading")
    one.without_refused = without_refused
    one.task_id = tasks.enqueue(actor, TASK, {"import": one.id}, now).id
    audit.record(actor, "import.loaded", KIND, one.id, now, {"dataset": one.dataset})
    db.session.flush()
    return one


def go_on(actor: Actor, import_id: int, now: datetime) -> DataImport:
    """Take up work that stopped halfway, from where it stopped."""
    one = queries.lock_import(import_id)
    if one.state not in ("checking", "loading"):
        raise Conflict(_("This file is being worked on. Reload the page."))
    one.task_id = tasks.enqueue(actor, TASK, {"import": one.id}, now).id
    db.session.flush()
    return one


def discard(actor: Actor, import_id: int, now: datetime) -> DataImport:
    """Give up a file that was not loaded. Its report goes with it."""
    one = queries.lock_import(import_id)
    if one.state in ("loaded", "loading"):
        raise Conflict(_("What was loaded stays. Bring in a corrected file to change it."))
    one.state = "discarded"
    audit.record(actor, "import.discarded", KIND, one.id, now)
    db.session.flush()
    return one


def load_at_once(
    actor: Actor,
    dataset_key: str,
    source_name: str,
    as_of: date,
    content: bytes,
    file_name: str,
    now: datetime,
) -> DataImport:
    """Bring a file in from its first row to its last without anybody to ask. The same file is loaded once.

    Commits as it goes. Raises Invalid when its columns are not known or a row is refused.
    """
    from civic.imports import work
    from civic.unit_of_work import unit_of_work

    source = queries.find_source(dataset_key, clean_line(source_name)[:200])
    before = source and queries.find_same_file(dataset_key, source.id, hashlib.sha256(content).digest())
    if before:
        return before
    with unit_of_work():
        one = begin(actor, dataset_key, source_name, as_of, io.BytesIO(content), file_name, now)
        number, mapping = one.id, dict(one.mapping)
    for step in (lambda: check(actor, number, mapping, now), lambda: load(actor, number, False, now)):
        with unit_of_work():
            db.session.delete(tasks.get_task(step().task_id or 0))
        work.go_through(number, now)
    return queries.get_import(number)
