"""How money, dates and numbers are written for readers. Never used to store or compute anything."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel.numbers import format_percent
from flask_babel import LazyString, format_date, format_decimal, get_domain, get_locale, to_user_timezone
from flask_babel import gettext as _

NO_BREAK = "\u00a0"


def money(amount: Decimal | int, currency: str = "RON") -> str:
    """`1.060.000 lei`: whole amounts without decimals, others with two; the currency after the number."""
    value = Decimal(amount)
    whole = value == value.to_integral_value()
    number = format_decimal(value, "#,##0" if whole else "#,##0.00")
    return f"{number}{NO_BREAK}{currency_name(currency)}"


def currency_name(currency: str) -> str:
    """What stands after an amount or beside its field: `lei`, else the currency's code."""
    return "lei" if currency == "RON" else currency


def number(value: Decimal | int | float) -> str:
    """A number with the language's separators."""
    return format_decimal(value)


def ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> str:
    """A sentence about a count, in its plural form. `%(num)s` is the count as readers write it: `12.345`."""
    variables.setdefault("num", count(num))
    return get_domain().get_translations().ungettext(singular, plural, num) % variables


def lazy_ngettext(singular: str, plural: str, num: int, /, **variables: Any) -> Any:
    """`ngettext` in the language of whoever reads it."""
    return LazyString(ngettext, singular, plural, num, **variables)


def count(value: int) -> str:
    """A whole number with the language's separators; a small one, which has none, at no cost."""
    return str(value) if -1000 < value < 1000 else format_decimal(value)


def percent(share: float | Decimal) -> str:
    """A share between 0 and 1 as a whole percentage: `86 %`, in English `86%`.

    Nearly all is not all, and a few are not none.
    """
    whole = round(float(share) * 100)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return exact_percent(Decimal(whole) / 100)


def exact_percent(share: Decimal) -> str:
    """A share as it was set, `79,5 %` included: a rule is not rounded."""
    return format_percent(share, locale=get_locale() or "ro", decimal_quantization=False)


def day(value: date | datetime) -> str:
    """`12 martie 2027`, on the city's calendar."""
    if isinstance(value, datetime):
        value = to_user_timezone(value).date()
    return format_date(value, "d MMMM yyyy")


def moment(value: datetime) -> str:
    """`12 martie 2027, ora 23:59`, on the city's clock."""
    local = to_user_timezone(value)
    return _("%(day)s, at %(time)s", day=format_date(local.date(), "d MMMM yyyy"), time=f"{local:%H:%M}")


def opening(value: datetime) -> str:
    """When something begins: the day alone when it begins with it, `12 martie 2027`, else its hour too."""
    local = to_user_timezone(value)
    return day(value) if (local.hour, local.minute) == (0, 0) else moment(value)


def deadline(value: datetime) -> str:
    """When something ends, with its weekday: `vineri, 12 martie 2027, ora 23:59`.

    An end at midnight is told as the last minute before it: nobody comes at 0:00 of the next day.
    """
    local = to_user_timezone(value)
    if (local.hour, local.minute) == (0, 0):
        local -= timedelta(minutes=1)
    return _(
        "%(day)s, at %(time)s", day=format_date(local.date(), "EEEE, d MMMM yyyy"), time=f"{local:%H:%M}"
    )


def remaining(until: datetime, now: datetime) -> str:
    """How long is left, in the unit that matters: days, then hours, then minutes."""
    seconds = max(0, int((until - now).total_seconds()))
    if seconds >= 2 * 86400:
        return ngettext("%(num)s day left", "%(num)s days left", seconds // 86400)
    if seconds >= 2 * 3600:
        return ngettext("%(num)s hour left", "%(num)s hours left", seconds // 3600)
    return ngettext("%(num)s minute left", "%(num)s minutes left", max(1, seconds // 60))


def file_size(size: int) -> str:
    """Bytes as kB or MB, one decimal from 1 MB on."""
    if size < 1_000_000:
        return f"{format_decimal(max(1, round(size / 1000)))}{NO_BREAK}kB"
    return f"{format_decimal(round(size / 1_000_000, 1))}{NO_BREAK}MB"


def language() -> str:
    """The reader's language code."""
    return str(get_locale() or "ro")


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "currency": currency_name,
    "number": number,
    "percent": percent,
    "date": day,
    "datetime": moment,
    "deadline": deadline,
    "opening": opening,
    "file_size": file_size,
}
