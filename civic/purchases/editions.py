"""What stood in public about purchases before they were changed: kept once, in bulk, and never touched again.

The newest edition is the row itself. A purchase that nobody changes has no other, and one that never stood in
public since its last change (below the threshold) leaves none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from civic.extensions import db
from civic.purchases import ocds, queries
from civic.purchases.models import PurchaseEdition
from civic.purchases.states import State


def keep(states: Sequence[State], now: datetime) -> None:
    """Keep what purchases said in public until now, in one statement. Their rows are locked by whoever changes them."""
    if not states:
        return
    last = queries.last_releases([one.id for one in states])
    rows: list[dict[str, Any]] = []
    for state in states:
        release, number = last.get(state.id, ("", 0))
        if number:
            told = [ocds.Told(ocds.next_release(state, release, number + 1) or "", state)]
        else:
            told = ocds.first_releases(state)
        until = [ocds.date_of(one.text) for one in told[1:]] + [now]
        rows += [
            {"purchase_id": state.id, "number": number + place, "facts": one.state.facts(), "release": one.text,
             "superseded_at": ended}
            for place, (one, ended) in enumerate(zip(told, until, strict=True), 1)
        ]  # fmt: skip
    db.session.execute(insert(PurchaseEdition), rows)
