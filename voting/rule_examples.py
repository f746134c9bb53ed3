"""The worked example of every rule, counted by the worker and kept: pages load no arrays."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic.extensions import db
from civic.unit_of_work import unit_of_work
from voting.models import RuleExample


def count_example(now: datetime) -> int:
    """The job: count the example again whenever it could come out differently. Returns 1 when it did."""
    # Arrays are loaded where something is counted, not in every web process.
    from voting.counting import examples

    version = examples.version()
    kept = db.session.scalar(select(RuleExample.version).where(RuleExample.id == 1))
    db.session.rollback()
    if kept == version:
        return 0
    values = {"version": version, "data": examples.worked_example(), "counted_at": now}
    with unit_of_work():
        db.session.execute(
            insert(RuleExample)
            .values(id=1, **values)
            .on_conflict_do_update(index_elements=["id"], set_=values)
        )
    return 1


def find_example() -> dict[str, Any] | None:
    """The example as it was counted last; None before the worker ran for the first time."""
    return db.session.scalar(select(RuleExample.data).where(RuleExample.id == 1))
