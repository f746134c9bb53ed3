"""What the clock does to debates."""

from datetime import datetime

from civic.unit_of_work import unit_of_work
from consultations.agora import queries, service

BATCH = 500


def archive_due(now: datetime) -> int:
    """Archive every debate that is over and whose days have passed; returns how many were."""
    done = 0
    for debate_id in [one.id for one in queries.list_to_archive(now, BATCH)]:
        with unit_of_work():
            done += service.archive(debate_id, now)
    return done
