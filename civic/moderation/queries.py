"""Every question asked of the moderation tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.models import ContentReport, ModerationCase, Redirection
from civic.places.models import Department

PER_PAGE = 25


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue to show: kinds, reasons for being there, only what is late, or what was decided."""

    kind: str = ""
    why: str = ""
    state: str = "open"


def _filtered(query: Select, chosen: QueueFilter, now: datetime) -> Select:
    if chosen.kind:
        query = query.where(ModerationCase.subject_kind == chosen.kind)
    if chosen.why:
        query = query.where(ModerationCase.why == chosen.why)
    if chosen.state == "decided":
        return query.where(ModerationCase.decided_at.is_not(None))
    if chosen.state == "late":
        query = query.where(ModerationCase.due_at < now)
    return query.where(ModerationCase.decided_at.is_(None))


def list_cases(chosen: QueueFilter, page: int, now: datetime) -> tuple[Sequence[ModerationCase], int]:
    """A page of cases, the most pressing first (decided ones: the latest first), and how many there are."""
    total = db.session.scalar(_filtered(select(func.count(ModerationCase.id)), chosen, now)) or 0
    order = (
        (ModerationCase.decided_at.desc(), ModerationCase.id.desc())
        if chosen.state == "decided"
        else (ModerationCase.due_at, ModerationCase.id)
    )
    rows = db.session.scalars(
        _filtered(select(ModerationCase), chosen, now)
        .options(selectinload(ModerationCase.reports))
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def queue_counts(now: datetime) -> dict[str, int]:
    """How much is waiting: `open`, `late`, `new` and `reported`."""
    row = db.session.execute(
        select(
            func.count(ModerationCase.id),
            func.count(ModerationCase.id).filter(ModerationCase.due_at < now),
            func.count(ModerationCase.id).filter(ModerationCase.why == "new"),
            func.count(ModerationCase.id).filter(ModerationCase.why == "reported"),
        ).where(ModerationCase.decided_at.is_(None))
    ).one()
    return dict(zip(("open", "late", "new", "reported"), row, strict=True))


def get_case(case_id: int, *, lock: bool = False) -> ModerationCase:
    """A case with its reports, or NotFound. `lock` waits for whoever is deciding it."""
    query = (
        select(ModerationCase)
        .where(ModerationCase.id == case_id)
        .options(selectinload(ModerationCase.reports), joinedload(ModerationCase.deadline))
        .execution_options(populate_existing=True)
    )
    case = db.session.scalar(query.with_for_update(of=ModerationCase) if lock else query)
    if case is None:
        raise NotFound
    return case


def find_open_case(kind: str, subject_id: int) -> ModerationCase | None:
    """The open case of a subject."""
    return db.session.scalar(
        select(ModerationCase).where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationCase.decided_at.is_(None),
        )
    )


def count_reports_since(reporter_id: int, since: datetime) -> int:
    """How many reports an account has made since a moment."""
    return (
        db.session.scalar(
            select(func.count(ContentReport.id)).where(
                ContentReport.reporter_id == reporter_id, ContentReport.created_at > since
            )
        )
        or 0
    )


def reports_last_day(reporter_id: int, now: datetime) -> int:
    """How many reports an account has made in 24 hours."""
    return count_reports_since(reporter_id, now - timedelta(days=1))


def list_past_cases(kind: str, subject_id: int, but: int) -> Sequence[ModerationCase]:
    """The earlier cases of a subject, oldest first."""
    return db.session.scalars(
        select(ModerationCase)
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationCase.id != but,
        )
        .order_by(ModerationCase.id)
        .limit(20)
    ).all()


def find_redirection(kind: str, subject_id: int) -> Redirection | None:
    """Where a subject was sent, with the number it has there."""
    return db.session.scalar(
        select(Redirection)
        .where(Redirection.subject_kind == kind, Redirection.subject_id == subject_id)
        .order_by(Redirection.id.desc())
        .limit(1)
    )


def list_departments(ids: Iterable[int] | None = None) -> Sequence[Department]:
    """The departments in alphabetical order; all of them, or those of the given ids."""
    query = select(Department).order_by(Department.sort_key)
    if ids is not None:
        query = query.where(Department.id.in_(list(ids)))
    return db.session.scalars(query).all()
