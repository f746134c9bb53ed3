"""Who is asked how satisfied they are: those who followed a work that was finished."""

from datetime import datetime

from sqlalchemy import Select, select

from civic.notifications.models import Follow
from civic.satisfaction.occasions import Occasion, register_occasion
from civic.tracker.models import Delivery
from civic.tracker.rules import SUCCEEDED


def _followers_of_finished(since: datetime, until: datetime) -> Select[int]:
    return (
        select(Follow.account_id)
        .join(Delivery, (Follow.subject_kind == "delivery") & (Follow.subject_id == Delivery.id))
        .where(Delivery.status.in_(sorted(SUCCEEDED)))
        .where(Delivery.status_since >= since, Delivery.status_since < until)
    )


def register() -> None:
    """Have them asked."""
    register_occasion(Occasion("delivery", _followers_of_finished))
