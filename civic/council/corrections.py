"""Keeping what the records said before: a row for each thing that a correction changed. Rows are only ever added."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert

from civic.council.models import CouncilCorrection
from civic.council.rules import Change
from civic.extensions import db

#: The role of a table that was brought in.
BY_TABLE = "system"


def keep(
    changes: Iterable[Change], now: datetime, *, role: str, reason: str = "", sitting_id: int | None = None,
    vote_id: int | None = None, member_id: int | None = None,
) -> None:  # fmt: skip
    """Keep from what to what the records of a meeting, of a vote or (with neither) of a mandate changed."""
    rows = [
        {
            "sitting_id": sitting_id, "vote_id": vote_id, "member_id": one.member_id or member_id,
            "secret": False if one.what == "choice" else None, "what": one.what, "former": one.former,
            "present": one.present, "reason": reason, "role": role, "at": now,
        }
        for one in changes
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(CouncilCorrection), rows)
