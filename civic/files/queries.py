"""Every question asked of the table of stored files."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Column, exists, func, select

from civic.errors import NotFound
from civic.extensions import Base, db
from civic.files.models import StoredFile


def get_file(file_id: int) -> StoredFile:
    """The file's row, or NotFound."""
    stored = db.session.get(StoredFile, file_id)
    if stored is None:
        raise NotFound
    return stored


def list_files(file_ids: Iterable[int]) -> dict[int, StoredFile]:
    """The rows with the given ids, by id, in one query."""
    wanted = set(file_ids)
    if not wanted:
        return {}
    rows = db.session.scalars(select(StoredFile).where(StoredFile.id.in_(wanted)))
    return {stored.id: stored for stored in rows}


def list_own_files(file_ids: Iterable[int], account_id: int) -> dict[int, StoredFile]:
    """Those of the given files that the account itself uploaded: what a form may attach."""
    return {key: stored for key, stored in list_files(file_ids).items() if stored.account_id == account_id}


def count_uploads(account_id: int, now: datetime) -> int:
    """How many files the account stored in the last 24 hours."""
    since = now - timedelta(days=1)
    return db.session.scalar(
        select(func.count()).where(StoredFile.account_id == account_id, StoredFile.created_at > since)
    ) or 0  # fmt: skip


def referring_columns() -> list[Column]:
    """Every column of the schema that points at a stored file: a file is in use when one of them names it."""
    return [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column is StoredFile.__table__.c.id for key in column.foreign_keys)
    ]


def list_orphans(before: datetime, limit: int, except_ids: Collection[int] = ()) -> Sequence[int]:
    """Ids of files stored before a moment that no table refers to, oldest first."""
    statement = select(StoredFile.id).where(StoredFile.created_at < before)
    for column in referring_columns():
        statement = statement.where(~exists().where(column == StoredFile.id))
    if except_ids:
        statement = statement.where(StoredFile.id.not_in(except_ids))
    return db.session.scalars(statement.order_by(StoredFile.id).limit(limit)).all()


def lock_file(file_id: int) -> StoredFile | None:
    """The row, locked so that nobody can start to refer to it; None when it is gone or being used."""
    return db.session.scalar(
        select(StoredFile).where(StoredFile.id == file_id).with_for_update(skip_locked=True)
    )


def known_keys(keys: Collection[str]) -> set[str]:
    """Those of the storage's keys that belong to a row."""
    return set(db.session.scalars(select(StoredFile.key).where(StoredFile.key.in_(keys))))
