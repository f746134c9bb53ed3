"""The worker's nights: every open vote once a night, and once more when voting has ended."""

import logging
from datetime import datetime
from random import SystemRandom

from flask import current_app

from civic import clock, database
from civic.config import Settings
from civic.extensions import db
from voting.nightly import publishing, queries
from voting.nightly.batches import Night, do_night
from voting.nightly.rules import night_of

logger = logging.getLogger(__name__)


def work_due(now: datetime) -> int:
    """The job: the night's work of every vote that is due. Returns how many batches were made.

    A vote that fails holds up no other, and is tried again while the night lasts.
    """
    local = clock.to_city(now)
    tonight = night_of(local)
    due = [(round_id, False) for round_id in queries.list_open(now, tonight)] if tonight else []
    due += [(round_id, True) for round_id in queries.list_ended(now)]
    db.session.rollback()
    if not due:
        return 0
    settings: Settings = current_app.config["SETTINGS"]
    owner = database.owner_engine(settings)
    made = 0
    try:
        for round_id, last in due:
            night = Night(settings, round_id, local.date(), last, now, SystemRandom())
            try:
                with owner.begin() as connection:
                    made += do_night(connection, night, publishing.publish) is not None
            except Exception:
                logger.exception("the night of round %d failed", round_id)
    finally:
        owner.dispose()
    return made
