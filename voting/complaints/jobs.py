"""Work due by the clock: who complained without an account is forgotten when nobody has to be answered any more."""

from datetime import datetime, timedelta

from flask import Flask

from civic.jobs import Job, register_job
from civic.unit_of_work import unit_of_work
from voting.complaints import queries

#: A contact outlives the decision by no more than this, whatever becomes of the vote.
MOST_KEPT = timedelta(days=365)
BATCH = 200


def erase_contacts(now: datetime) -> int:
    """Erase the contacts of decided complaints whose results nobody can contest any more, some at a time. Resumable.

    What was said and decided stays: it is the record of the case. Returns how many were erased.
    """
    erased = 0
    while True:
        with unit_of_work():
            found = queries.lock_with_contact(now, now - MOST_KEPT, BATCH)
            for complaint in found:
                complaint.contact = ""
        erased += len(found)
        if len(found) < BATCH:
            return erased


def register(app: Flask) -> None:
    """Every night."""
    register_job(app, Job("forget complainants", erase_contacts, hour=3, minute=45))
