"""Every question asked about visits."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, func, select

from civic.extensions import db
from civic.visits.models import VisitCount


def by_month(before: date) -> Sequence[Row[date, str, int, int, int]]:
    """(month, service, visits, pages, robots) of the days before a day, the newest month first."""
    month = func.date_trunc("month", VisitCount.day).cast(VisitCount.day.type).label("month")
    sums = [func.sum(one) for one in (VisitCount.visits, VisitCount.pages, VisitCount.robots)]
    return db.session.execute(
        select(month, VisitCount.service, *sums)
        .where(VisitCount.day < before)
        .group_by(month, VisitCount.service)
        .order_by(month.desc(), VisitCount.service)
    ).all()


def count_visits(start: date, end: date, service: str | None = None) -> int | None:
    """Visits of a service, or of all, on the days from `start` to before `end`; None when nothing was counted then."""
    within = select(func.sum(VisitCount.visits)).where(VisitCount.day >= start, VisitCount.day < end)
    return db.session.scalar(within if service is None else within.where(VisitCount.service == service))
