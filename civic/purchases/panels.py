"""What purchases add to the page of a delivery."""

from typing import Any

from civic.navigation import Panel
from civic.purchases import presenters, queries


def delivery(context: dict[str, Any]) -> Panel | None:
    """What was bought for this work."""
    rows = queries.list_of_delivery(context["delivery"].id)
    if not rows:
        return None
    told = [(one, presenters.amount_words(one)) for one in rows]
    return Panel("purchases/_delivery_panel.html", {"rows": told}, position=20)
