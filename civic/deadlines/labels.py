"""Deadlines in words."""

from flask_babel import lazy_gettext as _l

from civic.deadlines import queries
from civic.deadlines.models import DeadlineVersion
from civic.deadlines.rules import Basis, Unit
from civic.format import ngettext

UNITS = {Unit.WORKING: _l("working days"), Unit.CALENDAR: _l("calendar days"), Unit.HOURS: _l("hours")}
BASES = {Basis.LAW: _l("law"), Basis.HOUSE: _l("the house's own rule")}


def length(version: DeadlineVersion) -> str:
    """How long it is: "5 working days"."""
    if version.unit == Unit.WORKING:
        return ngettext("%(num)s working day", "%(num)s working days", version.days)
    if version.unit == Unit.HOURS:
        return ngettext("%(num)s hour", "%(num)s hours", version.days)
    return ngettext("%(num)s calendar day", "%(num)s calendar days", version.days)


def within(version: DeadlineVersion) -> str:
    """How long at most and by what rule, to stand inside a sentence."""
    if version.unit == Unit.WORKING:
        return ngettext(
            "within %(num)s working day, under %(source)s",
            "within %(num)s working days, under %(source)s",
            version.days,
            source=version.source,
        )
    if version.unit == Unit.HOURS:
        return ngettext(
            "within %(num)s hour, under %(source)s",
            "within %(num)s hours, under %(source)s",
            version.days,
            source=version.source,
        )
    return ngettext(
        "within %(num)s day, under %(source)s",
        "within %(num)s days, under %(source)s",
        version.days,
        source=version.source,
    )


def within_key(key: str) -> str:
    """The deadline in force, as `within` says it; for cases that have not begun."""
    return within(queries.current_by_key()[key])
