"""Every question asked of the moderation tables."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from civic.accounts.models import Account, RoleGrant
from civic.actor import Role
from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.models import ContentReport, ModerationCase, Redirection
from civic.moderation.rules import Decision
from civic.places.models import Department

PER_PAGE = 25


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue to show: kinds, reasons for being there, only what is late, or what was decided."""

    kind: str = ""
    why: str = ""
    state: str = "open"
    #: only what has the author, or the words, of this case
    author_of: int | None = None
    same_as: int | None = None


def _filtered(query: Select, chosen: QueueFilter, now: datetime) -> Select:
    if chosen.kind:
        query = query.where(ModerationCase.subject_kind == chosen.kind)
    if chosen.why:
        query = query.where(ModerationCase.why == chosen.why)
    if chosen.author_of is not None:
        query = query.where(ModerationCase.author_id == _of(ModerationCase.author_id, chosen.author_of))
    if chosen.same_as is not None:
        query = query.where(ModerationCase.text_sha256 == _of(ModerationCase.text_sha256, chosen.same_as))
    if chosen.state == "decided":
        return query.where(ModerationCase.decided_at.is_not(None))
    if chosen.state == "late":
        query = query.where(ModerationCase.due_at < now)
    return query.where(ModerationCase.decided_at.is_(None))


def _of(column: Any, case_id: int) -> Any:
    return select(column).where(ModerationCase.id == case_id).scalar_subquery()


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
        .options(selectinload(ModerationCase.reports), joinedload(ModerationCase.claimed_by))
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
        .options(
            selectinload(ModerationCase.reports),
            joinedload(ModerationCase.deadline),
            joinedload(ModerationCase.claimed_by),
        )
        .execution_options(populate_existing=True)
    )
    case = db.session.scalar(query.with_for_update(of=ModerationCase) if lock else query)
    if case is None:
        raise NotFound
    return case


def lock_next(actor_id: int, but: Collection[int], now: datetime) -> ModerationCase | None:
    """The most pressing undecided case that nobody else holds, locked; what somebody else has locked is passed over."""
    free = or_(
        ModerationCase.claimed_until.is_(None),
        ModerationCase.claimed_until <= now,
        ModerationCase.claimed_by_id == actor_id,
    )
    return db.session.scalar(
        select(ModerationCase)
        .where(ModerationCase.decided_at.is_(None), free, ModerationCase.id.not_in(list(but)))
        .where(or_(ModerationCase.author_id.is_(None), ModerationCase.author_id != actor_id))
        .order_by(ModerationCase.due_at, ModerationCase.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=ModerationCase)
        .execution_options(populate_existing=True)
    )


def find_last_decided(kind: str, subject_id: int, decision: Decision) -> ModerationCase | None:
    """The latest case of a subject that was decided so."""
    return db.session.scalar(
        select(ModerationCase)
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == subject_id,
            ModerationCase.decision == decision,
        )
        .order_by(ModerationCase.id.desc())
        .limit(1)
    )


def list_batch(batch: str) -> Sequence[ModerationCase]:
    """What was decided at one stroke."""
    return db.session.scalars(
        select(ModerationCase).where(ModerationCase.batch == batch).order_by(ModerationCase.id).limit(500)
    ).all()


def list_reporters(case_id: int) -> list[int]:
    """The accounts that reported in a case."""
    return list(db.session.scalars(select(ContentReport.reporter_id).where(ContentReport.case_id == case_id)))


def list_late_untold(now: datetime, most: int) -> Sequence[ModerationCase]:
    """Cases past their deadline of which nobody was told yet, locked."""
    return db.session.scalars(
        select(ModerationCase)
        .where(
            ModerationCase.decided_at.is_(None),
            ModerationCase.due_at < now,
            ModerationCase.escalated_at.is_(None),
        )
        .order_by(ModerationCase.due_at, ModerationCase.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()


def list_overseers() -> Sequence[Account]:
    """Who is told of late cases: moderators and council staff with an address that works."""
    return db.session.scalars(
        select(Account)
        .where(Account.disabled_at.is_(None), Account.email_confirmed_at.is_not(None))
        .where(
            Account.id.in_(
                select(RoleGrant.account_id).where(RoleGrant.role.in_([Role.MODERATOR, Role.STAFF]))
            )
        )
        .order_by(Account.id)
    ).all()


def forget_changed(before: datetime) -> int:
    """Forget what old decisions changed; returns how many."""
    done = db.session.execute(
        update(ModerationCase)
        .where(ModerationCase.decided_at < before, ModerationCase.changed.is_not(None))
        .values(changed=None)
    )
    return int(getattr(done, "rowcount", 0))


@dataclass(frozen=True)
class History:
    """What became of somebody's texts that moderators looked at: how many of each decision, and the latest."""

    counts: dict[str, int]
    waiting: int
    latest: Sequence[ModerationCase]


def author_history(author_id: int | None, but: int) -> History | None:
    """What moderators decided about the other texts of an author, without what was undone; None for nobody."""
    if author_id is None:
        return None
    mine = (
        ModerationCase.author_id == author_id,
        ModerationCase.id != but,
        ModerationCase.undone_at.is_(None),
    )
    rows = db.session.execute(
        select(ModerationCase.decision, func.count(ModerationCase.id))
        .where(*mine)
        .group_by(ModerationCase.decision)
    ).all()
    counts = {decision or "": number for decision, number in rows}
    latest = db.session.scalars(
        select(ModerationCase)
        .where(*mine, ModerationCase.decision.is_not(None))
        .order_by(ModerationCase.decided_at.desc(), ModerationCase.id.desc())
        .limit(5)
    ).all()
    waiting = counts.pop("", 0)
    return History(counts, waiting, latest)


def count_same(case: ModerationCase) -> int:
    """How many other open cases have the same words."""
    if case.text_sha256 is None:
        return 0
    return (
        db.session.scalar(
            select(func.count(ModerationCase.id)).where(
                ModerationCase.text_sha256 == case.text_sha256,
                ModerationCase.decided_at.is_(None),
                ModerationCase.id != case.id,
            )
        )
        or 0
    )


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
