"""Every question asked about satisfaction."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from civic.extensions import db
from civic.satisfaction.models import SatisfactionCount, SatisfactionQuestion, SatisfactionWords


def find_question(mark: bytes) -> SatisfactionQuestion | None:
    """The question of a link, while it waits; locked, so that it is answered once."""
    return db.session.scalar(
        select(SatisfactionQuestion).where(SatisfactionQuestion.mark == mark).with_for_update()
    )


def counts_by_month(months: Collection[date] | None = None) -> dict[date, dict[str, dict[int, int]]]:
    """month -> kind -> step -> answers, the newest month first; of all months or of some."""
    found: dict[date, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = select(SatisfactionCount).order_by(SatisfactionCount.month.desc())
    if months is not None:
        rows = rows.where(SatisfactionCount.month.in_(months))
    for one in db.session.scalars(rows):
        found[one.month][one.kind][one.step] = one.answers
    return found


def counts_between(start: date, end: date) -> list[dict[int, int]]:
    """step -> answers, all kinds together, of each month that begins from `start` to before `end`."""
    found: dict[date, dict[int, int]] = defaultdict(dict)
    within = (SatisfactionCount.month >= start, SatisfactionCount.month < end)
    for month, step, answers in db.session.execute(
        select(SatisfactionCount.month, SatisfactionCount.step, func.sum(SatisfactionCount.answers))
        .where(*within)
        .group_by(SatisfactionCount.month, SatisfactionCount.step)
    ):
        found[month][step] = int(answers)
    return list(found.values())


def words() -> Select[Any]:
    """What people added, the newest first by its key."""
    rows: Any = select((-SatisfactionWords.id).label("key"), SatisfactionWords)
    return rows
