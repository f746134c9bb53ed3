"""Revisions of budgets and payments as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, day, equal_to, money, register_resource
from civic.tracker.funds.models import BudgetRevision, DeliveryPayment

_OF = Field("delivery_id", "number", _l("The delivery it is of"))


def register() -> None:
    """Publish what changed a delivery's budget and what was paid for it."""
    register_resource(
        Resource(
            "delivery-budget-revisions",
            _l("Revisions of deliveries' budgets"),
            _l("From what to what the approved budget of a delivery changed, by which decision, and why."),
            (
                NUMBER,
                _OF,
                Field("revised_on", "day", _l("The day of the revision")),
                Field("amount_before", "money", _l("The budget before it, when one was published"), optional=True),
                Field("amount_after", "money", _l("The budget after it")),
                Field("decision_id", "number", _l("The decision in the register"), optional=True),
                Field("decision_text", "text", _l("The decision in words, where the register lacks it")),
                Field("reason", "text", _l("Why the budget changed")),
            ),
            lambda: select(BudgetRevision),
            BudgetRevision.id,
            _revisions,
            (equal_to("delivery_id", BudgetRevision.delivery_id, _l("Only those of this delivery")),),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "delivery-payments",
            _l("Payments for deliveries"),
            _l("What was paid for a delivery on which day; an amount below zero is money recovered."),
            (
                NUMBER,
                _OF,
                Field("paid_on", "day", _l("The day of the payment")),
                Field("amount", "money", _l("How much; below zero it was recovered")),
                Field("document", "text", _l("The invoice or payment order")),
                Field("reason", "text", _l("What it was for, or why it came back")),
            ),
            lambda: select(DeliveryPayment),
            DeliveryPayment.id,
            _payments,
            (equal_to("delivery_id", DeliveryPayment.delivery_id, _l("Only those of this delivery")),),
        )
    )


def _revisions(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{
                name: getattr(one, name)
                for name in ("id", "delivery_id", "decision_id", "decision_text", "reason")
            },
            "revised_on": day(one.revised_on),
            "amount_before": money(one.amount_before),
            "amount_after": money(one.amount_after),
        }
        for (one,) in rows
    ]


def _payments(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("id", "delivery_id", "document", "reason")},
            "paid_on": day(one.paid_on),
            "amount": money(one.amount),
        }
        for (one,) in rows
    ]
