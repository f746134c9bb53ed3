"""How a value stands against what was promised, and which way it goes. Plain values only."""

from decimal import Decimal


def standing(value: Decimal | None, target: Decimal | None, better: str = "up") -> str:
    """One word of `STANDINGS`.

    >>> standing(Decimal(40), Decimal(35)), standing(Decimal(40), Decimal(35), "down"), standing(None, Decimal(1))
    ('reached', 'below', 'unknown')
    """
    if target is None or not better:
        return "none"
    if value is None:
        return "unknown"
    reached = value >= target if better == "up" else value <= target
    return "reached" if reached else "below"


def trend(value: Decimal | None, before: Decimal | None) -> str:
    """Which way a value went: "up", "down", "same", or "" when there is nothing to compare."""
    if value is None or before is None:
        return ""
    return "same" if value == before else "up" if value > before else "down"


STANDINGS = ("reached", "below", "unknown", "none")
