"""What a night tells: its checkpoint to the witnesses, to each voter that a ballot stands in their name, the turnout.

All in the transaction that made the batch. Of who was written to nothing stays: these messages go with their row.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from random import SystemRandom
from typing import Any, NamedTuple

from flask_babel import force_locale
from sqlalchemy import Connection, insert, select

from civic.clock import city_date
from civic.config import Settings
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from voting.nightly import letters, links, voters
from voting.nightly.batches import Batch, Night, Row, is_done, read_rows
from voting.nightly.figures import next_figures, with_day
from voting.nightly.models import VoteNight, Witness
from voting.nightly.voters import Voter

logger = logging.getLogger(__name__)


class Told(NamedTuple):
    """What the messages say of a round."""

    slug: str
    name: str
    closes_at: datetime
    contest_until: datetime

    @property
    def last_day(self) -> date:
        """The day at which ages are counted."""
        return city_date(self.closes_at)


def publish(connection: Connection, night: Night, rows: Sequence[Row], batch: Batch | None) -> dict[str, Any]:
    """Queue the night's messages. Returns the figures that are public from now on."""
    told, roll = _read_round(connection, night.round_id), voters.read_voters(connection, night, rows)
    figures = next_figures(_figures(connection, night.round_id), voters.count(roll), night.date)
    strangers = sum(row.nym is not None for row in rows) - sum(voter.channel is not None for voter in roll)
    if strangers:
        logger.error("round %d has %d ballots of nobody on its roll", night.round_id, strangers)
    new = set(batch.leaves) if batch is not None else set()
    if (
        night.last
    ):  # whoever waits for the close's batch is told with the others: nobody is left to be told later
        new |= {row.leaf for row in rows if row.logged and row.batch is None}
    if not new:
        return figures
    chosen = [voter for voter in roll if voter.leaf in new]
    if batch is not None:
        _tell_witnesses(connection, night, told, batch)
    _tell_voters(connection, night, told, chosen)
    return with_day(figures, night.date, voters.births(roll, chosen), told.last_day)


def finish(connection: Connection, settings: Settings, round_id: int, now: datetime) -> None:
    """Before the close of a vote whose last night was not done: tell those whose ballot is in no batch.

    Their leaves are left to the close, which appends them. The caller holds the round's lock and commits.
    """
    night = Night(settings, round_id, city_date(now), True, now, SystemRandom())
    if is_done(connection, night):
        return
    rows = read_rows(connection, night.round_id)
    waiting = {row.leaf for row in rows if row.logged and row.batch is None}
    roll = voters.read_voters(connection, night, rows)
    _tell_voters(
        connection,
        night,
        _read_round(connection, night.round_id),
        [voter for voter in roll if voter.leaf in waiting],
    )
    connection.execute(
        insert(VoteNight).values(
            round_id=night.round_id,
            night=night.date,
            last=True,
            batch=None,
            size=None,
            figures=_figures(connection, night.round_id),
        )
    )


def _read_round(connection: Connection, round_id: int) -> Told:
    slug, name, phases = connection.execute(
        select(Round.slug, Round.name, Round.frozen["voting"]).where(Round.id == round_id)
    ).one()
    moments = {key: datetime.fromisoformat(value) for key, value in phases.items()}
    return Told(slug, name, moments["closes_at"], moments["validation_ends_at"])


def _figures(connection: Connection, round_id: int) -> Mapping[str, Any]:
    found = connection.scalar(
        select(VoteNight.figures)
        .where(VoteNight.round_id == round_id)
        .order_by(VoteNight.night.desc(), VoteNight.last.desc())
        .limit(1)
    )
    return found or {}


def _tell_witnesses(connection: Connection, night: Night, told: Told, batch: Batch) -> None:
    page = links.where_checkpoints_are(told.slug)
    messages = []
    with force_locale(night.settings.city.languages[0]):
        for name, address in connection.execute(
            select(Witness.name, Witness.address)
            .where(Witness.round_id == night.round_id)
            .order_by(Witness.name)
        ).all():
            subject, body = letters.checkpoint_letter(name, told.name, batch.size, batch.note, page)
            messages.append((address, subject, body))
    _post(connection, night, messages, leaves_no_trace=False)


def _tell_voters(connection: Connection, night: Night, told: Told, chosen: Iterable[Voter]) -> None:
    """A notice to each, in their language, put into the outbox in an order drawn by lot."""
    page, contact = links.where_to_contest(told.slug), night.settings.city.contact_email
    votes_until = told.closes_at if night.now < told.closes_at else None
    messages = []
    by_language: dict[str, list[Voter]] = {}
    for voter in chosen:
        if voter.email is not None:
            by_language.setdefault(voter.locale or night.settings.city.languages[0], []).append(voter)
    for language, readers in by_language.items():
        with force_locale(language):
            for voter in readers:
                subject, body = letters.ballot_letter(
                    told.name, page, contact, votes_until, told.contest_until
                )
                messages.append((voter.email, subject, body))
    night.lot.shuffle(messages)
    _post(connection, night, messages, leaves_no_trace=True)


def _post(
    connection: Connection,
    night: Night,
    messages: Sequence[tuple[str | None, str, str]],
    *,
    leaves_no_trace: bool,
) -> None:
    rows = [
        {
            "address": address,
            "subject": subject,
            "body": body,
            "created_at": night.now,
            "due_at": night.now,
            "attempts": 0,
            "leaves_no_trace": leaves_no_trace,
        }
        for address, subject, body in messages
    ]
    if rows:
        connection.execute(insert(OutboxMessage), rows)
