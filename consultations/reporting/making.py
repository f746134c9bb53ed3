"""Reports as files: made by the worker, kept in the storage of files with their SHA-256, made anew when they change.

A file holds what happened until a minute before it was made: an act that was being written just then is in the next
one. What was hidden since is no longer handed out, as the old file goes with the new one's coming.
"""

import io
import logging
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import ColumnElement, update

from civic import tables
from civic.extensions import db
from civic.files.storage import get_storage
from civic.printing import document, keeping
from civic.printing.keeping import languages
from civic.unit_of_work import unit_of_work
from consultations import queries as consultations
from consultations.reporting import file_queries, presenters, printed, workbook
from consultations.reporting.models import FORMATS, ReportFile

logger = logging.getLogger(__name__)

#: How the keys of stored files begin.
STORED_UNDER = "report/"
#: A change is read once it is this old: nothing that was being written at that moment is missed.
SETTLED = timedelta(minutes=1)

MEDIA = {"pdf": "application/pdf", "xlsx": tables.XLSX}


def make_due(now: datetime) -> int:
    """The job: make the files of every published report that has none, or to which something happened since."""
    until = now - SETTLED
    due = file_queries.list_due(file_queries.read_until(), until, len(languages()) * len(FORMATS))
    failed, made = [], 0
    for consultation_id in due:
        try:
            make(consultation_id, now)
            made += 1
        except (OSError, RuntimeError, ValueError):
            # What cannot be made now is tried again, and holds up no other report.
            db.session.rollback()
            failed.append(consultation_id)
            logger.exception("the report of consultation %d could not be made", consultation_id)
    with unit_of_work():
        db.session.execute(
            update(ReportFile)
            .where(
                ReportFile.consultation_id.is_not(None), ReportFile.consultation_id.not_in(failed), ReportFile.read_at < until
            )
            .values(read_at=until)
        )  # fmt: skip
    return made


def make(consultation_id: int, now: datetime) -> None:
    """Make the files of one consultation's report, in every language."""
    for language in languages():
        with force_locale(language), document.site_addresses():
            one = consultations.get_consultation(consultation_id)
            context = presenters.report_context(one, now, most=printed.MOST_PRINTED)
            data = document.to_json(printed.document_of(context), now)
            with tempfile.TemporaryDirectory(dir=current_app.config["SETTINGS"].data_dir) as folder:
                path = Path(folder) / "report.xlsx"
                tables.write_workbook(path, workbook.sheets(context))
                db.session.rollback()
                subject = file_queries.of_consultation(consultation_id)
                blank = _blank(language, now, consultation_id=consultation_id)
                with path.open("rb") as content:
                    keep(subject, blank("xlsx"), content)
            keep(subject, blank("pdf"), io.BytesIO(document.pdf_of(data)))


def _blank(language: str, now: datetime, **subject: int) -> Callable[[str], ReportFile]:
    def made(format_: str) -> ReportFile:
        return ReportFile(
            language=language, format=format_, read_at=now - SETTLED, made_at=now, **subject
        )  # fmt: skip

    return made


def keep(subject: ColumnElement[bool], made: ReportFile, content: BinaryIO) -> None:
    """Store a file and let it take the place of the one before, whose bytes are deleted."""
    stored = keeping.put(content, STORED_UNDER)
    made.key, made.size, made.sha256 = stored.key, stored.size, stored.sha256
    with unit_of_work():
        before = file_queries.find_file(subject, made.language, made.format)
        old = before.key if before is not None else ""
        if before is None:
            db.session.add(made)
        else:
            for name in ("key", "size", "sha256", "read_at", "made_at"):
                setattr(before, name, getattr(made, name))
    if old:
        get_storage().delete(old)


def forget_strays(now: datetime) -> int:
    """The job: delete stored files that no report knows any more. Returns how many."""
    return keeping.forget_strays(STORED_UNDER, file_queries.known_keys, now)
