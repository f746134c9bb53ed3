"""Storing, publishing and forgetting uploaded files. Other features refer to a file by a foreign key."""

import hashlib
import io
import secrets
from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import update
from werkzeug.datastructures import FileStorage

from civic.actor import Actor
from civic.errors import Invalid
from civic.extensions import db
from civic.files import policy, queries
from civic.files.models import StoredFile
from civic.files.rules import DOCUMENT_TYPES, MAX_BYTES, MAX_UPLOADS_A_DAY, clean_name
from civic.files.storage import get_storage
from civic.text import clean_line

THUMB = "-thumb"


def store_upload(upload: FileStorage, kind: str, actor: Actor, now: datetime, alt: str = "") -> StoredFile:
    """Check an upload by its content and keep it, private until `make_public`.

    `kind` is "image" (JPEG, PNG, WebP; kept re-encoded, upright, at most 2000 px, without location or
    other metadata, with a thumbnail) or "document" (PDF, ODT, ODS, DOCX, XLSX; kept as it is). Raises
    Invalid with a sentence for the uploader. A file that nothing refers to is deleted after a day.
    """
    if kind not in ("image", "document"):
        raise ValueError(f"unknown kind of file {kind!r}")
    _check_flood(actor, now)
    data = upload.stream.read(MAX_BYTES + 1)
    if not data:
        raise Invalid(_("The file is empty. Choose another one."))
    if len(data) > MAX_BYTES:
        raise Invalid(_("The file is larger than 10 MB. Choose a smaller one."))
    name = upload.filename or ""
    stored = _store_image(data, name) if kind == "image" else _store_document(data, name)
    stored.alt = clean_line(alt)[:300]
    stored.created_at = now
    stored.account_id = actor.id
    stored.public = False
    db.session.add(stored)
    db.session.flush()
    return stored


def _check_flood(actor: Actor, now: datetime) -> None:
    if actor.id is None or actor.has_role(*policy.STAFF):
        return
    if queries.count_uploads(actor.id, now) >= MAX_UPLOADS_A_DAY:
        raise Invalid(_("You have uploaded many files today. Try again tomorrow."))


def _new_key(kind: str) -> str:
    token = secrets.token_hex(16)
    return f"{kind}/{token[:2]}/{token}"


def _store_image(data: bytes, name: str) -> StoredFile:
    from civic.files.content import read_picture

    picture = read_picture(data, name)
    key = _new_key("image")
    get_storage().put(key + THUMB, io.BytesIO(picture.thumb))
    get_storage().put(key, io.BytesIO(picture.full))
    return StoredFile(
        key=key,
        name=clean_name(name, picture.extension, "image"),
        media_type=picture.media_type,
        size=len(picture.full),
        sha256=hashlib.sha256(picture.full).digest(),
        width=picture.width,
        height=picture.height,
    )


def _store_document(data: bytes, name: str) -> StoredFile:
    from civic.files.content import check_document

    extension = check_document(data, name)
    key = _new_key("document")
    get_storage().put(key, io.BytesIO(data))
    return StoredFile(
        key=key,
        name=clean_name(name, extension, "document"),
        media_type=DOCUMENT_TYPES[extension],
        size=len(data),
        sha256=hashlib.sha256(data).digest(),
    )


def make_public(file_ids: Iterable[int]) -> None:
    """Let everyone fetch these files: their subject has become public."""
    _set_public(file_ids, True)


def make_private(file_ids: Iterable[int]) -> None:
    """Take these files back from the public: their subject was hidden."""
    _set_public(file_ids, False)


def _set_public(file_ids: Iterable[int], public: bool) -> None:
    wanted = set(file_ids)
    if wanted:
        db.session.execute(update(StoredFile).where(StoredFile.id.in_(wanted)).values(public=public))


def delete_file(file_id: int) -> bool:
    """Forget a file that nothing refers to: its bytes, then its row. True when it was deleted.

    The row's lock keeps everybody from starting to refer to it meanwhile. Killed in between, the row
    is still there and the next run finishes.
    """
    stored = queries.lock_file(file_id)
    if stored is None:
        return False
    key = stored.key
    db.session.delete(stored)
    db.session.flush()  # refused by the foreign key when somebody was quicker
    get_storage().delete(key + THUMB)
    get_storage().delete(key)
    return True
