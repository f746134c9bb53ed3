"""What residents told the city hall about works, counted here: the tracker stands below the indicators."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from civic.extensions import db
from civic.indicators.own import within
from civic.indicators.periods import Span
from civic.indicators.registry import Figure, count
from civic.reports.registry import Feedback, register_feedback
from civic.tracker.checks.models import DeliveryCheck


def _checks(span: Span, *, done: bool) -> Figure:
    """Public words of residents on finished works."""
    wanted = select(func.count(DeliveryCheck.id)).where(
        DeliveryCheck.done.is_(done), DeliveryCheck.state == "visible", within(DeliveryCheck.said_at, span)
    )
    return count(db.session.scalar(wanted))


def register() -> None:
    """Offer them."""
    register_feedback(
        Feedback("confirmed", _l("Residents who confirm that a work is done"), lambda span: _checks(span, done=True), 60),
        Feedback("disputed", _l("Residents who dispute that a work is done"), lambda span: _checks(span, done=False), 61),
    )  # fmt: skip
