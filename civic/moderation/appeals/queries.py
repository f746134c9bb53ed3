"""Every question asked of decisions that can be contested, and of the appeals against them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from civic.accounts.models import Account, RoleGrant
from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.suspensions.models import Suspension

PER_PAGE = 25


def _whole() -> tuple[ORMOption, ...]:
    return (
        joinedload(ModerationAppeal.statement).joinedload(Statement.case),
        joinedload(ModerationAppeal.suspension).joinedload(Suspension.case),
        joinedload(ModerationAppeal.deadline),
    )


def get_statement(statement_id: int, account_id: int | None, *, lock: bool = False) -> Statement:
    """A decision about a text of an account's, with its appeal; NotFound for everybody else."""
    query = (
        select(Statement)
        .where(Statement.id == statement_id, Statement.account_id == account_id)
        .options(joinedload(Statement.case), joinedload(Statement.deadline), joinedload(Statement.appeal))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update(of=Statement) if lock else query)
    if found is None or account_id is None:
        raise NotFound
    return found


def get_unowned(statement_id: int, *, lock: bool = False) -> Statement:
    """A decision about a text of somebody without an account, with its appeal; NotFound where there is an account."""
    query = (
        select(Statement)
        .where(Statement.id == statement_id, Statement.account_id.is_(None))
        .options(joinedload(Statement.case), joinedload(Statement.deadline), joinedload(Statement.appeal))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update(of=Statement) if lock else query)
    if found is None:
        raise NotFound
    return found


def find_statement_of_case(case_id: int, *, lock: bool = False) -> Statement | None:
    """What the author was told about the decision of a case."""
    query = (
        select(Statement)
        .where(Statement.case_id == case_id)
        .options(joinedload(Statement.case), joinedload(Statement.appeal))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(query.with_for_update(of=Statement) if lock else query)


def list_statements(account_id: int, page: int) -> tuple[Sequence[Statement], int]:
    """The decisions about an account's texts, the latest first, and how many there are."""
    own = Statement.account_id == account_id
    total = db.session.scalar(select(func.count(Statement.id)).where(own)) or 0
    rows = db.session.scalars(
        select(Statement)
        .where(own)
        .options(joinedload(Statement.case), joinedload(Statement.appeal))
        .order_by(Statement.decided_at.desc(), Statement.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_statements(account_id: int) -> int:
    """How many decisions about an account's texts are remembered."""
    return db.session.scalar(select(func.count(Statement.id)).where(Statement.account_id == account_id)) or 0


def get_appeal(appeal_id: int, *, lock: bool = False) -> ModerationAppeal:
    """An appeal with what it is against, or NotFound. `lock` waits for whoever is deciding about it."""
    query = (
        select(ModerationAppeal)
        .where(ModerationAppeal.id == appeal_id)
        .options(*_whole())
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update(of=ModerationAppeal) if lock else query)
    if found is None:
        raise NotFound
    return found


def list_appeals(state: str, page: int, now: datetime) -> tuple[Sequence[ModerationAppeal], int]:
    """A page of appeals: open ones the most pressing first, decided ones the latest first, and how many."""
    query = select(ModerationAppeal)
    if state == "decided":
        query = query.where(ModerationAppeal.state != "open")
        order: tuple[Any, ...] = (ModerationAppeal.decided_at.desc(), ModerationAppeal.id.desc())
    else:
        query = query.where(ModerationAppeal.state == "open")
        if state == "late":
            query = query.where(ModerationAppeal.due_at <= now)
        order = (ModerationAppeal.due_at, ModerationAppeal.id)
    counted = select(func.count()).select_from(query.with_only_columns(ModerationAppeal.id).subquery())
    total = db.session.scalar(counted) or 0
    rows = db.session.scalars(
        query.options(*_whole()).order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total


def count_open(now: datetime) -> tuple[int, int]:
    """How many appeals wait, and how many of them are overdue."""
    row = db.session.execute(
        select(
            func.count(ModerationAppeal.id),
            func.count(ModerationAppeal.id).filter(ModerationAppeal.due_at <= now),
        ).where(ModerationAppeal.state == "open")
    ).one()
    return row[0], row[1]


def list_to_escalate(now: datetime) -> Sequence[int]:
    """Overdue appeals of which nobody was told yet."""
    return db.session.scalars(
        select(ModerationAppeal.id)
        .where(
            ModerationAppeal.state == "open",
            ModerationAppeal.due_at <= now,
            ModerationAppeal.escalated_at.is_(None),
        )
        .order_by(ModerationAppeal.id)
    ).all()


def list_overseers() -> Sequence[Account]:
    """Whom an overdue appeal is told: council staff and administrators who can read mail."""
    return db.session.scalars(
        select(Account)
        .where(
            Account.id.in_(
                select(RoleGrant.account_id).where(RoleGrant.role.in_(("staff", "administrator")))
            ),
            Account.disabled_at.is_(None),
            Account.email_confirmed_at.is_not(None),
        )
        .order_by(Account.id)
    ).all()


def holds_role(account_id: int | None) -> bool:
    """Whether an account holds a role of the city hall."""
    if account_id is None:
        return False
    return (
        db.session.scalar(select(RoleGrant.id).where(RoleGrant.account_id == account_id).limit(1)) is not None
    )


def list_forgettable(now: datetime, remembered: timedelta, most: int) -> Sequence[Statement]:
    """Decisions whose last clock ran out long ago and whose author is still known; those under appeal are not."""
    ended = func.coalesce(ModerationAppeal.decided_at, Statement.appeal_until)
    return db.session.scalars(
        select(Statement)
        .outerjoin(Statement.appeal)
        .where(
            or_(Statement.account_id.is_not(None), ModerationAppeal.text != ""),
            func.greatest(ended, Statement.appeal_until) < now - remembered,
            (ModerationAppeal.id.is_(None)) | (ModerationAppeal.state != "open"),
        )
        .options(joinedload(Statement.appeal))
        .order_by(Statement.id)
        .limit(most)
    ).all()


def list_of_account(account_id: int) -> Sequence[Statement]:
    """Everything remembered of an account's texts, for forgetting it."""
    return db.session.scalars(
        select(Statement).where(Statement.account_id == account_id).options(joinedload(Statement.appeal))
    ).all()


def list_appeals_of_account(account_id: int) -> Sequence[ModerationAppeal]:
    """Every appeal of an account."""
    return db.session.scalars(select(ModerationAppeal).where(ModerationAppeal.account_id == account_id)).all()
