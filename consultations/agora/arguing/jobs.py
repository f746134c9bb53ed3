"""What the clock does to judgements."""

from datetime import datetime

from civic.unit_of_work import unit_of_work
from consultations.agora.arguing import service

BATCH = 500


def count_waiting(now: datetime) -> int:
    """Count the judgements of accounts that are no longer new; returns how many."""
    total = 0
    while True:
        with unit_of_work():
            done = service.count_waiting(now, BATCH)
        total += done
        if done < BATCH:
            return total
