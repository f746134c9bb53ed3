"""Who may write and publish yearly reports, and when."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.clock import city_date
from civic.policy import ALLOWED, Action, Decision, may, refused
from consultations.yearly.models import YearlyReport
from consultations.yearly.rules import has_ended


def can_write(actor: Actor) -> Decision:
    """Council staff write what the data do not hold."""
    if may(actor, Action.MANAGE_CONSULTATIONS):
        return ALLOWED
    return refused(_l("Only council staff write the yearly report."))


def can_publish(actor: Actor, year: int, now: datetime) -> Decision:
    """A year's figures are final once it is over."""
    decision = can_write(actor)
    if not decision:
        return decision
    if not has_ended(year, city_date(now)):
        return refused(_l("The report is published once the year is over."))
    return ALLOWED


def can_read(actor: Actor, report: YearlyReport | None) -> Decision:
    """Everyone once it is published; before, those who prepare consultations."""
    if (report is not None and report.published_at is not None) or may(actor, Action.VIEW_CONSULTATIONS):
        return ALLOWED
    return refused(_l("The report of this year has not been published yet."))
