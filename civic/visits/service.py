"""Adding to the counts, and folding old days into months. They flush, never commit."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete as delete_from
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert

from civic.extensions import db
from civic.visits.models import VisitCount


def add(counts: Mapping[tuple[date, str], Sequence[int]]) -> None:
    """Add to the counts of days. Rows in one order, so that processes that write at once only wait for one another."""
    rows = [
        {"span": "day", "day": day, "service": name, "visits": visits, "pages": pages, "robots": robots}
        for (day, name), (visits, pages, robots) in sorted(counts.items())
    ]
    if rows:
        # Several processes add to the same row: the database adds, so none overwrites another.
        more = insert(VisitCount).values(rows)
        db.session.execute(_adding(more))


def _adding(more: Insert) -> Insert:
    return more.on_conflict_do_update(
        index_elements=["span", "day", "service"],
        set_={
            name: getattr(VisitCount, name) + getattr(more.excluded, name)
            for name in ("visits", "pages", "robots")
        },
    )


def fold(before: date) -> None:
    """Turn days before a day, which begins a month, into sums of their months. Twice is the same as once."""
    gone = (
        delete_from(VisitCount)
        .where(VisitCount.span == "day", VisitCount.day < before)
        .returning(VisitCount.day, VisitCount.service, VisitCount.visits, VisitCount.pages, VisitCount.robots)
        .cte("gone")
    )
    month = func.date_trunc("month", gone.c.day).cast(VisitCount.day.type)
    sums = select(
        literal("month"), month, gone.c.service, func.sum(gone.c.visits), func.sum(gone.c.pages),
        func.sum(gone.c.robots),
    ).group_by(month, gone.c.service)  # fmt: skip
    names = ["span", "day", "service", "visits", "pages", "robots"]
    db.session.execute(_adding(insert(VisitCount).from_select(names, sums)))
