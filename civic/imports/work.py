"""The long part of an import: every row looked at, then every row loaded.

A file is gone through in steps of some hundred rows, each a transaction that also says how far it came: killed, it
goes on from there; begun twice, the second does nothing. Two imports of one data set write in turns.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DataError, IntegrityError

from civic import clock, timeline
from civic.extensions import db
from civic.files.storage import get_storage
from civic.imports import queries, reading, rules
from civic.imports.datasets import Context, Dataset, Landed, get_dataset
from civic.imports.models import KIND, DataImport, ImportRow
from civic.places.models import Department, Neighbourhood
from civic.unit_of_work import unit_of_work

STEP = 500
_SHOWN = 300

Progress = Callable[[int, int], None]
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """The table of a file: its headings, which of them holds which field, whether a comma makes cells slip, and what amounts are
    counted in.
    """

    dataset: Dataset
    columns: Sequence[str]
    places: Mapping[str, int]
    slips: bool
    unit: int


def handle(params: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """The task: go through the file of an import in the state it is in."""
    go_through(params["import"], clock.now(), progress)
    return {"import": params["import"]}


def go_through(import_id: int, now: datetime, progress: Progress = lambda _done, _total: None) -> None:
    """Check or load every row not gone through yet, and end the stage. What is being done commits as it goes."""
    one = queries.get_import(import_id)
    stage, read, total = one.state, one.read, one.total
    if stage not in ("checking", "loading"):
        return
    form, dataset, mapping, columns = (
        one.format,
        get_dataset(one.dataset),
        dict(one.mapping),
        list(one.columns),
    )
    context = Context(
        one.as_of, now, one.source_id, queries.place_ids(Department), queries.place_ids(Neighbourhood)
    )
    table = Table(
        dataset,
        columns,
        {name: columns.index(column) for name, column in mapping.items()},
        form == "csv",
        one.unit,
    )
    key, sheet = one.file_key, one.sheet
    db.session.rollback()
    last = 1
    try:
        with get_storage().open(key) as content, reading.opened(content, form, sheet) as rows:
            for step in _steps(_under_headings(rows, columns)):
                last = step[-1][0]
                if last <= read:
                    continue
                with unit_of_work():
                    if not _take_step(import_id, stage, table, step, context):
                        return
                progress(last - 1, max(total, last - 1))
    except reading.Unusable as error:
        with unit_of_work():
            stopped = queries.lock_import(import_id)
            stopped.state, stopped.stopped = "stopped", error.stored
        return
    with unit_of_work():
        _end(import_id, stage, dataset, context)


def _under_headings(rows: Iterator[reading.Numbered], columns: Sequence[str]) -> Iterator[reading.Numbered]:
    """The rows after the headings that were found when the file was chosen."""
    above: Sequence[rules.Cell] = ()
    for _number, row in rows:
        both = rules.headings_over_two(above, row)
        if columns in (
            rules.tell_apart([rules.written(cell) for cell in row]),
            rules.tell_apart(both) if both else None,
        ):
            break
        above = row
    return rows


def _steps(rows: Iterator[reading.Numbered]) -> Iterator[list[reading.Numbered]]:
    """Rows together. The same file always gives the same steps, so that a step is done whole or not at all."""
    step: list[reading.Numbered] = []
    for row in rows:
        step.append(row)
        if len(step) == STEP:
            yield step
            step = []
    if step:
        yield step


def _take_step(
    import_id: int,
    stage: str,
    table: Table,
    step: Sequence[reading.Numbered],
    context: Context,
) -> bool:
    """One step under the import's lock. False when somebody else has ended the stage."""
    one, dataset = queries.lock_import(import_id), table.dataset
    if one.state != stage:
        return False
    if one.read >= step[-1][0]:
        return True
    if stage == "loading":
        queries.lock_dataset(dataset.key)
    if one.read == 0:
        db.session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    made = [_read(table, number, row, context) for number, row in step]
    _refuse_repeated(import_id, made, step[0][0])
    _compare(dataset, made, context, lock=stage == "loading")
    if stage == "loading":
        _write(dataset, made, context)
    else:
        _try(dataset, made, context)
    db.session.execute(insert(ImportRow), [_report(import_id, row) for row in made])
    for row in made:
        counter = "fresh" if row["outcome"] == "new" else row["outcome"]
        setattr(one, counter, getattr(one, counter) + 1)
    one.read = step[-1][0]
    db.session.flush()
    return True


