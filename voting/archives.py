"""The publication of a round as one .zip: packed once by the worker, kept in the storage of files, never in memory."""

import hashlib
import logging
import tempfile
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic.config import Settings
from civic.extensions import db
from civic.files.storage import get_storage
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import publication_set, round_queries
from voting.models import PublicationArchive

logger = logging.getLogger(__name__)


def find_archive(round_id: int) -> PublicationArchive | None:
    """The packed publication of a round; None until the worker made it."""
    return db.session.get(PublicationArchive, round_id)


def list_archives() -> Sequence[tuple[Round, PublicationArchive]]:
    """Every round whose publication is packed and may be read, the newest first."""
    rows = db.session.execute(
        select(Round, PublicationArchive)
        .join(PublicationArchive, PublicationArchive.round_id == Round.id)
        .where(Round.published_at.is_not(None), Round.results_at.is_not(None))
        .order_by(Round.results_at.desc(), Round.id)
    )
    return [(round_, archive) for round_, archive in rows]


def pack_due(now: datetime) -> int:
    """The job: pack every published round that is not packed yet. Returns how many were."""
    packed = 0
    for round_id in round_queries.list_rounds_to_archive():
        try:
            pack_round(round_id, now)
        except (OSError, ValueError, LookupError):
            # What cannot be packed now is tried again, and holds up no other round.
            db.session.rollback()
            logger.exception("the publication of round %d could not be packed", round_id)
            continue
        packed += 1
    return packed


def pack_round(round_id: int, now: datetime) -> None:
    """Write the .zip to the disk, store it, and note it. Another worker may have been quicker: it is the same."""
    settings: Settings = current_app.config["SETTINGS"]
    with tempfile.TemporaryFile(dir=settings.data_dir) as handle:
        found = publication_set.find_set(db.session.get_one(Round, round_id), settings.city)
        publication_set.write_zip(found, handle)
        db.session.rollback()
        size = handle.tell()
        handle.seek(0)
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        key = f"publication/{round_id}-{sha256[:32]}"
        get_storage().put(key, handle)
    with unit_of_work():
        db.session.execute(
            insert(PublicationArchive)
            .values(round_id=round_id, key=key, sha256=sha256, size=size, made_at=now)
            .on_conflict_do_nothing()
        )
    logger.info("the publication of round %d is packed: %d bytes", round_id, size)
