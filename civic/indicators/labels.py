"""The words of indicators: units, standings, where a value comes from."""

from decimal import Decimal
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.format import exact_percent, language, number
from civic.indicators import registry
from civic.indicators.models import Indicator
from civic.indicators.periods import Period

UNITS = {
    "number": _l("a number"),
    "people": _l("people"),
    "percent": _l("per cent"),
    "days": _l("days"),
    "score": _l("points from 1 to 5"),
    "yes_no": _l("yes or no"),
}
#: Units of imported definitions that are one of ours.
_SAME = {"%": "percent", "număr": "number", "zile": "days", "da/nu": "yes_no", "punctaj 1–5": "score"}

STANDINGS = {
    "reached": _l("target reached"),
    "below": _l("target not reached"),
    "unknown": _l("no value yet"),
    "none": _l("no target"),
}
TONES = {"reached": "green", "below": "rose", "unknown": "grey", "none": "grey"}

SOURCES = {
    "computed": _l("computed from the platform's data"),
    "entered": _l("entered by hand"),
    "imported": _l("brought in from a table"),
}
MISSING = {
    "no_data": _l("not known: there is nothing to compute it from"),
    "too_few": _l("not told: fewer than ten people"),
}
TRENDS = {"up": _l("rising"), "down": _l("falling"), "same": _l("unchanged"), "": ""}
BETTER = {
    "up": _l("a greater value is better"),
    "down": _l("a smaller value is better"),
    "": _l("neither is better"),
}
ORIGINS = {
    "platform": _l("The platform's own"),
    "strategy": _l("Of strategies"),
    "project": _l("Of projects"),
}


def unit_of(indicator: Indicator) -> str:
    """What its values are counted in: a code of `UNITS`, or the words of its source."""
    known = registry.find_computed(indicator.computation or indicator.code)
    return known.unit if known else _SAME.get(indicator.unit, indicator.unit)


def told(value: Decimal | None, unit: str) -> str:
    """A value as readers write it, with its unit."""
    if value is None:
        return "–"
    shown = number(value.normalize() if value % 1 else value.quantize(Decimal(1)))
    if unit == "percent":
        return exact_percent(value / 100)
    if unit == "yes_no":
        return _("yes") if value else _("no")
    if unit == "days":
        return _("%(number)s days", number=shown)
    return shown if unit in UNITS or not unit else f"{shown} {unit}"


def plain(value: Decimal | None) -> str | None:
    """A value for programs, without noughts at its end.

    >>> plain(Decimal("30.6000")), plain(Decimal("300"))
    ('30.6', '300')
    """
    return None if value is None else f"{value.normalize():f}"


def name_of(indicator: Indicator) -> str:
    """Its name in the reader's language, where there is one."""
    known = registry.find_computed(indicator.code)
    if indicator.origin == "platform" and known:
        return str(known.name)
    return (indicator.name_en if language() == "en" else "") or indicator.name or indicator.code


def how_of(indicator: Indicator) -> str:
    """How it is computed, in words: those of the computation tied to it, else those of its source."""
    known = registry.find_computed(indicator.computation or indicator.code)
    if known:
        return str(known.how)
    return (indicator.how_en if language() == "en" else "") or indicator.how


def promised_of(indicator: Indicator) -> str:
    """What the source itself says about computing it, where a computation stands for it."""
    return (
        ((indicator.how_en if language() == "en" else "") or indicator.how) if indicator.computation else ""
    )


def period_name(period: Period) -> str:
    """A month with its year, or the year."""
    return format_date(period.first, "LLLL y") if period.kind == "month" else str(period.first.year)


def month_name(month: int) -> str:
    """A month without a year."""
    from datetime import date

    return format_date(date(2000, month, 1), "LLLL")


def standing_words(standing: str, *, running: bool = False) -> Any:
    """The words and the tone of a standing; what runs may still get there."""
    if standing == "below" and running:
        return _("not reached yet"), "sand"
    return STANDINGS[standing], TONES[standing]


#: what the platform's own indicators are about, by the family of their codes
_SUBJECTS = {
    **dict.fromkeys(("K1", "K2", "K3", "K8"), _l("Who takes part")),
    **dict.fromkeys(("K4", "K5"), _l("Debates, civil society and minorities")),
    **dict.fromkeys(("K6", "K7"), _l("How the city hall answers")),
    **dict.fromkeys(("K9", "K10"), _l("Works and training")),
    "K11": _l("Visits of this site"),
    "B7": _l("Projects of participatory budgeting"),
}


def subject_of(code: str) -> str:
    """What one of the platform's own indicators is about; empty for a code of no known family."""
    return str(_SUBJECTS.get(code.partition("-")[0], ""))
