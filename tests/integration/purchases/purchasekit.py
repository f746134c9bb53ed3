"""Purchases with something in every place, and with as little as there may be."""

from datetime import date
from decimal import Decimal
from typing import Any

from civic import clock
from civic.actor import Actor
from civic.extensions import db
from civic.purchases import service
from civic.purchases.models import Purchase


def buy(actor: Actor, **values: Any) -> Purchase:
    """A purchase of this year's kind, known by title and year alone unless told."""
    made = service.add_purchase(
        actor,
        {"title": "Bănci de parc", "procedure": "unknown", "currency": "RON", "year": 2024, **values},
        clock.now(),
    )
    db.session.commit()
    return made


def full(actor: Actor, **values: Any) -> Purchase:
    """A contract that was changed twice."""
    made = buy(
        actor, procedure="open", categories=["works"], amount_net=Decimal("1000000.10"),
        amount_gross=Decimal("1190000.12"), signed_on=date(2024, 5, 6), supplier="Constructor SRL",
        supplier_code="RO12345", contract_number="17/2024", buyer="Direcția Achiziții", project="Parcul",
        note="Îndoială.", **values,
    )  # fmt: skip
    for day, amount in ((date(2024, 8, 1), Decimal("1100000.00")), (date(2024, 9, 1), None)):
        service.add_amendment(actor, made.id, day, amount, "Lucrări în plus", clock.now())
    db.session.commit()
    return made
