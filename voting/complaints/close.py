"""What the close asks of complaints: that none is open, and the numbers for its minutes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from civic.errors import Invalid
from civic.format import lazy_ngettext
from voting.complaints import queries


def obstacle(round_id: int, now: datetime | None = None) -> Any | None:
    """Why the close of a round may not begin yet, or None."""
    waiting = queries.count_open(round_id)
    return _sentence(waiting) if waiting else None


def _sentence(waiting: int) -> Any:
    return lazy_ngettext(
        "%(num)s identity complaint waits for a decision: decide it before the close.",
        "%(num)s identity complaints wait for a decision: decide them before the close.",
        waiting,
    )


def settle(connection: Connection, round_id: int) -> dict[str, int]:
    """In the step that closes a round, after its row is changed: the numbers for the minutes.

    Whoever filed before us has committed, because they read that row under a lock; whoever comes after is refused.
    Raises Invalid while a complaint is open.
    """
    figures = queries.figures_on(connection, round_id)
    waiting = figures.filed - figures.upheld - figures.dismissed
    if waiting:
        raise Invalid(_sentence(waiting))
    return figures.as_json()
