"""Work by the clock: once a vote is closed its printed sheets are of no use and go out of the storage."""

import logging
from datetime import datetime, timedelta

from civic import audit
from civic.actor import SYSTEM
from civic.extensions import db
from civic.files.storage import get_storage
from civic.unit_of_work import unit_of_work
from voting.paper import queries
from voting.paper.models import PaperRun
from voting.paper.printing import STORED_UNDER

logger = logging.getLogger(__name__)

#: A worker that died after it stored a file, before it wrote which, leaves one that nobody knows. None works so long.
STRAY_AFTER = timedelta(days=1)


def forget_sheets(now: datetime) -> int:
    """The job: delete the files of closed votes, each with a record, and files that no run knows. Returns how many.

    The file goes first and the record after it: a worker that dies in between does both again.
    """
    storage, deleted = get_storage(), 0
    for run_id in [run.id for run in queries.list_runs_to_forget()]:
        with unit_of_work():
            run = db.session.get_one(PaperRun, run_id, with_for_update=True, populate_existing=True)
            if run.key is None:
                continue
            storage.delete(run.key)
            run.key = run.size = None
            audit.record(SYSTEM, "paper.sheets_deleted", "round", run.round_id, now, {"run": run.id})
        deleted += 1
    db.session.rollback()
    stray = [key for key in storage.keys_before(now - STRAY_AFTER) if key.startswith(STORED_UNDER)]
    known = queries.known_keys(stray)
    db.session.rollback()
    for key in stray:
        if key not in known:
            storage.delete(key)
            deleted += 1
    if deleted:
        logger.info("deleted %d files of printed sheets", deleted)
    return deleted
