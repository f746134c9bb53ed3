"""Work that is due by the clock: proposals nobody confirmed in time lapse. Suspensions end without any job."""

from datetime import datetime

from civic.moderation.suspensions import service
from civic.unit_of_work import unit_of_work


def lapse(now: datetime) -> None:
    """Let what nobody confirmed lapse."""
    with unit_of_work():
        service.lapse_due(now)
