"""Votes with many voters, and the nights of the days they run."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask

from civic import clock, database
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from voting.nightly import publishing
from voting.nightly.batches import Also, Batch, Night, do_night
from voting.nightly.rules import LEAST_BATCH

#: As many as make one batch, and as many as wait meanwhile.
ENOUGH = 2 * LEAST_BATCH


def night(after: int = 1) -> datetime:
    """The middle of a coming night in the city."""
    day = clock.city_date(clock.now()) + timedelta(days=after)
    return clock.city_moment(day, 4, 30)


def voting_round(voters: int, **values: Any) -> tuple[Round, list[int]]:
    """A vote that runs for ten days, with people on its roll."""
    people = make_voters(voters)
    round_ = make_round(**{"closes_in": timedelta(days=10), "validation": timedelta(days=1), **values})
    return opened(round_), people


def cast_all(app: Flask, round_: Round, people: list[int], code: str = "P1", form: int = 0) -> None:
    """A ballot of each."""
    for at, person in enumerate(people):
        vote(app, round_, person, approve(code), (1000 * form + at).to_bytes(16, "big"))


def one_night(
    app: Flask, round_: Round, now: datetime, last: bool = False, also: Also = publishing.publish
) -> Batch | None:
    """One round's night as the job does it, always drawn the same."""
    settings = app.config["SETTINGS"]
    owner = database.owner_engine(settings)
    try:
        with owner.begin() as connection:
            work = Night(settings, round_.id, clock.city_date(now), last, now, Random(1))
            return do_night(connection, work, also)
    finally:
        owner.dispose()
        db.session.rollback()
