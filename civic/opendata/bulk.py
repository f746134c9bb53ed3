"""Each kind of things as whole files, written every night by the worker, a page at a time.

A file appears when it is whole and replaces the one before in the same moment. A worker killed halfway leaves the
old files and goes on with what is still due; a kind that cannot be written keeps its old files, says since when, and
holds up no other.
"""

import hashlib
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BufferedRandom
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from civic.clock import city_date, city_moment
from civic.config import Settings
from civic.extensions import db
from civic.files.storage import get_storage
from civic.opendata import geo
from civic.opendata.models import ENDINGS, DataFile
from civic.opendata.resources import Resource, page_of, resources
from civic.tables import Cell, write_csv
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

#: When the files of a day are due, on the city's clock.
DUE_HOUR = 4
#: Items read at once.
TOGETHER = 1_000
#: Where the files lie in the storage.
PREFIX = "opendata/"


def due_since(now: datetime) -> datetime:
    """The last moment from which files are due anew: what is older than it is written again."""
    today = city_moment(city_date(now), DUE_HOUR)
    return today if now >= today else city_moment(city_date(now) - timedelta(days=1), DUE_HOUR)


def list_files() -> dict[tuple[str, str], DataFile]:
    """The files there are, by kind and ending."""
    return {(one.name, one.ending): one for one in db.session.scalars(select(DataFile))}


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
                db.session.execute(
                    update(DataFile).where(DataFile.name == resource.name).values(failed_at=now)
                )
            continue
        written += 1
    return written


def write_kind(resource: Resource, now: datetime) -> None:
    """Write the files of one kind, store them, and put them in the place of those before."""
    settings: Settings = current_app.config["SETTINGS"]
    with (
        tempfile.TemporaryFile(dir=settings.data_dir) as table,
        tempfile.TemporaryFile(dir=settings.data_dir) as lines,
        tempfile.TemporaryFile(dir=settings.data_dir) as points,
    ):
        points.write(b'{"type": "FeatureCollection", "features": [')
        items = write_csv(_rows(resource, lines, points, now), table) - 1
        points.write(b"\n]}\n")
        whole = {"csv": table, "jsonl": lines, "geojson": points}
        made = {ending: _store(resource.name, ending, whole[ending]) for ending in endings_of(resource)}
    before = [one.key for one in list_files().values() if one.name == resource.name]
    db.session.rollback()
    with unit_of_work():
        for ending, (key, sha256, size) in made.items():
            values = {
                "key": key, "sha256": sha256, "size": size, "items": items, "made_at": now, "failed_at": None,
            }  # fmt: skip
            db.session.execute(
                insert(DataFile)
                .values(name=resource.name, ending=ending, **values)
                .on_conflict_do_update(index_elements=["name", "ending"], set_=values)
            )
    for key in set(before) - {key for key, *_rest in made.values()}:
        get_storage().delete(key)
    logger.info("the open data of %s: %d items", resource.name, items)


def _rows(
    resource: Resource, lines: BufferedRandom, points: BufferedRandom, now: datetime
) -> Iterator[Sequence[Cell]]:
    """The rows of the table, the heading first; each item is written to `lines` on the way, and to `points` when
    it has one."""
    between = b"\n"
    yield [one.name for one in resource.fields]
    last: int | None = 0
    while last is not None:
        items, last = page_of(resource, last, TOGETHER, {}, now)
        db.session.rollback()  # nothing read stays in memory, and no transaction stays open between pages
        for item in items:
            lines.write(json.dumps(item, ensure_ascii=False).encode() + b"\n")
            yield [_cell(item[one.name]) for one in resource.fields]
        for feature in geo.features_of(items) if geo.is_located(resource) else ():
            points.write(between + json.dumps(feature, ensure_ascii=False).encode())
            between = b",\n"


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(value)
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
