"""Which days may be written down anywhere, in a form or in a table: a day outside is a mistyped one. Plain values."""

from datetime import date

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


def is_likely(day: date) -> bool:
    """Whether anything of a city may carry this day.

    >>> is_likely(date(1900, 1, 1)), is_likely(date(2101, 1, 1)), is_likely(date(24, 5, 6))
    (True, False, False)
    """
    return FIRST <= day <= LAST
