"""Work by the clock: reminding the holders before the vote, calling the holders after the close, destroying what opens the box after the appeals."""

from datetime import datetime, timedelta

from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting.custody import queries, service

#: How long before voting begins holders who have something to do are reminded, day by day.
REMIND_AHEAD = timedelta(days=3)


def remind_holders(now: datetime) -> int:
    """The job: write to holders without whom a vote cannot open, at most once a day."""
    reminded = 0
    for round_id in [one.id for one in queries.list_rounds_about_to_open(now, REMIND_AHEAD)]:
        with unit_of_work():
            reminded += service.remind(db.session.get_one(Round, round_id), now)
    db.session.rollback()
    return reminded


def call_holders(now: datetime) -> int:
    """The job: write to the holders of every box that waits for them. Each is told once, ever."""
    called = 0
    for round_id in queries.list_rounds_awaiting_holders():
        with unit_of_work():
            service.call(db.session.get_one(Round, round_id), now)
        called += 1
    db.session.rollback()
    return called


def destroy_due(now: datetime) -> int:
    """The job: destroy the keys of boxes whose results nobody can contest any more. Twice is the same as once."""
    destroyed = 0
    for round_id in [round_.id for round_ in queries.list_rounds_to_forget(now)]:
        with unit_of_work():
            service.destroy(db.session.get_one(Round, round_id), now)
        destroyed += 1
    db.session.rollback()
    return destroyed
