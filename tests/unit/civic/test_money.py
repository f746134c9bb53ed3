"""Amounts as people type them, in either language."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.money import read_money, read_optional, write_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.500.000", "1500000.00"), ("1 500 000", "1500000.00"), ("1500000", "1500000.00"), ("1.500,50", "1500.50"),
        ("99,5", "99.50"), ("99.50 lei", "99.50"), ("1,500.25", "1500.25"), ("400.000 RON", "400000.00"), ("0", "0.00"),
        ("54,000", "54000.00"), ("54.000", "54000.00"), ("12.500", "12500.00"), ("12500,50", "12500.50"),
        ("12\u00a0500 LEI", "12500.00"), ("12\u202f500,5 lei.", "12500.50"), ("1.060.000,5 RON", "1060000.50"),
        ("007", "7.00"), ("999999999999.99", "999999999999.99"),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, amount: str) -> None:
    assert str(read_money(text)) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", "mult", "1.5.000", "-5", "1e6", "12,345,6", "12,500,00", "1.500.00", "12.5000", "٣", "١٢", "NaN", "1..000",
        "5,", "1.500,000.5", "1.500 000", "lei", "9" * 30, "1000000000000",
    ],
)  # fmt: skip
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        read_money(text)


def test_nothing_typed_is_no_amount() -> None:
    assert read_optional(None) is None
    assert read_optional(" \u00a0 ") is None
    assert read_optional("2.000") == 2000


@given(st.decimals(0, 10**11, places=2))
def test_an_amount_comes_back_as_it_was(amount: Decimal) -> None:
    assert read_money(write_money(amount)) == amount
    assert read_money(f"{amount:,.2f}") == amount
