"""Every question asked about the files made of reports, and about what has happened since."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from civic.audit import AuditRecord
from civic.errors import NotFound
from civic.extensions import db
from consultations.contributions.models import Answer, Contribution, Theme
from consultations.drafting.models import Annotation
from consultations.models import Consultation
from consultations.reporting.models import ReportFile


def list_files(subject: ColumnElement[bool]) -> Sequence[ReportFile]:
    """The files of one report, by language and format."""
    return db.session.scalars(
        select(ReportFile).where(subject).order_by(ReportFile.language, ReportFile.format)
    ).all()


def of_consultation(consultation_id: int) -> ColumnElement[bool]:
    """The condition of being a file of a consultation's report."""
    return ReportFile.consultation_id == consultation_id


def of_year(year: int) -> ColumnElement[bool]:
    """The condition of being a file of a year's report."""
    return ReportFile.year == year


def find_file(subject: ColumnElement[bool], language: str, format_: str) -> ReportFile | None:
    """One file of a report."""
    return db.session.scalar(
        select(ReportFile).where(subject, ReportFile.language == language, ReportFile.format == format_)
    )


def get_file(subject: ColumnElement[bool], language: str, format_: str) -> ReportFile:
    """One file of a report. Raises NotFound."""
    found = find_file(subject, language, format_)
    if found is None:
        raise NotFound
    return found


def last_hidden(consultation_id: int) -> datetime | None:
    """When a text was last taken from a consultation's register."""
    return db.session.scalar(
        select(func.max(Contribution.hidden_at)).where(Contribution.consultation_id == consultation_id)
    )


def read_until() -> datetime | None:
    """Until when everything that happened is in every file; None when there is none."""
    return db.session.scalar(select(func.min(ReportFile.read_at)).where(ReportFile.year.is_(None)))


def _touched(kind: str, model: type | None, since: datetime, until: datetime) -> Select:
    happened = (
        AuditRecord.subject_kind == kind,
        AuditRecord.at > since,
        AuditRecord.at <= until,
    )
    if model is None:
        return select(AuditRecord.subject_id.label("id")).where(*happened)
    return (
        select(model.consultation_id.label("id"))  # type: ignore[attr-defined]
        .join(AuditRecord, AuditRecord.subject_id == model.id)  # type: ignore[attr-defined]
        .where(*happened)
    )


def list_due(since: datetime | None, until: datetime, wanted: int) -> list[int]:
    """Consultations whose report was published until a moment and has fewer files than wanted, or to whose register
    or file something happened since. By the record of what was done, which every change writes."""
    made = (
        select(ReportFile.consultation_id, func.count().label("files"))
        .where(ReportFile.consultation_id.is_not(None))
        .group_by(ReportFile.consultation_id)
        .subquery()
    )
    wanting = func.coalesce(made.c.files, 0) < wanted
    if since is not None:
        touched = union_all(
            _touched("consultation", None, since, until),
            _touched("contribution", Contribution, since, until),
            _touched("contribution_answer", Answer, since, until),
            _touched("contribution_theme", Theme, since, until),
            _touched("annotation", Annotation, since, until),
        )
        wanting = or_(wanting, Consultation.id.in_(touched))
    return list(
        db.session.scalars(
            select(Consultation.id)
            .outerjoin(made, made.c.consultation_id == Consultation.id)
            .where(Consultation.report_published_at <= until, wanting)
            .order_by(Consultation.id)
        )
    )


def known_keys(keys: Sequence[str]) -> set[str]:
    """Which of the keys a report's file has."""
    return set(db.session.scalars(select(ReportFile.key).where(ReportFile.key.in_(keys))))


def offered(consultation_id: int, files: Iterable[ReportFile]) -> list[ReportFile]:
    """The files handed out: none that still holds a text that was hidden since it was read."""
    hidden_at = last_hidden(consultation_id)
    return [one for one in files if hidden_at is None or one.read_at >= hidden_at]