def _reasons(table: Table, cells: Sequence[rules.Cell], context: Context) -> list[dict[str, str]]:
    """What is wrong with a row as a whole: it repeats the headings, adds up others, is a title between them, or its
    cells have slipped past the headings.
    """
    if rules.says_headings(table.columns, table.places, cells):
        return [{"code": "headings", "field": "", "value": ""}]
    if rules.says_numbering(cells):
        return [{"code": "numbering", "field": "", "value": ""}]
    if rules.says_total(table.dataset.totals, table.places, cells, context.key):
        return [{"code": "total", "field": "", "value": ""}]
    filled = [rules.written(cell) for cell in cells if cell != ""]
    if len(filled) == 1 and len(table.places) > 1:
        return [{"code": "alone", "field": "", "value": filled[0][:200]}]
    beyond = [rules.written(cell) for cell in cells[len(table.columns) :] if cell != ""]
    if beyond and table.slips:
        return [{"code": "wide", "field": "", "value": f"{len(cells)} > {len(table.columns)}"}]
    if beyond:
        context.remark("beside", "", " · ".join(beyond))
    return []


def _read(table: Table, number: int, cells: Sequence[rules.Cell], context: Context) -> Row:
    """A row as columns of the data set's table, or why it is refused."""
    dataset = table.dataset
    values, reasons = rules.read_row(dataset.every_field, table.places, cells, table.unit)
    columns: dict[str, Any] = {}
    key = str(values.get("import_key") or "")
    context.remarks, context.key = [], key
    reasons = _reasons(table, cells, context) or reasons
    if not reasons:
        own = {
            name: value
            for name, value in values.items()
            if name not in ("import_key", "source_reference", "note")
        }
        try:
            columns = dataset.make(own, context)
        except rules.Unreadable as error:
            reasons = [error.reason]
        columns |= {
            "source_reference": values["source_reference"] or "",
            "note": "\n".join(part for part in (columns.get("note"), values["note"]) if part),
        }
    return {"number": number, "key": key, "columns": columns, "reasons": reasons, "remarks": context.remarks,
            "outcome": "refused" if reasons else "", "changes": {}, "before": None}  # fmt: skip


def _refuse(row: Row, code: str, name: str, value: object) -> None:
    row["reasons"], row["outcome"], row["changes"] = (
        [{"code": code, "field": name, "value": str(value)}],
        "refused",
        {},
    )


def _refuse_repeated(import_id: int, made: Sequence[Row], first: int) -> None:
    """A number stands once in a file: whichever comes later is refused, and told where the first stands."""
    seen = queries.keys_in_file(import_id, [row["key"] for row in made if not row["reasons"]], first)
    for row in made:
        if row["reasons"]:
            continue
        if row["key"] in seen:
            _refuse(row, "repeated", "import_key", seen[row["key"]])
        else:
            seen[row["key"]] = row["number"]


def _compare(dataset: Dataset, made: Sequence[Row], context: Context, lock: bool) -> None:
    """Say of each row whether it is new, changed or the same; those to be changed are read again under a lock."""
    taken = [row for row in made if not row["reasons"]]
    _against(dataset, taken, queries.existing(dataset, context.source_id, [row["key"] for row in taken]))
    changed = [row for row in taken if row["outcome"] == "changed"]
    if lock and changed:
        keys = [row["key"] for row in changed]
        _against(dataset, changed, queries.existing(dataset, context.source_id, keys, lock=True))


def _against(dataset: Dataset, taken: Sequence[Row], known: Mapping[str, Mapping[str, Any]]) -> None:
    for row in taken:
        row["before"] = known.get(row["key"])
        if row["before"] is None:
            row["outcome"] = "new"
            continue
        for name in dataset.keeps:
            if row["columns"].get(name) in (None, ""):
                row["columns"].pop(name, None)
        row["changes"] = rules.changes_between(row["before"], row["columns"])
        row["outcome"] = "changed" if row["changes"] else "same"


