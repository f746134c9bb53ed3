"""Visits as indicators: of the whole site, and of each of its parts."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from civic.indicators.periods import Span
from civic.indicators.registry import NO_DATA, Computed, Figure, count, register_indicator
from civic.visits import queries
from civic.visits.labels import SERVICE_NAMES
from civic.visits.rules import ORDER


def _visits(span: Span, name: str | None = None) -> Figure:
    number = queries.count_visits(span.period.first, span.through + timedelta(days=1), name)
    return NO_DATA if number is None else count(number)


def _of(name: str, position: int) -> Computed:
    return Computed(
        f"K11-{name}", "K11", _l("Visits: %(part)s", part=SERVICE_NAMES[name]),
        _l("Pages of this part of the site opened from elsewhere in the period. Programs that say they are one are left out; days that were not counted are missing."),
        "number", lambda span: _visits(span, name), position=position,
    )  # fmt: skip


def register() -> None:
    """Offer them."""
    register_indicator(
        Computed(
            "K11", "K11", _l("Visits of the site"),
            _l("Pages opened in the period from another site, from another part of this one or by typing the address. Programs that say they are one are left out; days that were not counted are missing."),
            "number", _visits, position=110,
        ),
        *(_of(name, 111 + place) for place, name in enumerate(ORDER)),
    )  # fmt: skip
