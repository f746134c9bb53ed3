"""Visits as open data: the same sums of months that the page shows, up to yesterday."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, case, cast, extract, func, select

from civic.clock import city_date
from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, day, equal_to, register_resource
from civic.visits import queries
from civic.visits.models import VisitCount
from civic.visits.rules import NUMBERS, ORDER

#: More services than there will ever be: what a month's number is multiplied by.
_ROOM = 100


def register() -> None:
    """Publish the sums of months."""
    months = _months()
    register_resource(
        Resource(
            "visits",
            _l("Visits"),
            _l("How often each part of this site was visited in a month, up to yesterday. We count without cookies and know nothing about visitors."),
            (
                NUMBER,
                Field("url", "address", _l("The page that shows it")),
                Field("month", "day", _l("The first day of the month")),
                Field("part", "text", _l("The part of the site"), codes=ORDER),
                Field("visits", "number", _l("Pages opened from elsewhere: another site, another part of this one, an address typed in")),
                Field("pages", "number", _l("All pages opened")),
                Field("robots", "number", _l("Pages opened by programs that say they are one; in neither of the others")),
            ),
            lambda: select(months),
            months.c.id,
            _show,
            (equal_to("part", months.c.service, _l("Only those of this part of the site"), "text", ORDER),),
            public_by=lambda now: months.c.first_counted < city_date(now),
        )
    )  # fmt: skip


def _months() -> Any:
    """(id, month, service, first day counted) of every month and service with counts."""
    month = func.date_trunc("month", VisitCount.day).cast(VisitCount.day.type)
    number = extract("year", month) * 12 + extract("month", month)
    numbered = cast(number * _ROOM + case(NUMBERS, value=VisitCount.service), Integer)
    return (
        select(
            numbered.label("id"), month.label("month"), VisitCount.service,
            func.min(VisitCount.day).label("first_counted"),
        ).where(VisitCount.service.in_(NUMBERS)).group_by(numbered, month, VisitCount.service).subquery()
    )  # fmt: skip


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    sums = {(month, name): counts for month, name, *counts in queries.by_month(city_date(now))}
    return [
        {
            "id": one.id,
            "url": address_of("visits.index", year=one.month.year, part=one.service),
            "month": day(one.month),
            "part": one.service,
            **dict(zip(("visits", "pages", "robots"), sums[one.month, one.service], strict=True)),
        }
        for one in rows
    ]
