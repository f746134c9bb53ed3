"""Freezing a month that has ended. Commands never commit."""

from datetime import date, datetime

from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import SYSTEM
from civic.clock import city_date, city_moment
from civic.extensions import db
from civic.moderation.transparency import queries, rules
from civic.moderation.transparency.models import ModerationMonth


def bounds(month: date) -> tuple[datetime, datetime]:
    """The moments between which a month of the city lies."""
    return city_moment(month), city_moment(rules.next_month(month))


def months_due(now: datetime) -> list[date]:
    """The months that have ended and are not published yet, the earliest first."""
    first = queries.first_event()
    if first is None:
        return []
    known = queries.known_months()
    return [
        month
        for month in rules.months_between(city_date(first), city_date(now))
        if month not in known and rules.has_ended(bounds(month)[1], now)
    ]


def freeze(month: date, now: datetime) -> bool:
    """Publish the figures of a month that has ended, once and for ever. True when it was not published yet."""
    if not rules.has_ended(bounds(month)[1], now):
        return False
    figures = rules.figures(queries.count_month(*bounds(month)))
    # Two workers may count the same month: the first one's figures stand.
    made = db.session.scalar(
        insert(ModerationMonth)
        .values(month=month, figures=figures, computed_at=now)
        .on_conflict_do_nothing()
        .returning(ModerationMonth.month)
    )
    if made is not None:
        audit.record(
            SYSTEM, "moderation.month_published", "moderation_month", month.year * 100 + month.month, now
        )
    return made is not None
