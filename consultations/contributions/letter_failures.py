"""Letters on which the program broke: set aside with what could be read of them, tried again when staff ask for it.

Their originals stay in the mailbox. Commands flush, never commit.
"""

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit, sealing
from civic.actor import Actor
from civic.errors import Conflict
from civic.extensions import db
from civic.policy import enforce
from consultations.contributions import letter_queries, letters, parsing, policy, telling
from consultations.contributions.mailbox import Envelope
from consultations.contributions.models import Letter
from consultations.contributions.parsing import Mail

logger = logging.getLogger(__name__)

#: The program, the machine or the line stopped in the middle of it, again and again.
INTERRUPTED = "interrupted"
#: It was to be taken again and is no longer in the mailbox.
LOST = "lost"
_BROKE = "broke"


def broke_on(error: str) -> str:
    """The reason stored when the program broke: the kind of the error, nothing it said."""
    return f"{_BROKE}:{error}"


def kind_of(letter: Letter) -> tuple[str, str]:
    """Why a letter was set aside, and on which kind of error.

    >>> kind_of(Letter(reason="broke:ValueError"))
    ('broke', 'ValueError')
    """
    what, _colon, error = letter.reason.partition(":")
    return what, error


def set_aside(
    envelope: Envelope, raw: bytes, own: Collection[str], reason: str, again: int | None, now: datetime
) -> Letter:
    """Keep of a letter what can be read, for a clerk. Once for its Message-ID; its sender is told that it waits."""
    mail, mark = _readable(raw, own)
    if again is not None:
        letter = letter_queries.get_letter(again, lock=True)
        letter.state, letter.reason = "failed", reason
        db.session.flush()
        return letter
    values = {
        "message_mark": mark,
        "sender_mark": sealing.mark("letter sender", mail.address if mail else ""),
        "received_at": min(envelope.arrived_at, now),
        "taken_at": now,
        "state": "failed",
        "reason": reason,
        "sealed": _sealed(mail, envelope.key),
    }
    statement = insert(Letter).values(**values).on_conflict_do_nothing(
        constraint="uq_contribution_letter_message_mark"
    )  # fmt: skip
    made = db.session.scalar(statement.returning(Letter.id))
    letter_kept = letter_queries.find_taken(mark)
    assert letter_kept is not None
    if made is not None and mail is not None and not mail.machine and letters.may_answer(letter_kept, now):
        letter_kept.answered_at = now
        telling.letter_waits(mail.address, mail.name, mail.subject, now, f"contribution-letter:{made}")
        db.session.flush()
    return letter_kept


def _readable(raw: bytes, own: Collection[str]) -> tuple[Mail | None, bytes]:
    """What of a letter can be read, and by what it is known when it is offered again."""
    try:
        mail = parsing.read(raw, own)
        return mail, letters.mark_of(mail, raw)
    except Exception as error:
        logger.warning("a letter cannot be read at all: %s", type(error).__name__)
        return None, letters.mark_of(parsing.NOTHING, raw)


def _sealed(mail: Mail | None, key: str) -> bytes:
    """Its words, and where the original is; of words that cannot be kept, the place alone."""
    if mail is not None:
        try:
            words = letters.words_of(mail)
            return sealing.seal(letters.SEAL, {**words, "key": key, "message_id": mail.message_id})
        except (ValueError, TypeError):
            logger.warning("the words of a letter cannot be kept")
    return sealing.seal(letters.SEAL, {"key": key})


def place_of(letter_id: int) -> tuple[str, str]:
    """Where the original of a letter is: what the mailbox called it, and its Message-ID."""
    kept: dict[str, Any] = letters.read(letter_queries.get_letter(letter_id))
    return str(kept.get("key", "")), str(kept.get("message_id", ""))


def lost(letter_id: int) -> None:
    """Say that a letter is no longer in the mailbox."""
    letter = letter_queries.get_letter(letter_id, lock=True)
    if letter.state == "again":
        letter.state, letter.reason = "failed", LOST
        db.session.flush()


def ask_again(actor: Actor, letter_id: int, now: datetime) -> Letter:
    """Have a letter taken again with the next round of the mailbox."""
    enforce(policy.can_enter(actor))
    letter = letter_queries.get_letter(letter_id, lock=True)
    if letter.state == "again":
        return letter
    if letter.state != "failed":
        raise Conflict(_("Somebody has already dealt with this letter."))
    letter.state = "again"
    db.session.flush()
    audit.record(actor, "contribution.letter_tried_again", "contribution_letter", letter.id, now, {})
    return letter
