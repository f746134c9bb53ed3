"""Carrying invitations to the followers of an area: batch by batch, each batch a transaction of its own."""

import logging
from datetime import datetime

from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.agora.lasting import queries, service

logger = logging.getLogger(__name__)


def tell_invited(now: datetime) -> int:
    """Queue the messages of all invitations not yet told; returns how many followers were passed.

    Killed anywhere and run again it loses nobody and writes to nobody twice.
    """
    passed = 0
    for number in queries.list_unfinished():
        db.session.rollback()
        try:
            passed += _tell_all(number, now)
        except Exception:
            db.session.rollback()
            logger.exception("invitation %d could not be told to everyone", number)
    return passed


def _tell_all(number: int, now: datetime) -> int:
    passed = 0
    while True:
        with unit_of_work():
            invitation = queries.lock_unfinished(number)
            if invitation is None:
                return passed
            passed += service.tell_next_batch(invitation, now)
            if invitation.finished_at is not None:
                return passed
