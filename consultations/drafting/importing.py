"""Bringing a text in, looking it over, publishing it. Commands flush, never commit; the work of the worker does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, update
from werkzeug.datastructures import FileStorage

from civic import audit, clock, tasks, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.files import service as files
from civic.files.models import StoredFile
from civic.files.rules import extension_of
from civic.files.storage import get_storage
from civic.policy import enforce
from civic.text import clean_text
from civic.unit_of_work import unit_of_work
from consultations import queries as consultations
from consultations.drafting import policy, queries, rules
from consultations.drafting.models import Edition, Section
from consultations.drafting.reading import read_markdown, read_plain

IMPORT = "drafting.import"
REANCHOR = "drafting.reanchor"
MAX_NOTE = 2_000
_BATCH = 2_000


def bring_in(
    actor: Actor,
    consultation_id: int,
    source: str,
    now: datetime,
    *,
    upload: FileStorage | None = None,
    text: str = "",
) -> Edition:
    """Begin an edition from a Word file, Markdown or pasted text; one being prepared is replaced.

    A file is read by the worker; pasted text at once. Raises Invalid with a sentence for the person.
    """
    one = consultations.lock_consultation(consultation_id)
    enforce(policy.can_prepare(actor, one, now))
    if source not in rules.SOURCES:
        raise Invalid(_("Choose one of the options."))
    prepared = queries.find_prepared(one.id, lock=True)
    if prepared is not None:
        db.session.delete(prepared)
        db.session.flush()
    edition = Edition(
        consultation_id=one.id, source=source, remarks={}, note="", created_at=now, account_id=actor.id
    )
    if source == "docx":
        edition.file_id = _kept(upload, actor, now).id
        db.session.add(edition)
        db.session.flush()
        edition.task_id = tasks.enqueue(actor, IMPORT, {"edition_id": edition.id}, now).id
    else:
        pieces = _pasted(source, text)
        db.session.add(edition)
        db.session.flush()
        _fill(edition, pieces, now)
    audit.record(
        actor, "draft.imported", "consultation", one.id, now, {"edition": edition.id, "source": source}
    )
    db.session.flush()
    return edition


def _kept(upload: FileStorage | None, actor: Actor, now: datetime) -> StoredFile:
    if upload is None or not upload.filename:
        raise Invalid(_("Choose a file."))
    extension = extension_of(upload.filename)
    if extension in ("docm", "dotm"):
        raise Invalid(_("This Word file holds macros, which we do not take. Save it as .docx and send that."))
    if extension == "doc":
        raise Invalid(_("This is the old Word format. Open it in Word, save it as .docx and send that."))
    if extension != "docx":
        raise Invalid(_("Only .docx files can be read as text. Paste the text of others."))
    return files.store_upload(upload, "document", actor, now)


def _pasted(source: str, text: str) -> list[rules.Piece]:
    words = clean_text(text)
    if not words:
        raise Invalid(_("Paste the text first."))
    if len(words) > rules.MAX_PASTED:
        raise Invalid(_("This is too long to paste. Bring it in as a .docx file."))
    pieces = read_markdown(words) if source == "markdown" else read_plain(words)
    if not pieces:
        raise Invalid(_("There is no text in it."))
    return pieces


def import_file(params: dict[str, Any], progress: Callable[[int, int], None]) -> dict[str, Any]:
    """The worker's part: read the file of an edition into sections. Killed and begun again it does the same."""
    edition = db.session.get(Edition, params["edition_id"])
    if edition is None or edition.published_at is not None or edition.file_id is None:
        return {}
    stored = db.session.get(StoredFile, edition.file_id)
    if stored is None:
        raise NotFound
    from consultations.drafting.word_file import read_word

    consultation_id = edition.consultation_id
    with get_storage().open(stored.key) as source:
        pieces, remarks = read_word(source, progress)
    with unit_of_work():
        fresh = db.session.get(Edition, params["edition_id"], with_for_update=True)
        if fresh is None or fresh.published_at is not None:
            return {}
        fresh.remarks = remarks.as_dict()
        _fill(fresh, pieces, clock.now())
    return {"consultation_id": consultation_id, "sections": len(pieces)}


