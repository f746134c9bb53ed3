"""Visits by month, for anybody."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import format_date

from civic import clock, numbers
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.visits import queries
from civic.visits.labels import SERVICE_NAMES
from civic.visits.rules import ORDER

#: Visits, pages, pages for programs.
Sums = tuple[int, int, int]

blueprint = Blueprint("visits", __name__, url_prefix="/visits")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """A year by month, up to yesterday, of the whole site or of one part; and its parts beside one another."""
    rows = queries.by_month(clock.city_date(clock.now()))
    years = sorted({row[0].year for row in rows}, reverse=True)
    asked = numbers.whole_number(request.args.get("year"), 9999)
    year = asked if asked in years else next(iter(years), None)
    part = request.args.get("part") if request.args.get("part") in SERVICE_NAMES else None
    months: dict[date, Sums] = {}
    parts: dict[str, Sums] = {}
    for month, name, *counts in rows:
        if month.year == year:
            _add(parts, name, counts)
            if part in (None, name):
                _add(months, month, counts)
    return render_template(
        "visits/index.html", years=years, year=year, part=part, months=dict(sorted(months.items())),
        parts={name: parts[name] for name in ORDER if name in parts}, names=SERVICE_NAMES,
        name_of=lambda month: format_date(month, "LLLL y"),
    )  # fmt: skip


def _add(sums: dict[Any, Sums], key: Any, counts: list[int]) -> None:
    before = sums.get(key, (0, 0, 0))
    sums[key] = (before[0] + counts[0], before[1] + counts[1], before[2] + counts[2])
