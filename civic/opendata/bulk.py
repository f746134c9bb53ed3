"""Each kind of things as whole files, written every night by the worker, a page at a time.

A file appears when it is whole and replaces the one before in the same moment. A worker killed halfway leaves the
old files and goes on from where it was, also in the middle of a kind; a kind that cannot be written keeps its old
files, says since when, and holds up no other.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from io import BufferedRandom
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from civic.clock import city_date, city_moment
from civic.extensions import db
from civic.files.storage import get_storage
from civic.opendata import geo
from civic.opendata.models import ENDINGS, DataFile, DataWriting
from civic.opendata.parts import Parts
from civic.opendata.resources import Resource, page_of, resources
from civic.tables import Cell
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

#: When the files of a day are due, on the city's clock.
DUE_HOUR = 4
#: Items read at once, and after how many such pages it is kept how far a kind came.
TOGETHER = 1_000
KEPT_EVERY = 10
#: Where the files lie in the storage.
PREFIX = "opendata/"


def due_since(now: datetime) -> datetime:
    """The last moment from which files are due anew: what is older than it is written again."""
    today = city_moment(city_date(now), DUE_HOUR)
    return today if now >= today else city_moment(city_date(now) - timedelta(days=1), DUE_HOUR)


def list_files() -> dict[tuple[str, str], DataFile]:
    """The files there are, by kind and ending."""
    return {(one.name, one.ending): one for one in db.session.scalars(select(DataFile))}


def list_broken() -> dict[str, datetime]:
    """The kinds whose last writing failed, and when."""
    rows = db.session.execute(
        select(DataWriting.name, DataWriting.failed_at)
        .where(DataWriting.failed_at.is_not(None))
        .order_by(DataWriting.name)
    )
    return {name: failed_at for name, failed_at in rows if failed_at is not None}


def find_file(name: str, ending: str) -> DataFile | None:
    """One file, or None until the worker wrote it."""
    return db.session.get(DataFile, (name, ending))


def endings_of(resource: Resource) -> tuple[str, ...]:
    """The formats of a kind: what has points has one for maps too."""
    return tuple(one for one in ENDINGS if one != "geojson" or geo.is_located(resource))


def write_due(now: datetime) -> int:
    """The job: write every kind whose files are older than the day asks. Returns how many kinds were written."""
    files, since, written = list_files(), due_since(now), 0
    db.session.rollback()
    for resource in resources():
        endings = endings_of(resource)
        made = [
            files[resource.name, ending].made_at for ending in endings if (resource.name, ending) in files
        ]
        if len(made) == len(endings) and min(made) >= since:
            continue
        try:
            write_kind(resource, now)
        except Exception:
            db.session.rollback()
            logger.exception("the open data of %s could not be written", resource.name)
            with unit_of_work():
                for kept in (DataFile, DataWriting):
                    db.session.execute(update(kept).where(kept.name == resource.name).values(failed_at=now))
            continue
        written += 1
    return written


def write_kind(resource: Resource, now: datetime) -> None:
    """Write the files of one kind, or go on with them, store them, and put them in the place of those before."""
    parts = Parts(resource.name, [one.name for one in resource.fields])
    try:
        parts.open(due_since(now), now)
        _write_pages(resource, parts, now)
        parts.end()
        made = {ending: _store(resource.name, ending, parts.files[ending]) for ending in endings_of(resource)}
    finally:
        parts.close()
    before = [one.key for one in list_files().values() if one.name == resource.name]
    db.session.rollback()
    with unit_of_work():
        for ending, (key, sha256, size) in made.items():
            values = {
                "key": key, "sha256": sha256, "size": size, "items": parts.items, "made_at": now, "failed_at": None,
            }  # fmt: skip
            db.session.execute(
                insert(DataFile)
                .values(name=resource.name, ending=ending, **values)
                .on_conflict_do_update(index_elements=["name", "ending"], set_=values)
            )
        parts.forget()
    for key in set(before) - {key for key, *_rest in made.values()}:
        get_storage().delete(key)
    logger.info("the open data of %s: %d items", resource.name, parts.items)


def _write_pages(resource: Resource, parts: Parts, now: datetime) -> None:
    """Everything after what the parts hold already."""
    last: int | None = parts.last
    pages = 0
    while last is not None:
        items, last = page_of(resource, last, TOGETHER, {}, now)
        db.session.rollback()  # nothing read stays in memory, and no transaction stays open between pages
        rows = ([_cell(item[one.name]) for one in resource.fields] for item in items)
        parts.add(items, rows, geo.features_of(items) if geo.is_located(resource) else ())
        pages += 1
        if pages % KEPT_EVERY == 0 and last is not None:
            parts.keep()


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value) if isinstance(value, float) else value


def _store(name: str, ending: str, file: BufferedRandom) -> tuple[str, str, int]:
    """Where a file was put, its SHA-256 and its size."""
    size = file.seek(0, 2)
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    key = f"{PREFIX}{name}-{ending}-{sha256[:32]}"
    get_storage().put(key, file)
    return key, sha256, size
