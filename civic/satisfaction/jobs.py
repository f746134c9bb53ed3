"""Work due by the clock: asking those for whom something ended, and forgetting."""

from datetime import datetime, timedelta

from flask import Flask

from civic import clock
from civic.extensions import db
from civic.jobs import Job, register_job
from civic.satisfaction import service
from civic.satisfaction.occasions import occasions
from civic.unit_of_work import unit_of_work

#: How far back is looked: a worker that was down for a while misses nobody, and who was asked is not asked again.
LOOKED_BACK = timedelta(days=3)
BATCH = 200


def ask(now: datetime) -> None:
    """Ask everybody for whom something ended lately, at most once in thirty days."""
    for occasion in occasions():
        with unit_of_work():
            found = sorted(set(db.session.scalars(occasion.whom(now - LOOKED_BACK, now))))
        for start in range(0, len(found), BATCH):
            with unit_of_work():
                service.ask(occasion.kind, [one for one in found[start : start + BATCH] if one], now)


def forget(now: datetime) -> None:
    """Forget what is no longer needed."""
    with unit_of_work():
        service.forget_old(clock.city_date(now))


def register(app: Flask) -> None:
    """In the morning people are asked, at night things are forgotten."""
    register_job(app, Job("satisfaction.ask", ask, hour=9, minute=10))
    register_job(app, Job("satisfaction.forget", forget, hour=3, minute=55))
