"""Every question asked of the letters taken from the mailbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from civic.errors import NotFound
from civic.extensions import db
from consultations.contributions.models import Attachment, Letter, LetterAttempt
from consultations.contributions.rules import LETTERS_WAIT

PER_PAGE = 30


def find_taken(message_mark: bytes) -> Letter | None:
    """The letter with this Message-ID."""
    return db.session.scalar(select(Letter).where(Letter.message_mark == message_mark))


def get_letter(letter_id: int, *, lock: bool = False) -> Letter:
    """A letter that waits or waited for a clerk. Raises NotFound."""
    query = select(Letter).where(Letter.id == letter_id).execution_options(populate_existing=True)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None or found.state == "refused":
        raise NotFound
    return found


def count_answers(sender_mark: bytes, since: datetime) -> int:
    """How often an address was written to because of its letters since a moment."""
    return (
        db.session.scalar(
            select(func.count(Letter.id)).where(Letter.sender_mark == sender_mark, Letter.answered_at > since)
        )
        or 0
    )


def list_files(letter_id: int) -> Sequence[Attachment]:
    """What came with a letter."""
    return db.session.scalars(
        select(Attachment).where(Attachment.letter_id == letter_id).order_by(Attachment.id)
    ).all()


def list_waiting(page: int) -> tuple[Sequence[Letter], int]:
    """Letters that wait for a clerk, the oldest first, and how many there are."""
    waits = Letter.state.in_(LETTERS_WAIT)
    total = db.session.scalar(select(func.count(Letter.id)).where(waits)) or 0
    rows = db.session.scalars(
        select(Letter).where(waits).order_by(Letter.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_waiting() -> int:
    """How many letters wait for a clerk."""
    return db.session.scalar(select(func.count(Letter.id)).where(Letter.state.in_(LETTERS_WAIT))) or 0


def list_to_try_again(limit: int) -> Sequence[int]:
    """Letters somebody asked to be taken once more."""
    return db.session.scalars(
        select(Letter.id).where(Letter.state == "again").order_by(Letter.id).limit(limit)
    ).all()


def begin_attempt(key: str, now: datetime) -> int:
    """Note that a letter of the mailbox is being taken; how often it was begun, this time among them."""
    statement = insert(LetterAttempt).values(key=key, tries=1, begun_at=now)
    again = {"tries": LetterAttempt.tries + 1, "begun_at": now}
    return db.session.scalar(
        statement.on_conflict_do_update(index_elements=["key"], set_=again).returning(LetterAttempt.tries)
    ) or 1  # fmt: skip


def list_resting(since: datetime) -> Sequence[str]:
    """What the mailbox calls the letters begun since a moment and not finished: they are not tried again yet."""
    return db.session.scalars(select(LetterAttempt.key).where(LetterAttempt.begun_at > since)).all()


def end_attempt(key: str) -> None:
    """What was begun is done."""
    db.session.execute(delete(LetterAttempt).where(LetterAttempt.key == key))


def forget_attempts(before: datetime) -> None:
    """Letters begun long ago have left the mailbox."""
    db.session.execute(delete(LetterAttempt).where(LetterAttempt.begun_at < before))


def list_forgettable(before: datetime, limit: int) -> Sequence[Letter]:
    """Letters set aside before a moment, with their words still kept."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.state == "set_aside", Letter.sealed.is_not(None), Letter.decided_at < before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
