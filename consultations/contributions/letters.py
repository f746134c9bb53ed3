"""What becomes of an e-mail: registered, left to a clerk, or refused. Commands flush, never commit."""

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert
from werkzeug.datastructures import FileStorage

from civic import audit, sealing
from civic.actor import ANONYMOUS, SYSTEM, Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line
from consultations import queries as consultations
from consultations.contributions import letter_queries, policy, rules, sending, telling
from consultations.contributions.models import Attachment, Contribution, Letter
from consultations.contributions.parsing import Mail
from consultations.contributions.service import Author, register
from consultations.contributions.weighing import register_weighed
from consultations.models import Consultation

SEAL = "contribution letter"
#: One address is written to this often in a day because of its letters.
ANSWERS_A_DAY = 5


def take(mail: Mail, raw: bytes, arrived_at: datetime, now: datetime) -> Letter:
    """Take one e-mail, once for its Message-ID however often it is offered."""
    mark = mark_of(mail, raw)
    values = {
        "message_mark": mark,
        "sender_mark": sealing.mark("letter sender", mail.address),
        "received_at": min(arrived_at, now),
        "taken_at": now,
        "state": "refused" if mail.machine else "unassigned",
        "reason": mail.machine,
    }
    statement = insert(Letter).values(**values).on_conflict_do_nothing(
        constraint="uq_contribution_letter_message_mark"
    )  # fmt: skip
    made = db.session.scalar(statement.returning(Letter.id))
    letter = letter_queries.find_taken(mark)
    assert letter is not None
    return letter if made is None or mail.machine else _settle(letter, mail, now)


def mark_of(mail: Mail, raw: bytes) -> bytes:
    """By what a letter is known when it is offered again: its Message-ID, else its bytes."""
    return sealing.mark("letter id", mail.message_id or hashlib.sha256(raw).hexdigest())


def take_again(letter_id: int, mail: Mail, raw: bytes, now: datetime) -> Letter:
    """Take a letter on which the program broke before, as if it came for the first time."""
    letter, mark = letter_queries.get_letter(letter_id, lock=True), mark_of(mail, raw)
    if letter.state != "again":
        return letter
    other = letter_queries.find_taken(mark)
    if mail.machine or (other is not None and other.id != letter.id):
        letter.state, letter.reason, letter.sealed = "refused", mail.machine or "duplicate", None
        db.session.flush()
        return letter
    letter.message_mark, letter.sender_mark = mark, sealing.mark("letter sender", mail.address)
    letter.state, letter.reason = "unassigned", ""
    return _settle(letter, mail, now)


def _settle(letter: Letter, mail: Mail, now: datetime) -> Letter:
    """Register a letter of a person, or leave it to a clerk."""
    one = _consultation_of(mail)
    body = mail.body or (_in_files() if mail.files else "")
    fits = body and len(body) <= rules.MAX_BODY and mail.name and mail.subject is not None
    if one is None or not fits or not policy.can_send(one, letter.received_at):
        return _leave_to_clerk(letter, mail, now)
    files = keep_files(mail, now)
    author = Author(mail.name, contact=mail.address, shown_as="initials")
    entry = register_weighed(
        ANONYMOUS, one, "mail", body, author, now,
        title=mail.subject, received_at=letter.received_at, tell=False,
    )  # fmt: skip
    _bind(letter, entry, files)
    if may_answer(letter, now):
        letter.answered_at = now
        telling.receipt(entry, one, now, lost_of(files))
    db.session.flush()
    return letter


def _in_files() -> str:
    with force_locale("ro"):
        return _("The text is in the files attached.")


def _consultation_of(mail: Mail) -> Consultation | None:
    """By the tag of the address, else by the subject; a subject that names a contribution is for a clerk."""
    if any(number is not None for number, _consultation, _year in mail.references):
        return None
    tagged = mail.consultation_of(current_app.config["SETTINGS"].mailbox_address)
    wanted = [(tagged, None)] if tagged else [(one, year) for _number, one, year in mail.references]
    if len({one for one, _year in wanted}) != 1:
        return None
    number, year = wanted[0]
    found = consultations.list_by_ids([number]).get(number)
    if found is None or found.announced_at is None:
        return None
    return found if year is None or city_date(found.announced_at).year == year else None


