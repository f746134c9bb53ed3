"""A delivery in a frame of another site."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from civic import clock, numbers
from civic.embeds import Widget
from civic.errors import NotFound
from civic.format import day, money
from civic.notifications.compose import address_of
from civic.tracker import presenters, queries


def make(key: str, now: datetime) -> Widget:
    """What a frame shows of a delivery, by its number."""
    number = numbers.whole_number(key)
    if number is None:
        raise NotFound
    delivery, today = queries.get_delivery(number), clock.city_date(now)
    facts: list[tuple[Any, Any]] = []
    for words, amount in (
        (_("Approved budget"), delivery.budget),
        (_("Contracted"), delivery.contracted),
        (_("Paid so far"), delivery.spent),
    ):
        if amount is not None:
            facts.append((words, money(amount, delivery.currency)))
    if delivery.planned_end and not delivery.done_on:
        facts.append((_("Planned end"), day(delivery.planned_end)))
    share = delivery.budget and delivery.spent is not None
    return Widget(
        title=delivery.title,
        url=address_of("tracker.show", delivery_id=delivery.id),
        label=_("Delivery"),
        tag=presenters.tag(delivery, today),
        facts=tuple(facts),
        bar=(delivery.spent, delivery.budget, _("Paid of the budget: %(title)s", title=delivery.title))
        if share
        else None,
        notes=(
            presenters.standing_sentence(delivery),
            delivery.status_reason[:200],
            presenters.date_sentence(delivery, today) if delivery.done_on else "",
        ),
    )
