"""Work that is due by the clock: overdue appeals are told, old ones are forgotten."""

from datetime import datetime

from civic.moderation.appeals import queries, service
from civic.unit_of_work import unit_of_work


def escalate(now: datetime) -> None:
    """Tell of every overdue appeal, each in its own transaction."""
    for number in queries.list_to_escalate(now):
        with unit_of_work():
            service.escalate(number, now)


def forget_old(now: datetime) -> None:
    """Forget whose texts were decided about, in batches."""
    while True:
        with unit_of_work():
            done = service.forget_old(now)
        if done < service.BATCH:
            return
