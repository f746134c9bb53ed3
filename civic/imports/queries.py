"""Every question asked about imports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select, text

from civic.errors import NotFound
from civic.extensions import db
from civic.imports.datasets import Dataset
from civic.imports.models import DataImport, ImportRow, ImportSource
from civic.places.models import Department, Neighbourhood
from civic.tasks import Task
from civic.text import fold

PAGE_SIZE = 20
ROWS_A_PAGE = 100


def get_import(import_id: int) -> DataImport:
    """The import, or NotFound."""
    found = db.session.get(DataImport, import_id)
    if found is None:
        raise NotFound
    return found


def lock_import(import_id: int) -> DataImport:
    """The import as it is now, locked for a change, or NotFound."""
    found = db.session.scalar(
        select(DataImport)
        .where(DataImport.id == import_id)
        .with_for_update(of=DataImport)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def lock_dataset(key: str) -> None:
    """Let one import at a time write rows of a data set, until the transaction ends."""
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('import:' || :key, 0))"), {"key": key}
    )


def list_imports(page: int, size: int = PAGE_SIZE) -> Sequence[DataImport]:
    """A page of imports, the newest first."""
    wanted = select(DataImport).order_by(DataImport.created_at.desc(), DataImport.id.desc())
    return db.session.scalars(wanted.limit(size).offset((page - 1) * size)).all()


def count_imports() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count(DataImport.id))) or 0


def list_loaded(ids: Iterable[int]) -> Sequence[DataImport]:
    """Those of some files whose rows were loaded, in no order."""
    return db.session.scalars(
        select(DataImport).where(DataImport.id.in_(list(ids)), DataImport.state == "loaded")
    ).all()


def list_unfinished(size: int) -> tuple[list[tuple[DataImport, bool]], int]:
    """Files that wait for a person or failed, the oldest first, with whether they failed, and how many there are."""
    failed = or_(
        DataImport.state == "stopped",
        DataImport.state.in_(("checking", "loading")) & (Task.state == "failed"),
    )
    waiting = or_(DataImport.state.in_(("matching", "checked")), failed)
    wanted = select(DataImport, failed, func.count().over()).outerjoin(Task, Task.id == DataImport.task_id)
    rows = db.session.execute(
        wanted.where(waiting).order_by(DataImport.created_at, DataImport.id).limit(size)
    ).all()
    return [(row[0], bool(row[1])) for row in rows], rows[0][2] if rows else 0


def find_source(dataset: str, name: str) -> ImportSource | None:
    """A source of a data set by its name; capitals and diacritics make no other source."""
    known = db.session.scalars(
        select(ImportSource).filter_by(dataset=dataset).order_by(ImportSource.id)
    ).all()
    exact = next((one for one in known if one.name == name), None)
    return exact or next((one for one in known if fold(one.name) == fold(name)), None)


def list_other_sources(one: DataImport) -> Sequence[str]:
    """The sources from which the data set has rows, where the one of this file is not yet among them."""
    loaded = (
        select(ImportSource.id, ImportSource.name)
        .join(DataImport, DataImport.source_id == ImportSource.id)
        .where(ImportSource.dataset == one.dataset, DataImport.state == "loaded")
        .distinct()
        .order_by(ImportSource.name)
    )
    rows = db.session.execute(loaded).all()
    return [] if one.source_id in {row[0] for row in rows} else [row[1] for row in rows]


def list_source_names() -> Sequence[str]:
    """The names of sources used before, to choose again."""
    return db.session.scalars(
        select(ImportSource.name).distinct().order_by(ImportSource.name).limit(200)
    ).all()


def source_names(ids: Iterable[int | None]) -> dict[int, str]:
    """id -> name of sources."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(ImportSource.id, ImportSource.name).where(ImportSource.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}


def count_of_others(one: DataImport, dataset: Dataset) -> int:
    """How many new rows of a file that was looked over stand, by their number, under another source already."""
    table = dataset.model.__table__
    stands = select(table.c.id).where(
        table.c.import_key == ImportRow.key,
        table.c.source_id.is_not(None),
        table.c.source_id != one.source_id,
    )
    wanted = select(func.count()).where(
        ImportRow.import_id == one.id, ImportRow.outcome == "new", stands.exists()
    )
    return db.session.scalar(wanted) or 0


