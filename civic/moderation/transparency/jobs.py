"""Work that is due by the clock: every month that has ended is counted and published, each by itself."""

from datetime import datetime

from civic.moderation.transparency import service
from civic.unit_of_work import unit_of_work


def publish(now: datetime) -> None:
    """Publish what has ended. Killed between two months, it goes on with the next."""
    for month in service.months_due(now):
        with unit_of_work():
            service.freeze(month, now)
