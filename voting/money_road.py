"""The road of a round's money: its budget, the pots, the projects that won, and what was paid for them so far.

What was paid is what the delivery of a project says; a project without a delivery, or whose delivery states nothing,
is told as not stated.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from civic.tracker import queries as deliveries
from voting.results_page import PotResult

#: What deliveries came from, in `civic.tracker`.
PROJECT = "project"


def road_of(pots: Sequence[PotResult], currency: str) -> dict[str, Any] | None:
    """The budget and the pots as `ui.money_flow_chart` takes them; nothing while no winner is being carried out."""
    winners = {pot.id: [row.project for row in pot.rows if row.outcome.standing == "winner"] for pot in pots}
    paid = deliveries.paid_by_origin(PROJECT, [one.id for rows in winners.values() for one in rows], currency)
    if not paid:
        return None
    return {
        "budget": sum((pot.amount for pot in pots), Decimal(0)),
        "pots": [
            {
                "name": pot.name,
                "amount": pot.amount,
                "projects": [
                    {
                        "name": one.title,
                        "code": one.code,
                        "amount": one.cost,
                        "paid": paid.get(one.id) or Decimal(0),
                        "stated": paid.get(one.id) is not None,
                    }
                    for one in winners[pot.id]
                ],
            }
            for pot in pots
        ],
    }
