"""Every question asked of the table of suspensions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.models import ModerationCase
from civic.moderation.suspensions.models import Suspension

PER_PAGE = 25


def get_suspension(suspension_id: int, *, lock: bool = False) -> Suspension:
    """A suspension with its case, or NotFound. `lock` waits for whoever is deciding about it."""
    query = (
        select(Suspension)
        .where(Suspension.id == suspension_id)
        .options(joinedload(Suspension.case), joinedload(Suspension.deadline))
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update(of=Suspension) if lock else query)
    if found is None:
        raise NotFound
    return found


def list_suspensions(state: str, page: int, now: datetime) -> tuple[Sequence[Suspension], int]:
    """A page of suspensions: what waits (the most pressing first), what runs, or what has ended, and how many."""
    query = select(Suspension).options(joinedload(Suspension.case))
    running = (Suspension.state == "confirmed", Suspension.lifted_at.is_(None), Suspension.ends_at > now)
    if state == "waiting":
        query = query.where(Suspension.state == "proposed", Suspension.confirm_until > now)
        order: tuple[Any, ...] = (Suspension.confirm_until, Suspension.id)
    elif state == "running":
        query = query.where(*running)
        order = (Suspension.ends_at, Suspension.id)
    else:
        waiting = (Suspension.state == "proposed") & (Suspension.confirm_until > now)
        live = (Suspension.state == "confirmed") & Suspension.lifted_at.is_(None) & (Suspension.ends_at > now)
        query = query.where(~waiting, ~live)
        order = (Suspension.proposed_at.desc(), Suspension.id.desc())
    total = db.session.scalar(
        select(func.count()).select_from(query.with_only_columns(Suspension.id).subquery())
    )
    rows = db.session.scalars(query.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return rows, total or 0


def count_waiting(now: datetime) -> int:
    """How many wait for a second person."""
    query = select(func.count(Suspension.id)).where(
        Suspension.state == "proposed", Suspension.confirm_until > now
    )
    return db.session.scalar(query) or 0


def find_running(account_id: int, now: datetime) -> Suspension | None:
    """The suspension that keeps an account from publishing now."""
    return db.session.scalar(
        select(Suspension)
        .where(
            Suspension.account_id == account_id,
            Suspension.state == "confirmed",
            Suspension.lifted_at.is_(None),
            Suspension.ends_at > now,
        )
        .order_by(Suspension.ends_at.desc())
        .limit(1)
    )


def is_waiting(account_id: int, now: datetime) -> bool:
    """Whether a proposal to suspend an account waits for a second person."""
    query = select(Suspension.id).where(
        Suspension.account_id == account_id, Suspension.state == "proposed", Suspension.confirm_until > now
    )
    return db.session.scalar(query) is not None


def list_lapsed(now: datetime) -> Sequence[int]:
    """Proposals whose time ran out."""
    return db.session.scalars(
        select(Suspension.id)
        .where(Suspension.state == "proposed", Suspension.confirm_until <= now)
        .order_by(Suspension.id)
    ).all()


def list_of_account(account_id: int) -> Sequence[Suspension]:
    """An account's own confirmed suspensions, the latest first."""
    return db.session.scalars(
        select(Suspension)
        .where(Suspension.account_id == account_id, Suspension.state == "confirmed")
        .order_by(Suspension.id.desc())
        .limit(20)
    ).all()


def author_of_case(case_id: int) -> int | None:
    """The account behind the text a case hid, unless it was forgotten or the decision taken back."""
    return db.session.scalar(
        select(Statement.account_id)
        .join(Statement.case)
        .where(Statement.case_id == case_id, ModerationCase.undone_at.is_(None))
    )


def count_hidden_texts(account_id: int, since: datetime) -> int:
    """How many decisions against texts of an account stand, since a moment."""
    query = (
        select(func.count(Statement.id))
        .join(Statement.case)
        .where(
            Statement.account_id == account_id,
            Statement.decided_at >= since,
            ModerationCase.undone_at.is_(None),
        )
    )
    return db.session.scalar(query) or 0


def find_appeal(suspension_id: int) -> ModerationAppeal | None:
    """The appeal against a suspension."""
    return db.session.scalar(select(ModerationAppeal).where(ModerationAppeal.suspension_id == suspension_id))


def lock_account(account_id: int) -> Account:
    """An account, held until the transaction ends: its suspensions are decided one after the other."""
    found = db.session.scalar(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
