"""The city's days off besides the public holidays: adding one, taking one back before it comes."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.clock import city_date, is_working_day
from civic.deadlines import policy, queries
from civic.deadlines.models import BridgeDay
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line

#: How far ahead a day off can be entered; governments decide them a year at a time.
AHEAD = timedelta(days=800)


def add(actor: Actor, day: date, reason: str, now: datetime) -> None:
    """Add a day off. Working days are counted without it from now on; what was given its end keeps it.

    Raises Invalid for a day that is off anyway, past or too far ahead, Conflict when it is there already.
    """
    enforce(policy.can_change(actor))
    words, today = clean_line(reason), city_date(now)
    if not words:
        raise Invalid(_("Write by which decision it is a day off."))
    if not today <= day <= today + AHEAD:
        raise Invalid(_("Enter a day from today on, at most two years ahead."))
    if not is_working_day(day):
        raise Invalid(_("Nobody works on this day anyway: it is a weekend or a public holiday."))
    values = {"day": day, "reason": words, "added_at": now, "account_id": actor.id}
    added = db.session.scalar(
        insert(BridgeDay).values(**values).on_conflict_do_nothing().returning(BridgeDay.day)
    )
    if added is None:
        raise Conflict(_("This day is in the list already."))
    audit.record(actor, "day_off.added", "deadline", 0, now, {"day": day.isoformat()})


def remove(actor: Actor, day: date, now: datetime) -> None:
    """Take back a day off that has not come yet. Raises NotFound when it is not in the list."""
    enforce(policy.can_change(actor))
    found = queries.find_bridge_day(day)
    if found is None:
        raise NotFound
    if day <= city_date(now):
        raise Conflict(_("This day has come: it stays in the list."))
    db.session.delete(found)
    db.session.flush()
    audit.record(actor, "day_off.removed", "deadline", 0, now, {"day": day.isoformat()})
