"""Whether a ballot is recorded in a person's name: read from the box or, after the close, from who took part.

It only reads. What it finds is shown to that person alone and is neither kept nor logged; not what a ballot holds,
nor when or from where it came: somebody who was made to vote and voted again elsewhere must not be betrayed.
"""

from enum import StrEnum

from sqlalchemy import select

from civic.config import Settings
from civic.extensions import db
from civic.rounds.models import Round
from voting import keys
from voting.models import CeremonyStep, Participation, ballot_box


class Recorded(StrEnum):
    """What is recorded in a name."""

    NOTHING = "nothing"
    BALLOT = "ballot"
    SHEET = "sheet"  # a paper ballot was handed out
    UNKNOWN = "unknown"  # the round is being closed just now, or this machine lacks its key


def recorded(settings: Settings, round_: Round, person_id: int) -> Recorded:
    """What is recorded in the person's name now.

    Once the close has begun, the box may be gone while its key is not: who took part is asked instead.
    """
    if round_.closed_at is None:
        try:
            return _named(_in_box(settings, round_.id, person_id))
        except keys.KeysMissing:
            return Recorded.UNKNOWN
    built = select(CeremonyStep.step).where(
        CeremonyStep.round_id == round_.id, CeremonyStep.step == "participation"
    )
    if db.session.scalar(built) is None:
        return Recorded.UNKNOWN
    return _named(
        db.session.scalar(
            select(Participation.channel).where(
                Participation.round_id == round_.id, Participation.voter_id == person_id
            )
        )
    )


def _in_box(settings: Settings, round_id: int, person_id: int) -> str | None:
    nym = keys.load_round_keys(settings, round_id).nym(round_id, person_id)
    return db.session.scalar(
        select(ballot_box.c.channel).where(ballot_box.c.round_id == round_id, ballot_box.c.nym == nym)
    )


def _named(channel: str | None) -> Recorded:
    if channel is None:
        return Recorded.NOTHING
    # A sheet is known to its holder anyway: whoever has one is refused online. Desk and internet look the same.
    return Recorded.SHEET if channel == "paper" else Recorded.BALLOT
