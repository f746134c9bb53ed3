"""Work due by the clock: forgetting drafts that nobody will finish."""

from datetime import datetime, timedelta

from civic.extensions import db
from civic.unit_of_work import unit_of_work
from proposals import queries

#: A draft in which nothing was ever written is kept this long.
EMPTY_KEPT = timedelta(days=30)
BATCH = 200


def forget_drafts(now: datetime) -> int:
    """Delete drafts of deleted accounts and old empty ones, a batch a transaction; returns how many.

    A draft is private, so what a person leaves behind goes with them; what was published stays.
    """
    deleted = 0
    while True:
        with unit_of_work():
            drafts = queries.lock_forgotten_drafts(now - EMPTY_KEPT, BATCH)
            for draft in drafts:
                db.session.delete(draft)
        deleted += len(drafts)
        if len(drafts) < BATCH:
            return deleted
