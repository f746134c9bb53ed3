"""Every question asked about the stages of a close."""

from collections.abc import Sequence

from sqlalchemy import select, text

from civic.errors import NotFound
from civic.extensions import db
from voting.ceremony.models import StageWord
from voting.models import CeremonyStep

#: Held for the length of a transaction by whoever changes the word on a stage of a round.
WORD_LOCK = 7301011


def lock_words(round_id: int) -> None:
    """Wait until nobody else changes the words on this round's stages."""
    db.session.execute(text(f"SELECT pg_advisory_xact_lock({WORD_LOCK}, :id)"), {"id": round_id})


def list_words(round_id: int) -> dict[str, StageWord]:
    """The word on each stage that is not withdrawn, fresh from the database."""
    rows = db.session.scalars(
        select(StageWord)
        .where(StageWord.round_id == round_id, StageWord.withdrawn_at.is_(None))
        .execution_options(populate_existing=True)
    )
    return {row.stage: row for row in rows}


def find_word(round_id: int, stage: str) -> StageWord | None:
    """The word on one stage that is not withdrawn, fresh from the database."""
    return list_words(round_id).get(stage)


def get_word(word_id: int) -> StageWord:
    """One word, fresh, or NotFound."""
    found = db.session.get(StageWord, word_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def list_unfinished() -> Sequence[int]:
    """Words of two people whose work neither ended nor waits for people."""
    return db.session.scalars(
        select(StageWord.id)
        .where(
            StageWord.confirmed_at.is_not(None),
            StageWord.finished_at.is_(None),
            StageWord.stopped_at.is_(None),
        )
        .order_by(StageWord.id)
    ).all()


def steps_by_name(round_id: int) -> dict[str, CeremonyStep]:
    """The steps in the minutes."""
    rows = db.session.scalars(
        select(CeremonyStep)
        .where(CeremonyStep.round_id == round_id)
        .execution_options(populate_existing=True)
    )
    return {row.step: row for row in rows}
