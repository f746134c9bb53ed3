"""Every question asked of the letters taken from the mailbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from civic.errors import NotFound
from civic.extensions import db
from consultations.contributions.models import Attachment, Letter

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
    waits = Letter.state == "unassigned"
    total = db.session.scalar(select(func.count(Letter.id)).where(waits)) or 0
    rows = db.session.scalars(
        select(Letter).where(waits).order_by(Letter.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_waiting() -> int:
    """How many letters wait for a clerk."""
    return db.session.scalar(select(func.count(Letter.id)).where(Letter.state == "unassigned")) or 0


def list_forgettable(before: datetime, limit: int) -> Sequence[Letter]:
    """Letters set aside before a moment, with their words still kept."""
    return db.session.scalars(
        select(Letter)
        .where(Letter.state == "set_aside", Letter.sealed.is_not(None), Letter.decided_at < before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
