"""Every question asked about the money of a delivery."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from civic.errors import NotFound
from civic.extensions import db
from civic.tracker.funds.models import BudgetRevision, DeliveryPayment


def list_revisions(delivery_id: int) -> Sequence[BudgetRevision]:
    """The revisions of a delivery's budget with their decisions, oldest first."""
    return db.session.scalars(
        select(BudgetRevision)
        .where(BudgetRevision.delivery_id == delivery_id)
        .order_by(BudgetRevision.revised_on, BudgetRevision.id)
    ).all()


def list_payments(delivery_id: int) -> Sequence[DeliveryPayment]:
    """Everything paid for a delivery and recovered, oldest first."""
    return db.session.scalars(
        select(DeliveryPayment)
        .where(DeliveryPayment.delivery_id == delivery_id)
        .order_by(DeliveryPayment.paid_on, DeliveryPayment.id)
    ).all()


def sum_of_payments(delivery_id: int) -> Decimal | None:
    """The sum of the payments listed, or None where none is."""
    return db.session.scalar(
        select(func.sum(DeliveryPayment.amount)).where(DeliveryPayment.delivery_id == delivery_id)
    )


def get_payment(delivery_id: int, payment_id: int) -> DeliveryPayment:
    """A payment of this delivery, or NotFound."""
    found = db.session.get(DeliveryPayment, payment_id)
    if found is None or found.delivery_id != delivery_id:
        raise NotFound
    return found


def get_last_revision(delivery_id: int, revision_id: int) -> BudgetRevision:
    """A revision of this delivery when it is the last one, else NotFound: earlier ones stay as they are."""
    revisions = list_revisions(delivery_id)
    if not revisions or revisions[-1].id != revision_id:
        raise NotFound
    return revisions[-1]
