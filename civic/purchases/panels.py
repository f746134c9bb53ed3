"""What purchases add to the page of a delivery."""

from typing import Any

from civic.navigation import Panel
from civic.purchases import presenters, queries
from civic.tracker.models import Delivery


def delivery(context: dict[str, Any]) -> Panel | None:
    """What was bought for this work."""
    work = context["delivery"]
    rows = queries.list_of_delivery(work.id)
    if not rows:
        return None
    count = queries.count_of_delivery(work.id)
    values = {"rows": [presenters.line_of(one) for one in rows], "count": count, **_compared(work)}
    return Panel("purchases/_delivery_panel.html", values, position=20)


def _compared(work: Delivery) -> dict[str, Any]:
    """What was bought beside the contracted amount, where all of it is told in one way; nothing is added up else."""
    sums = queries.sums_of_delivery(work.id)
    if len(sums) != 1 or sums[0][0] != work.currency:
        return {"mixed": len(sums) > 1, "bought": None, "difference": None}
    stated, bought = sums[0][2:]
    difference = None if work.contracted is None else work.contracted - bought
    return {"mixed": False, "bought": bought, "stated": stated, "difference": difference, "work": work}
