"""Amounts of money as people type them: read in any of the ways they write them, and written back.

Whichever the page's language, a point or a comma before exactly three digits groups thousands, and before one or
two it is the decimal mark: nobody's `54,000` becomes fifty-four lei.
"""

import re
from decimal import Decimal

#: Digits before the decimal mark of the largest amount kept.
MOST_DIGITS = 12

_GROUPED = re.compile(r"\d{1,3}([., ])\d{3}(\1\d{3})*", re.ASCII)
_DECIMALS = re.compile(r"(.*\d)([.,])(\d{1,2})", re.ASCII)


def read_money(typed: str) -> Decimal:
    """`1.500.000`, `1 500 000,50`, `1,500,000 lei` or `1500000.5 RON` as an amount in whole bani.

    Raises ValueError for anything else, an empty text among them.
    """
    text = re.sub(r"\s+", " ", typed).strip().casefold()
    text = re.sub(r"\s*(lei|ron)\.?$", "", text)
    whole, mark, cents = text, "", "0"
    if found := _DECIMALS.fullmatch(text):
        whole, mark, cents = found.groups()
    if not (re.fullmatch(r"[0-9]+", whole) or _GROUPED.fullmatch(whole)) or (mark and mark in whole):
        raise ValueError(f"no amount: {typed[:40]!r}")
    digits = re.sub(r"[^0-9]", "", whole).lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        raise ValueError("an amount beyond what is kept")
    return Decimal(f"{digits}.{cents}").quantize(Decimal("0.01"))


def read_optional(typed: str | None) -> Decimal | None:
    """The amount, or None where nothing was typed. Raises ValueError as `read_money` does."""
    text = (typed or "").strip()
    return read_money(text) if text else None


def write_money(amount: Decimal | None) -> str:
    """The amount as people type it, with points between thousands; empty where there is none.

    >>> write_money(Decimal("1060000.50")), write_money(Decimal(540)), write_money(None)
    ('1.060.000,50', '540', '')
    """
    if amount is None:
        return ""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,")).removesuffix(",00")
