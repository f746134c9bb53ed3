"""Every question asked about what residents say of deliveries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import contains_eager, joinedload

from civic.actor import Actor
from civic.errors import NotFound
from civic.extensions import db
from civic.places.models import Department
from civic.policy import Action, may
from civic.tracker.checks.models import DeliveryCheck
from civic.tracker.models import Delivery, DeliveryStage
from civic.tracker.rules import SUCCEEDED


def has_said(delivery_id: int, account_id: int | None, completed_at: datetime) -> bool:
    """Whether this account has spoken about this completion."""
    wanted = select(DeliveryCheck.id).filter_by(
        delivery_id=delivery_id, account_id=account_id, completed_at=completed_at
    )
    return account_id is not None and db.session.scalar(wanted) is not None


def get_check(check_id: int, lock: bool = False) -> DeliveryCheck:
    """What one resident said, or NotFound. Locked for a change when asked."""
    statement = select(DeliveryCheck).where(DeliveryCheck.id == check_id)
    if lock:
        statement = statement.with_for_update(of=DeliveryCheck).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_for_moderation(ids: Iterable[int]) -> Sequence[DeliveryCheck]:
    """What residents said, by id, with the delivery and who said it."""
    return db.session.scalars(
        select(DeliveryCheck)
        .where(DeliveryCheck.id.in_(set(ids)))
        .options(joinedload(DeliveryCheck.delivery), joinedload(DeliveryCheck.account))
    ).all()


def _completed_since(delivery_id: int) -> Any:
    """Since when the work is said to be done, received or completed; NULL while it is not."""
    stage = DeliveryStage
    open_last = select(func.coalesce(func.max(stage.id), 0)).where(
        stage.delivery_id == delivery_id, stage.status.not_in(SUCCEEDED)
    )
    return (
        select(func.min(stage.since))
        .where(stage.delivery_id == delivery_id, stage.id > open_last.scalar_subquery())
        .scalar_subquery()
    )


def counts(delivery_id: int) -> dict[bool, int]:
    """How many residents confirm (True) and dispute (False) that it is done as it stands now: each by the last word,
    hidden and waiting words left out. What was said before work began again is told beside, and counts no more."""
    check = DeliveryCheck
    who = func.coalesce(check.account_id, -check.id)
    last = (
        select(check.done)
        .where(
            check.delivery_id == delivery_id,
            check.state == "visible",
            check.completed_at >= _completed_since(delivery_id),
        )
        .ext(distinct_on(who))
        .order_by(who, check.said_at.desc(), check.id.desc())
        .subquery()
    )
    rows = db.session.execute(select(last.c.done, func.count()).group_by(last.c.done))
    return {row[0]: row[1] for row in rows}


def list_told(delivery_id: int, size: int) -> Sequence[DeliveryCheck]:
    """The newest words with something to read or see: disputes, and confirmations that say or show more."""
    told = ~DeliveryCheck.done | (DeliveryCheck.text != "") | DeliveryCheck.file_id.is_not(None)
    return db.session.scalars(
        select(DeliveryCheck)
        .where(DeliveryCheck.delivery_id == delivery_id, DeliveryCheck.state != "held", told)
        .order_by(DeliveryCheck.said_at.desc(), DeliveryCheck.id.desc())
        .limit(size)
    ).all()


def _open() -> Any:
    return ~DeliveryCheck.done & (DeliveryCheck.state == "visible") & DeliveryCheck.answer_id.is_(None)


def list_open(delivery_id: int, lock: bool = False) -> Sequence[DeliveryCheck]:
    """The disputes of a delivery that wait for an answer, oldest first."""
    statement = select(DeliveryCheck).where(DeliveryCheck.delivery_id == delivery_id, _open())
    statement = statement.order_by(DeliveryCheck.id)
    return db.session.scalars(statement.with_for_update(of=DeliveryCheck) if lock else statement).all()


def _of_actor(statement: Any, actor: Actor) -> Any:
    if may(actor, Action.MANAGE_DELIVERIES) or may(actor, Action.VIEW_AUDIT):
        return statement
    return statement.where(Delivery.department_id.in_(actor.departments))


def list_queue(actor: Actor, size: int) -> Sequence[Any]:
    """(delivery, disputes that wait, the first one's deadline) the actor answers for, the most urgent first."""
    due = func.min(DeliveryCheck.due_at)
    statement = (
        select(Delivery, func.count(DeliveryCheck.id), due)
        .join(DeliveryCheck, DeliveryCheck.delivery_id == Delivery.id)
        .outerjoin(Delivery.department)
        .options(contains_eager(Delivery.department))
        .where(_open())
    )
    grouped = _of_actor(statement, actor).group_by(Delivery.id, Department.id).order_by(due, Delivery.id)
    return db.session.execute(grouped.limit(size)).all()


def count_queue(actor: Actor) -> int:
    """How many deliveries have disputes that wait for the actor."""
    statement = (
        select(func.count(DeliveryCheck.delivery_id.distinct()))
        .join(Delivery, Delivery.id == DeliveryCheck.delivery_id)
        .where(_open())
    )
    return db.session.scalar(_of_actor(statement, actor)) or 0


def count_public_of(account_id: int) -> int:
    """How many words of an account are public."""
    statement = (
        select(func.count()).select_from(DeliveryCheck).filter_by(account_id=account_id, state="visible")
    )
    return db.session.scalar(statement.where(DeliveryCheck.text != "")) or 0
