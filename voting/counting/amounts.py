"""Amounts of money: decimals in, exact integers inside, decimal strings out."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

#: NUMERIC(14,2): no amount the platform stores reaches this.
LARGEST_AMOUNT = Decimal(10) ** 12

#: How files and command lines write a number.
NUMBER = re.compile(r"[0-9]{1,30}([.,][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")


def units_per_currency(amounts: Iterable[Decimal]) -> int:
    """The smallest power of ten that turns every one of `amounts` into an integer."""
    decimals = 0
    for amount in amounts:
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int):
            raise ValueError(f"{amount} is not an amount")
        decimals = max(decimals, -exponent)
    return int(10**decimals)


def to_units(amount: Decimal, scale: int) -> int:
    """`amount` in units of 1/`scale`; `scale` must come from `units_per_currency`."""
    units = Fraction(amount) * scale
    if units.denominator != 1:
        raise ValueError(f"{amount} is not a whole number of 1/{scale}")
    return units.numerator


def amount_string(amount: Decimal | Fraction | int, places: int = 2) -> str:
    """The amount as a decimal string, without exponent and without idle zeros.

    An amount that has no finite decimal form (a share of money in equal shares) is rounded down to `places`:
    nobody is shown money that is not there.
    """
    exact = Fraction(amount)
    rest, twos, fives = exact.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    digits = max(twos, fives) if rest == 1 else places
    scaled = exact.numerator * 10**digits // exact.denominator
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, part = divmod(scaled, 10**digits)
    tail = f"{part:0{digits}d}".rstrip("0") if digits else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def ratio_string(value: Fraction | int) -> str:
    """An exact rational as `numerator/denominator`, or the integer alone."""
    return str(Fraction(value))


def parse_amount(text: str) -> Decimal:
    """A number from 0, with a decimal point or comma, or as tables write large ones (1e+06). Raises ValueError with
    the reason.

    A comma before exactly three digits is refused: it could separate thousands.
    """
    text = text.strip()
    if re.fullmatch(r"-[0-9.,]+", text):
        raise ValueError("negative")
    if not NUMBER.fullmatch(text):
        raise ValueError("not a number")
    if re.search(r",[0-9]{3}$", text):
        raise ValueError("ambiguous: a decimal comma or a thousands separator")
    amount = Decimal(text.replace(",", "."))
    if amount >= LARGEST_AMOUNT:
        raise ValueError("too large")
    return amount
