"""Forgetting uploads that came to nothing: forms never sent, requests that failed after storing."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy.exc import IntegrityError

from civic.extensions import db
from civic.files import queries, service
from civic.files.rules import ORPHAN_AFTER
from civic.files.storage import get_storage
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)
BATCH = 200
#: What features keep under keys of their own, beside a row of their own: no upload, so none of these is stray.
KEPT_BY_OTHERS = ("import/", "opendata/", "paper/", "publication/", "questionnaire/", "report/")


def delete_orphans(now: datetime) -> int:
    """Delete the files older than a day that nothing refers to; returns how many."""
    deleted = 0
    skipped: set[int] = set()
    while ids := queries.list_orphans(now - ORPHAN_AFTER, BATCH, skipped):
        db.session.rollback()
        for file_id in ids:
            try:
                with unit_of_work():
                    done = service.delete_file(file_id)
            except IntegrityError:
                done = False  # somebody began to use it
            deleted += done
            if not done:
                skipped.add(file_id)
    return deleted + _delete_stray_bytes(now)


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    walk = iter(keys)
    while batch := list(islice(walk, BATCH)):
        yield batch


def _delete_stray_bytes(now: datetime) -> int:
    """Bytes whose row was rolled back belong to nobody."""
    storage, deleted = get_storage(), 0
    for keys in _batches(storage.keys_before(now - ORPHAN_AFTER)):
        known = queries.known_keys([key.removesuffix(service.THUMB) for key in keys])
        db.session.rollback()
        for key in keys:
            if not key.startswith(KEPT_BY_OTHERS) and key.removesuffix(service.THUMB) not in known:
                storage.delete(key)
                deleted += 1
    if deleted:
        logger.info("deleted %d stray files", deleted)
    return deleted
