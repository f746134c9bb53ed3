"""Every question asked about satisfaction."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from civic.extensions import db
from civic.satisfaction.models import SatisfactionCount, SatisfactionQuestion, SatisfactionWords


def find_question(mark: bytes) -> SatisfactionQuestion | None:
    """The question of a link, while it waits; locked, so that it is answered once."""
    return db.session.scalar(
        select(SatisfactionQuestion).where(SatisfactionQuestion.mark == mark).with_for_update()
    )


def counts_by_month() -> dict[date, dict[str, dict[int, int]]]:
    """month -> kind -> step -> answers, the newest month first."""
    found: dict[date, dict[str, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    rows = select(SatisfactionCount).order_by(SatisfactionCount.month.desc())
    for one in db.session.scalars(rows):
        found[one.month][one.kind][one.step] = one.answers
    return found


def counts_between(start: date, end: date) -> dict[int, int]:
    """step -> answers of the months that begin from `start` to before `end`, all kinds together."""
    found: dict[int, int] = defaultdict(int)
    within = (SatisfactionCount.month >= start, SatisfactionCount.month < end)
    for step, answers in db.session.execute(
        select(SatisfactionCount.step, SatisfactionCount.answers).where(*within)
    ):
        found[step] += answers
    return found


def words() -> Select[Any]:
    """What people added, the newest first by its key."""
    rows: Any = select((-SatisfactionWords.id).label("key"), SatisfactionWords)
    return rows