def _leave_to_clerk(letter: Letter, mail: Mail, now: datetime) -> Letter:
    files = keep_files(mail, now)
    for row in files:
        row.letter_id = letter.id
    db.session.add_all(files)
    letter.sealed = sealing.seal(SEAL, words_of(mail))
    if may_answer(letter, now):
        letter.answered_at = now
        telling.letter_waits(mail.address, mail.name, mail.subject, now, f"contribution-letter:{letter.id}")
    db.session.flush()
    return letter


def words_of(mail: Mail) -> dict[str, Any]:
    """What of a letter is kept, sealed, for the clerk who reads it."""
    return {"name": mail.name, "address": mail.address, "subject": mail.subject, "body": mail.body}


def may_answer(letter: Letter, now: datetime) -> bool:
    """Two machines that answer each other stop here."""
    return letter_queries.count_answers(letter.sender_mark, now - timedelta(days=1)) < ANSWERS_A_DAY


def keep_files(mail: Mail, now: datetime) -> list[Attachment]:
    """The files of a letter as they could be kept."""
    rows = []
    for place, one in enumerate(mail.files):
        if one.too_large:
            rows.append(Attachment(name=one.name, file_id=None, not_kept="too_large"))
        elif place < sending.MOST_FILES:
            upload = FileStorage(io.BytesIO(one.data), filename=one.name)
            rows.append(sending.keep_file(upload, SYSTEM, now))
        else:
            rows.append(Attachment(name=one.name, file_id=None, not_kept="too_many"))
    return rows


def lost_of(files: Sequence[Attachment]) -> list[tuple[str, str]]:
    """Names of what was not kept, and why."""
    return [(one.name, one.not_kept) for one in files if one.not_kept]


def _bind(letter: Letter, entry: Contribution, files: Sequence[Attachment]) -> None:
    letter.state, letter.contribution_id, letter.sealed = "registered", entry.id, None
    for row in files:
        row.contribution_id, row.letter_id = entry.id, letter.id
    db.session.add_all(files)
    db.session.flush()


def read(letter: Letter) -> dict[str, Any]:
    """What a waiting letter says: name, address, subject, body. Empty once it is registered or forgotten."""
    return sealing.unseal(SEAL, letter.sealed) if letter.sealed is not None else {}


def place(
    actor: Actor, letter_id: int, consultation_id: int, message: sending.Message, now: datetime
) -> Contribution:
    """Register a waiting letter under a consultation, as of the moment it arrived."""
    enforce(policy.can_enter(actor))
    one = consultations.lock_consultation(consultation_id)
    letter = letter_queries.get_letter(letter_id, lock=True)
    if letter.state not in rules.LETTERS_WAIT:
        raise Conflict(_("Somebody has already dealt with this letter."))
    author = Author(
        message.name, contact=str(read(letter).get("address", "")), shown_as=message.shown_as,
        organisation=message.organisation,
    )  # fmt: skip
    entry = register(
        one, "mail", message.body, author, now,
        title=message.title, received_at=letter.received_at, clerk=actor, tell=False,
    )  # fmt: skip
    files = letter_queries.list_files(letter.id)
    letter.decided_by_id, letter.decided_at = actor.id, now
    _bind(letter, entry, files)
    telling.receipt(entry, one, now, lost_of(files))
    return entry


def set_aside(actor: Actor, letter_id: int, reason: str, now: datetime) -> Letter:
    """Say that a letter is no contribution: misdirected, thanks, advertisement. It is erased after a month."""
    enforce(policy.can_enter(actor))
    letter, why = letter_queries.get_letter(letter_id, lock=True), clean_line(reason)[:500]
    if letter.state not in rules.LETTERS_WAIT:
        raise Conflict(_("Somebody has already dealt with this letter."))
    if not why:
        raise Invalid(_("Say why it is not registered."))
    letter.state, letter.reason, letter.decided_by_id, letter.decided_at = "set_aside", why, actor.id, now
    db.session.flush()
    audit.record(actor, "contribution.letter_set_aside", "contribution_letter", letter.id, now, {})
    return letter
