"""Carrying news to followers: batch by batch, each batch a transaction of its own."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from civic.extensions import db
from civic.notifications import queries, service
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)


class Carried(Protocol):
    """What is told in batches: it says when it has reached everyone."""

    finished_at: datetime | None


News = TypeVar("News", bound=Carried)


def fan_out(now: datetime) -> int:
    """Queue the messages of all news not yet told; returns how many followers were passed."""
    return carry(queries.list_unfinished_notices(), queries.lock_notice, service.tell_next_batch, "news", now)


def carry(
    numbers: Iterable[int],
    lock: Callable[[int], News | None],
    tell_next_batch: Callable[[News, datetime], int],
    what: str,
    now: datetime,
) -> int:
    """Tell each of these to everyone it is for, in batches; returns how many people were passed.

    Memory holds one batch. What fails is logged and tried again, and stops no other. Killed anywhere and run again it
    loses nobody and repeats nothing, as long as a batch moves the cursor of what it tells.
    """
    passed = 0
    for number in numbers:
        db.session.rollback()
        try:
            passed += _tell_all(number, lock, tell_next_batch, now)
        except Exception:
            db.session.rollback()
            logger.exception("%s %d could not be told to everyone", what, number)
    return passed


def _tell_all(
    number: int,
    lock: Callable[[int], News | None],
    tell_next_batch: Callable[[News, datetime], int],
    now: datetime,
) -> int:
    passed = 0
    while True:
        with unit_of_work():
            one = lock(number)
            if one is None:
                return passed
            passed += tell_next_batch(one, now)
            finished = one.finished_at is not None
        if finished:
            return passed
