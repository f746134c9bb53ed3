"""Carrying news to followers: batch by batch, each batch a transaction of its own."""

import logging
from datetime import datetime

from civic.extensions import db
from civic.notifications import queries, service
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)


def fan_out(now: datetime) -> int:
    """Queue the messages of all news not yet told; returns how many followers were passed.

    Memory holds one batch. News that fails is logged and tried again, and stops no other.
    """
    passed = 0
    for notice_id in queries.list_unfinished_notices():
        db.session.rollback()
        try:
            passed += _tell_all(notice_id, now)
        except Exception:
            db.session.rollback()
            logger.exception("news %d could not be told to everyone", notice_id)
    return passed


def _tell_all(notice_id: int, now: datetime) -> int:
    passed = 0
    while True:
        with unit_of_work():
            notice = queries.lock_notice(notice_id)
            if notice is None:
                return passed
            passed += service.tell_next_batch(notice, now)
            finished = notice.finished_at is not None
        if finished:
            return passed