def count_absent(one: DataImport, dataset: Dataset) -> int:
    """How many rows brought in from the source of a file it does not name."""
    table = dataset.model.__table__
    named = select(ImportRow.number).where(
        ImportRow.import_id == one.id, ImportRow.key == func.left(table.c.import_key, 200)
    )
    wanted = select(func.count()).where(table.c.source_id == one.source_id, ~named.exists())
    return db.session.scalar(wanted) or 0


def find_later(one: DataImport) -> DataImport | None:
    """A file of the same source that was loaded and tells a later state of things."""
    wanted = select(DataImport).where(
        DataImport.source_id == one.source_id, DataImport.state == "loaded", DataImport.as_of > one.as_of
    )
    return db.session.scalar(wanted.order_by(DataImport.as_of.desc(), DataImport.id.desc()).limit(1))


def last_unit(source_id: int) -> int:
    """What the amounts of a source were counted in when rows of it were loaded the last time."""
    wanted = select(DataImport.unit).filter_by(source_id=source_id, state="loaded")
    return db.session.scalar(wanted.order_by(DataImport.id.desc()).limit(1)) or 1


def find_same_file(
    dataset: str, source_id: int, sha256: bytes, sheet: str | None = None
) -> DataImport | None:
    """The import by which this very file was loaded before, or this sheet of it."""
    wanted = select(DataImport).filter_by(dataset=dataset, source_id=source_id, sha256=sha256, state="loaded")
    # What was loaded before sheets were chosen does not say which it was.
    return db.session.scalar(
        (wanted if sheet is None else wanted.where(DataImport.sheet.in_((sheet, ""))))
        .order_by(DataImport.id.desc())
        .limit(1)
    )


def list_rows(import_id: int, outcome: str, after: int, size: int = ROWS_A_PAGE) -> Sequence[ImportRow]:
    """The rows after a number, of one outcome or of all; one more than `size` when there are further ones."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.number > after)
    if outcome:
        wanted = wanted.where(ImportRow.outcome == outcome)
    return db.session.scalars(wanted.order_by(ImportRow.number).limit(size + 1)).all()


def list_remarked(import_id: int, size: int = 20) -> Sequence[ImportRow]:
    """The first rows of which something was left out."""
    wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.remarks != [])
    return db.session.scalars(wanted.order_by(ImportRow.number).limit(size)).all()


def keys_in_file(import_id: int, keys: Iterable[str], before: int) -> dict[str, int]:
    """Which of the keys stand in an earlier row that is not refused, and in which."""
    rows = db.session.execute(
        select(ImportRow.key, func.min(ImportRow.number))
        .where(
            ImportRow.import_id == import_id, ImportRow.key.in_(set(keys)), ImportRow.outcome != "refused",
            ImportRow.number < before,
        )
        .group_by(ImportRow.key)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}


def existing(
    dataset: Dataset, source_id: int, keys: Iterable[str], lock: bool = False
) -> dict[str, Mapping[str, Any]]:
    """The rows of a data set brought in from the source under these keys: key -> column -> value."""
    table = dataset.model.__table__
    skipped = {"search_vector"}
    columns = [column for column in table.columns if column.name not in skipped]
    wanted = select(*columns).where(table.c.source_id == source_id, table.c.import_key.in_(set(keys)))
    rows = db.session.execute(wanted.order_by(table.c.id).with_for_update() if lock else wanted)
    return {row["import_key"]: dict(row) for row in rows.mappings()}


def place_ids(model: type[Department] | type[Neighbourhood]) -> dict[str, int]:
    """Folded name and short name -> id."""
    found: dict[str, int] = {}
    for number, slug, name in db.session.execute(select(model.id, model.slug, model.name)):
        found[fold(name)] = number
        found.setdefault(fold(slug), number)
    return found
