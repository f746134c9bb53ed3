"""Work due by the clock: what was declared is forgotten when nobody needs it any more."""

from datetime import datetime

from flask import Flask

from civic.accounts.verifying import erasing
from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work


def forget_declared(now: datetime) -> None:
    """Unconfirmed declarations first, then the contacts of confirmed ones."""
    with unit_of_work():
        erasing.forget_unconfirmed(now)
        erasing.erase_contacts(now)


def register(app: Flask) -> None:
    """Every quarter of an hour: a code lives for ten minutes, a declaration without one for a day."""
    register_job(app, Job("forget declarations", forget_declared, seconds=900))
