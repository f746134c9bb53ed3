"""What purchases add to the page of a delivery."""

from typing import Any

from civic.navigation import Panel
from civic.purchases import presenters, queries
from civic.tracker.models import Delivery


def delivery(context: dict[str, Any]) -> Panel | None:
    """What was bought for this work."""
    rows = queries.list_of_delivery(context["delivery"].id)
    if not rows:
        return None
    told = [(one, presenters.amount_words(one)) for one in rows]
    values = {"rows": told, **_compared(context["delivery"])}
    return Panel("purchases/_delivery_panel.html", values, position=20)


def _compared(work: Delivery) -> dict[str, Any]:
    """What was bought beside the contracted amount, where all of it is told in one way; nothing is added up else."""
    sums = queries.sums_of_delivery(work.id)
    if len(sums) != 1 or sums[0][0] != work.currency:
        return {"mixed": len(sums) > 1, "bought": None, "difference": None}
    bought = sums[0][3]
    difference = None if work.contracted is None else work.contracted - bought
    return {"mixed": False, "bought": bought, "difference": difference, "work": work}