def _try(dataset: Dataset, made: Sequence[Row], context: Context) -> None:
    """Refuse already at the looking over what the table would refuse of changed rows, for it depends on what staff
    wrote beside them since. Nothing of what is tried stays.
    """
    changed = [row for row in made if row["outcome"] == "changed"]
    if not changed:
        return
    queries.lock_dataset(dataset.key)
    if not _bears(dataset, changed, context):
        for row in changed:
            if not _bears(dataset, [row], context):
                _refuse(row, "database", "import_key", row["key"])


def _bears(dataset: Dataset, rows: Sequence[Row], context: Context) -> bool:
    """Whether the table takes the rows; it is left as it was."""
    tried = db.session.begin_nested()
    try:
        _written(dataset, sorted(rows, key=lambda row: row["before"]["id"]), context)
    except (IntegrityError, DataError):
        return False
    finally:
        tried.rollback()
    return True


def _write(dataset: Dataset, made: Sequence[Row], context: Context) -> None:
    """New rows in, changed ones corrected. What the table itself refuses is tried row by row and reported."""
    wanted = [row for row in made if row["outcome"] in ("new", "changed")]
    if not wanted:
        return
    try:
        with db.session.begin_nested():
            landed = _written(dataset, wanted, context)
    except (IntegrityError, DataError):
        landed = []
        for row in wanted:
            try:
                with db.session.begin_nested():
                    landed += _written(dataset, [row], context)
            except (IntegrityError, DataError):
                _refuse(row, "database", "import_key", row["key"])
    dataset.landed(landed, context)


def _written(dataset: Dataset, rows: Sequence[Row], context: Context) -> list[Landed]:
    landed = []
    new = [row for row in rows if row["outcome"] == "new"]
    if new:
        values = [
            {**row["columns"], **dataset.stamp(row["columns"], None, context), "import_key": row["key"],
             "source_id": context.source_id}
            for row in new
        ]  # fmt: skip
        ids = db.session.scalars(
            insert(dataset.model).returning(dataset.model.id, sort_by_parameter_order=True), values
        )
        landed += [Landed(number, None, row["columns"]) for number, row in zip(ids.all(), new, strict=True)]
    for row in rows:
        if row["outcome"] == "changed":
            stamped = dataset.stamp(row["columns"], row["before"], context)
            changed = {name: row["columns"][name] for name in row["changes"]} | stamped
            number = row["before"]["id"]
            db.session.execute(
                update(dataset.model).where(dataset.model.id == number).values(**changed),
                execution_options={"synchronize_session": False},
            )
            landed.append(Landed(number, row["before"], row["columns"]))
    return landed


def _report(import_id: int, row: Row) -> dict[str, Any]:
    changes = {name: [_shown(one) for one in pair] for name, pair in row["changes"].items()}
    return {"import_id": import_id, "number": row["number"], "outcome": row["outcome"], "key": row["key"][:200],
            "reasons": row["reasons"], "remarks": row["remarks"], "changes": changes}  # fmt: skip


def _shown(value: Any) -> Any:
    """A value as a report keeps it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list):
        return ", ".join(map(str, value))[:_SHOWN]
    return (value.isoformat() if isinstance(value, date) else str(value))[:_SHOWN]


def _end(import_id: int, stage: str, dataset: Dataset, context: Context) -> None:
    one: DataImport = queries.lock_import(import_id)
    if one.state != stage:
        return
    if stage == "checking":
        one.state = "checked"
        one.total = one.fresh + one.changed + one.same + one.refused
        one.absent = queries.count_absent(one, dataset)
        return
    queries.lock_dataset(dataset.key)
    dataset.finish(context)
    one.state, one.loaded_at = "loaded", context.now
    if one.fresh or one.changed:
        told: dict[str, str | int] = {"fresh": one.fresh, "changed": one.changed, "source": one.source.name}
        timeline.add(KIND, one.id, "data_import.loaded", context.now, role="staff", data=told)
