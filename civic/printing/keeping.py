"""Printed files in the storage of files: put there under a name of their own, and deleted once nothing knows them."""

import hashlib
import io
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from flask import current_app

from civic.config import Settings
from civic.extensions import db
from civic.files.storage import get_storage

#: A file that nothing knows, left by a worker that died, is deleted after this.
STRAY_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """A stored file: its place, its size in bytes and its SHA-256."""

    key: str
    size: int
    sha256: bytes


def languages() -> tuple[str, ...]:
    """The languages a document is made in: those of the site."""
    settings: Settings = current_app.config["SETTINGS"]
    return tuple(settings.city.languages)


def put(content: BinaryIO, under: str) -> Kept:
    """Store a file; its key begins with `under`."""
    sha256 = hashlib.file_digest(content, "sha256").digest()  # type: ignore[arg-type]
    size = content.seek(0, io.SEEK_END)
    content.seek(0)
    key = f"{under}{secrets.token_hex(16)}"
    get_storage().put(key, content)
    return Kept(key, size, sha256)


def forget_strays(under: str, known: Callable[[Sequence[str]], set[str]], now: datetime) -> int:
    """Delete stored files whose key begins with `under` and that `known` does not know. Returns how many."""
    storage, gone = get_storage(), 0
    stray = [key for key in storage.keys_before(now - STRAY_AFTER) if key.startswith(under)]
    kept = known(stray)
    db.session.rollback()
    for key in stray:
        if key not in kept:
            storage.delete(key)
            gone += 1
    return gone
