"""What a purchase may be, and from which amount it is published. Plain values in and out."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

PROCEDURES = (
    "open", "restricted", "negotiated", "competitive_dialogue", "simplified", "direct", "framework", "other", "unknown",
)  # fmt: skip
CATEGORIES = ("goods", "services", "works")

MAX_MONEY = Decimal("999999999999.99")


def weight(net: Decimal | None, stated: Decimal | None, gross: Decimal | None) -> Decimal | None:
    """The amount a threshold is held against: without VAT where it is known, else as the source states it."""
    return net if net is not None else (stated if stated is not None else gross)


def agreed(amounts_after: Iterable[Decimal | None]) -> Decimal | None:
    """What a contract came to after its changes, in the order in which they were signed; None where none says it.

    >>> agreed([Decimal(5), Decimal(7), None]), agreed([None])
    (Decimal('7'), None)
    """
    told = [one for one in amounts_after if one is not None]
    return told[-1] if told else None


def threshold_on(day: date, thresholds: Iterable[tuple[date, Decimal]]) -> Decimal:
    """The threshold in force on a day; before the first everything is published."""
    past = [(since, amount) for since, amount in thresholds if since <= day]
    return max(past)[1] if past else Decimal(0)


def day_of(signed_on: date | None, year: int) -> date:
    """The day whose threshold counts: of the contract, else the last of its year."""
    return signed_on or date(year, 12, 31)


def is_published(
    amount: Decimal | None, currency: str, day: date, thresholds: Iterable[tuple[date, Decimal]]
) -> bool:
    """Whether a purchase stands in the public register. What is not known hides nothing."""
    return amount is None or currency != "RON" or amount >= threshold_on(day, thresholds)


def amounts_problem(net: Decimal | None, gross: Decimal | None) -> bool:
    """Whether the amount with VAT is below the one without."""
    return net is not None and gross is not None and gross < net