def _fill(edition: Edition, pieces: list[rules.Piece], now: datetime) -> None:
    """Give an edition its sections: those that were there before keep their numbers."""
    from consultations.drafting.matching import match_sections

    db.session.execute(delete(Section).where(Section.edition_id == edition.id))
    current = queries.current_edition(edition.consultation_id)
    before = queries.list_keyed(current.id) if current is not None else []
    back = match_sections([row.text for row in before], [piece.text for piece in pieces])
    highest = queries.highest_key(edition.consultation_id)
    again = queries.find_earlier(
        edition.consultation_id, [piece.text for at, piece in enumerate(pieces) if at not in back]
    )
    for row in before:
        again.pop(row.text, None)
    rows = []
    for at, piece in enumerate(pieces):
        if at in back:
            key = before[back[at]].key
        elif piece.text in again:
            key = again.pop(piece.text)
        else:
            highest += 1
            key = highest
        rows.append(
            {"edition_id": edition.id, "key": key, "position": at, "kind": piece.kind, "text": piece.text}
        )
    for first in range(0, len(rows), _BATCH):
        db.session.execute(insert(Section), rows[first : first + _BATCH])
    edition.ready_at = now


def correct_kinds(actor: Actor, consultation_id: int, kinds: dict[int, str], now: datetime) -> int:
    """Say what sections of the edition being prepared really are. Returns how many changed."""
    one = consultations.get_consultation(consultation_id)
    enforce(policy.can_prepare(actor, one, now))
    edition = _prepared(consultation_id)
    wanted: dict[str, list[int]] = {}
    for key, kind in kinds.items():
        if kind in rules.KINDS:
            wanted.setdefault(kind, []).append(key)
    changed = 0
    for kind, keys in wanted.items():
        result = db.session.execute(
            update(Section)
            .where(Section.edition_id == edition.id, Section.key.in_(keys), Section.kind != kind)
            .values(kind=kind)
        )
        changed += result.rowcount  # type: ignore[attr-defined]
    return changed


def discard(actor: Actor, consultation_id: int, now: datetime) -> None:
    """Throw away the edition being prepared."""
    enforce(policy.can_prepare(actor, consultations.lock_consultation(consultation_id), now))
    edition = _prepared(consultation_id)
    db.session.delete(edition)
    audit.record(actor, "draft.discarded", "consultation", consultation_id, now, {"edition": edition.id})
    db.session.flush()


def publish(actor: Actor, consultation_id: int, note: str, now: datetime) -> Edition:
    """Put the prepared edition in force. What people wrote beside the one before is then looked for in it.

    Raises Invalid when it does not say what changed, Conflict when there is nothing to publish.
    """
    one = consultations.lock_consultation(consultation_id)
    enforce(policy.can_prepare(actor, one, now))
    edition = _prepared(consultation_id)
    if edition.ready_at is None:
        raise Conflict(_("The file is still being read. Wait until it is done."))
    before = queries.current_edition(one.id)
    words = clean_text(note)[:MAX_NOTE]
    if before is not None and not words:
        raise Invalid(_("Say what changed: everyone reads it."))
    edition.number = (before.number or 0) + 1 if before is not None else 1
    edition.note, edition.published_at = words, now
    db.session.flush()
    if one.announced_at is not None:
        data = {"number": edition.number}
        timeline.add("consultation", one.id, "draft.edition", now, role="staff", reason=words, data=data)
    audit.record(actor, "draft.published", "consultation", one.id, now, {"edition": edition.id})
    if before is not None and queries.count_unchecked(one.id, edition.id):
        edition.task_id = tasks.enqueue(actor, REANCHOR, {"consultation_id": one.id}, now).id
    db.session.flush()
    return edition


def _prepared(consultation_id: int) -> Edition:
    edition = queries.find_prepared(consultation_id, lock=True)
    if edition is None:
        raise Conflict(_("There is no text being prepared any more. Bring it in again."))
    return edition
