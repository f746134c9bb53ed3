"""Work due by the clock: forgetting failures, old mail and the identities of people who left."""

from datetime import datetime, timedelta

from flask import Flask

from civic.accounts import queries, service, throttle
from civic.accounts.verification import erase_identity
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work

#: How long the outbox remembers who was written to.
MAIL_KEPT = timedelta(days=14)
BATCH = 200


def prune_failures(now: datetime) -> None:
    """Delete sign-in failures that count no longer."""
    with unit_of_work():
        throttle.prune(now)


def forget_mail(now: datetime) -> None:
    """Blank the addresses of messages sent a while ago."""
    with unit_of_work():
        service.forget_old_mail(now - MAIL_KEPT)


def erase_released(now: datetime) -> None:
    """Erase the identities of people whose account was deleted, once no contest runs. Resumable."""
    while True:
        with unit_of_work():
            if queries.contests_running(now):
                return
            people = queries.lock_released_people(BATCH)
            for person in people:
                erase_identity(person)
        if len(people) < BATCH:
            return


def register(app: Flask) -> None:
    """Every night, and the failures every hour."""
    register_job(app, Job("sign-in failures", prune_failures, seconds=3600))
    register_job(app, Job("forget mail", forget_mail, hour=3, minute=20))
    register_job(app, Job("erase released people", erase_released, hour=3, minute=40))
