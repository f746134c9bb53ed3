"""From which amount a purchase is published, and on what day that is asked."""

from datetime import date
from decimal import Decimal

import pytest

from civic.purchases import rules

D = Decimal
LIMITS = [(date(2024, 1, 1), D("100")), (date(2025, 7, 1), D("500"))]


@pytest.mark.parametrize(
    ("amount", "currency", "day", "shown"),
    [
        (D("99.99"), "RON", date(2024, 1, 1), False),
        (D("100"), "RON", date(2024, 1, 1), True),
        (D("1"), "RON", date(2023, 12, 31), True),
        (D("499.99"), "RON", date(2025, 6, 30), True),
        (D("499.99"), "RON", date(2025, 7, 1), False),
        (None, "RON", date(2025, 7, 1), True),
        (D("1"), "EUR", date(2025, 7, 1), True),
    ],
)
def test_the_threshold_of_its_day_decides(
    amount: Decimal | None, currency: str, day: date, shown: bool
) -> None:
    assert rules.is_published(amount, currency, day, LIMITS) is shown


def test_the_amount_without_vat_counts_first() -> None:
    assert rules.weight(D("1"), D("2"), D("3")) == D("1")
    assert rules.weight(None, D("2"), D("3")) == D("2")
    assert rules.weight(None, None, D("3")) == D("3")
    assert rules.weight(None, None, None) is None


def test_the_day_is_the_contracts_else_the_last_of_the_year() -> None:
    assert rules.day_of(date(2024, 5, 1), 2024) == date(2024, 5, 1)
    assert rules.day_of(None, 2024) == date(2024, 12, 31)
