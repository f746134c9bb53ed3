"""Satisfaction as open data: what the page tells of each month, and no less hidden."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Integer, case, cast, extract, literal, select, union

from civic.indicators.labels import plain
from civic.indicators.registry import share
from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, day, equal_to, register_resource
from civic.satisfaction import queries, rules
from civic.satisfaction.models import SatisfactionCount

_CODES = (rules.ALL, *rules.KINDS)


def register() -> None:
    """Publish the months."""
    months = _months()
    register_resource(
        Resource(
            "satisfaction",
            _l("How satisfied people are"),
            _l("Answers to the one question after a vote, an answer of the city hall or a finished work, by month. Fewer than ten people are not told, nor what would tell their number."),
            (
                NUMBER,
                Field("url", "address", _l("The page that shows it")),
                Field("month", "day", _l("The first day of the month")),
                Field("kind", "text", _l("What people were asked about, or all together"), codes=_CODES),
                Field("answers", "number", _l("How many answered; none when they are too few to be told"), optional=True),
                Field("satisfied", "number", _l("How many of them were satisfied or very satisfied"), optional=True),
                Field("share", "decimal", _l("Which part of them that is, in per cent"), optional=True),
            ),
            lambda: select(months),
            months.c.id,
            _show,
            (equal_to("kind", months.c.kind, _l("Only those about this"), "text", _CODES),),
        )
    )  # fmt: skip


def _months() -> Any:
    """(id, month, kind) of every month with answers, and of all kinds of it together."""
    month = SatisfactionCount.month
    number = (extract("year", month) * 12 + extract("month", month)) * 10
    numbers = {kind: place for place, kind in enumerate(rules.KINDS, 1)}
    each = select(
        cast(number + case(numbers, value=SatisfactionCount.kind), Integer).label("id"), month,
        SatisfactionCount.kind,
    )  # fmt: skip
    whole = select(cast(number, Integer), month, literal(rules.ALL))
    return union(each, whole).subquery()


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    counted = queries.counts_by_month({one.month for one in rows})
    told = {month: rules.told_of_month(kinds) for month, kinds in counted.items()}
    return [_item(one, told[one.month][one.kind]) for one in rows]


def _item(one: Any, found: rules.Share) -> dict[str, Any]:
    satisfied, answers = found or (None, None)
    return {
        "id": one.id,
        "url": address_of("satisfaction.index"),
        "month": day(one.month),
        "kind": one.kind,
        "answers": answers,
        "satisfied": satisfied,
        "share": plain(share(*found).value) if found else None,
    }
