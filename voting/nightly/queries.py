"""Which votes have a night to be done, what their nights published, and who watches them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, exists, select

from civic.extensions import db
from civic.rounds.models import Phase, Round
from voting.models import checkpoint
from voting.nightly.models import VoteNight, Witness


def list_open(now: datetime, night: date) -> Sequence[int]:
    """City rounds whose voting runs at `now` and whose night is not done."""
    done = exists().where(VoteNight.round_id == Round.id, VoteNight.night == night)
    return db.session.scalars(
        _voting().where(Phase.starts_at <= now, Phase.ends_at > now, ~done).order_by(Round.id)
    ).all()


def list_ended(now: datetime) -> Sequence[int]:
    """City rounds whose voting is over, not closed, and whose last ballots are in no batch."""
    done = exists().where(VoteNight.round_id == Round.id, VoteNight.last)
    return db.session.scalars(_voting().where(Phase.ends_at <= now, ~done).order_by(Round.id)).all()


def _voting() -> Select[int]:
    return (
        select(Round.id)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.frozen_at.is_not(None),
            Round.closed_at.is_(None),
            Phase.kind == "voting",
        )
    )


def list_nights(round_id: int) -> Sequence[VoteNight]:
    """The nights of a vote, the first one first."""
    return db.session.scalars(
        select(VoteNight).where(VoteNight.round_id == round_id).order_by(VoteNight.night, VoteNight.last)
    ).all()


def find_last_night(round_id: int) -> VoteNight | None:
    """The night done last: its figures are what is published of the turnout."""
    return db.session.scalar(
        select(VoteNight)
        .where(VoteNight.round_id == round_id)
        .order_by(VoteNight.night.desc(), VoteNight.last.desc())
        .limit(1)
    )


def list_witnesses(round_id: int) -> Sequence[Witness]:
    """The witnesses of a round by name."""
    return db.session.scalars(
        select(Witness).where(Witness.round_id == round_id).order_by(Witness.name)
    ).all()


def list_notes(round_id: int) -> Sequence[tuple[int, str]]:
    """The checkpoints of a round, the newest first: (size, signed note)."""
    rows = db.session.execute(
        select(checkpoint.c.size, checkpoint.c.signed_note)
        .where(checkpoint.c.round_id == round_id)
        .order_by(checkpoint.c.size.desc())
    ).all()
    return [(row[0], row[1]) for row in rows]
