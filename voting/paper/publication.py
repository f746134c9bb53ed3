"""What is published of the paper: the minutes of every batch, its rejected lines, its samples. No person, no choice.

The number of a sheet says nothing about a person, and nothing here says what was on a sheet that counts.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from civic.extensions import db
from voting.paper import queries
from voting.paper.models import PaperBallot, PaperBatch
from voting.plan import FrozenRound

#: What `paper.json` is in the version it says.
VERSION = 1


def paper_data(round_id: int, plan: FrozenRound, totals: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """`paper.json` of a closed round; `totals` is what the minutes say of it. None when there was no paper."""
    batches = [batch for batch in queries.list_batches(round_id) if batch.accepted_at is not None]
    if totals is None and not any(batch.marks for batch in batches):
        return None
    return {
        "version": VERSION,
        "marks": totals["marks"] if totals else sum(batch.marks or 0 for batch in batches),
        "ballots": totals["ballots"] if totals else sum(batch.counted or 0 for batch in batches),
        "batches": [_batch(batch, plan) for batch in batches],
    }


def _batch(batch: PaperBatch, plan: FrozenRound) -> dict[str, Any]:
    parts = {group.id: group.name for group in plan.groups.values()}
    return {
        "batch": batch.label,
        "place": batch.place,
        "marks": batch.marks,
        "returned": batch.returned,
        "spoilt": batch.spoilt,
        "not_returned": batch.not_returned,
        "minutes": batch.minutes,
        "counted": batch.counted,
        "blank": batch.blank,
        "rejected": batch.rejected,
        "sheets": list(
            db.session.scalars(
                select(PaperBallot.serial)
                .where(PaperBallot.batch_id == batch.id)
                .order_by(PaperBallot.serial)
            )
        ),
        "rejected_lines": [
            {
                "sheet": sheet.serial,
                "part": None if line["group"] is None else parts[line["group"]],
                "reason": line["reason"],
            }
            for sheet in queries.list_rejected(batch.id)
            for line in sheet.lines
        ],
        "samples": [
            {"dice": one.dice, "of": one.population, "sheets": one.serials, "different": one.different}
            for one in queries.list_samples(batch.id)
            if one.compared_at is not None
        ],
    }
