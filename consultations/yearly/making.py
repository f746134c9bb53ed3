"""The yearly reports as files: made by the worker once published, anew when one is corrected."""

import io
import logging
import tempfile
from datetime import datetime
from pathlib import Path

from flask import current_app
from flask_babel import force_locale

from civic import tables
from civic.extensions import db
from civic.printing import document
from civic.printing.keeping import languages
from consultations.reporting import file_queries
from consultations.reporting.making import keep
from consultations.reporting.models import FORMATS, ReportFile
from consultations.yearly import presenters, queries

logger = logging.getLogger(__name__)


def make_due(now: datetime) -> int:
    """The job: make the files of every published year that has none as new as its figures. Returns how many years."""
    made = 0
    for year in queries.list_unmade(len(languages()) * len(FORMATS)):
        try:
            make(year, now)
            made += 1
        except (OSError, RuntimeError, ValueError):
            # What cannot be made now is tried again, and holds up no other year.
            db.session.rollback()
            logger.exception("the report of %d could not be made", year)
    return made


def make(year: int, now: datetime) -> None:
    """Make the files of one year's report, in every language."""
    subject = file_queries.of_year(year)

    def blank(language: str, format_: str) -> ReportFile:
        return ReportFile(year=year, language=language, format=format_, read_at=now, made_at=now)

    for language in languages():
        with force_locale(language), document.site_addresses():
            context = presenters.report_context(queries.get_published(year), year)
            data = document.to_json(presenters.document_of(context), now)
            rows = list(presenters.table_rows(context))
            db.session.rollback()
            with tempfile.TemporaryDirectory(dir=current_app.config["SETTINGS"].data_dir) as folder:
                path = Path(folder) / "report.xlsx"
                tables.write_workbook(path, [(str(year), rows)])
                with path.open("rb") as content:
                    keep(subject, blank(language, "xlsx"), content)
            keep(subject, blank(language, "pdf"), io.BytesIO(document.pdf_of(data)))
