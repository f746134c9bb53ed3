"""Work due by the clock: old days become months."""

from datetime import datetime

from flask import Flask

from civic import clock
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work
from civic.visits import rules, service


def fold_days(now: datetime) -> None:
    """Fold the days of two years ago into their months."""
    with unit_of_work():
        service.fold(rules.fold_before(clock.city_date(now)))


def register(app: Flask) -> None:
    """Once a night."""
    register_job(app, Job("fold visits", fold_days, hour=3, minute=50))
