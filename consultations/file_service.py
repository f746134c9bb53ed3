"""Commands that fill the file of a consultation (dosarul): its documents, and the register of announcements."""

import hashlib
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import service as files
from civic.files.models import StoredFile
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations import policy, queries, rules, sentences
from consultations.labels import CHANNELS
from consultations.models import Announcement, Consultation, Document, DocumentVersion

KIND = "consultation"


def add_document(
    actor: Actor, consultation_id: int, kind: str, title: str, upload: FileStorage, now: datetime
) -> Document:
    """Put a document into the file; public at once when the consultation is. Titles are unique in a file."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if kind not in rules.DOCUMENT_KINDS:
        raise Invalid(_("Choose one of the options."))
    name = clean_line(title)
    if not name:
        raise Invalid(_("Write a title."))
    document = Document(consultation_id=one.id, kind=kind, title=name)
    try:
        with db.session.begin_nested():
            db.session.add(document)
    except IntegrityError as error:
        raise Invalid(
            _("The file already has a document with this title. Add a new version to that one.")
        ) from error
    _add_version(actor, one, document, 1, upload, "", now)
    return document


def renew_document(
    actor: Actor, consultation_id: int, document_id: int, upload: FileStorage, note: str, now: datetime
) -> DocumentVersion:
    """A new version of a document, and what is different in it. The older ones stay in the file."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    document = queries.get_document(one.id, document_id)
    words = clean_text(note)
    if not words:
        raise Invalid(_("Write what is different from the version before."))
    return _add_version(actor, one, document, document.versions[0].number + 1, upload, words, now)


def _add_version(
    actor: Actor, one: Consultation, document: Document, number: int, upload: FileStorage, note: str, now: datetime
) -> DocumentVersion:  # fmt: skip
    stored = files.store_upload(upload, "document", actor, now)
    version = DocumentVersion(
        document_id=document.id, number=number, file_id=stored.id, note=note, added_at=now,
        published_at=now if one.announced_at is not None else None,
    )  # fmt: skip
    db.session.add(version)
    one.changed_at = now
    one.version += 1
    db.session.flush()
    db.session.expire(document, ["versions"])
    if one.announced_at is not None:
        files.make_public([stored.id])
        event = "consultation.document_added" if number == 1 else "consultation.document_renewed"
        timeline.add(
            KIND,
            one.id,
            event,
            now,
            role=timeline.role_of(actor),
            reason=note,
            data={"title": document.title},
        )
    audit.record(
        actor, "consultation.document_added", KIND, one.id, now, {"document": document.id, "number": number}
    )
    return version


def remove_document(actor: Actor, consultation_id: int, document_id: int, now: datetime) -> None:
    """Take a document out of the file of a draft. What was published stays."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if one.announced_at is not None:
        raise Conflict(_("It has been published: it stays in the file. You can add a new version."))
    document = queries.get_document(one.id, document_id)
    audit.record(actor, "consultation.document_removed", KIND, one.id, now, {"document": document.id})
    db.session.delete(document)
    one.changed_at = now
    one.version += 1
    db.session.flush()


def note_on_site(actor: Actor, one: Consultation, now: datetime) -> Announcement:
    """The first entry of the register: what this site showed, from when, with its hash."""
    window = queries.list_clocks(one.id)[rules.KINDS[one.kind].window].version
    text = sentences.announcement(one, window, queries.list_documents(one.id))
    entry = Announcement(
        consultation_id=one.id,
        channel="site",
        announced_at=now,
        text=text,
        sha256=hashlib.sha256(text.encode()).digest(),
        noted_at=now,
        account_id=actor.id,
    )
    db.session.add(entry)
    return entry


def note_elsewhere(
    actor: Actor,
    consultation_id: int,
    channel: str,
    place: str,
    on: date,
    proof: FileStorage,
    now: datetime,
) -> Announcement:
    """Enter where else it was announced, on which day, with the scan or photo that proves it."""
    one = queries.lock_consultation(consultation_id)
    enforce(policy.can_manage(actor))
    if one.announced_at is None:
        raise Conflict(_("First announce it on this site."))
    where = clean_line(place)
    if channel not in CHANNELS or channel == "site":
        raise Invalid(_("Choose one of the options."))
    if not where:
        raise Invalid(_("Write where exactly: the newspaper, the notice board, who was told."))
    if on > city_date(now):
        raise Invalid(_("The day lies in the future. Enter it when it has happened."))
    stored = _store_proof(proof, actor, now)
    entry = Announcement(
        consultation_id=one.id, channel=channel, place=where, announced_at=_noon(on), text="",
        file_id=stored.id, sha256=stored.sha256, noted_at=now, account_id=actor.id,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    files.make_public([stored.id])
    timeline.add(
        KIND, one.id, "consultation.published_elsewhere", now,
        role=timeline.role_of(actor), data={"place": where},
    )  # fmt: skip
    audit.record(actor, "consultation.announcement_noted", KIND, one.id, now, {"announcement": entry.id})
    return entry


def _store_proof(proof: FileStorage, actor: Actor, now: datetime) -> StoredFile:
    name = (proof.filename or "").lower()
    kind = "image" if name.endswith((".jpg", ".jpeg", ".png", ".webp")) else "document"
    return files.store_upload(proof, kind, actor, now)


def _noon(on: date) -> datetime:
    return city_moment(on, 12)
