"""Services in figures, a year at a time, beside the year before."""

from itertools import groupby

from flask import Blueprint, render_template, request

from civic import numbers
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.volumes import queries

blueprint = Blueprint("volumes", __name__, url_prefix="/services-in-figures")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The counts of a year by service."""
    years = queries.list_years()
    asked = numbers.whole_number(request.args.get("year"), 9999)
    year = asked if asked in years else next(iter(years), None)
    before = queries.counts_of(year - 1) if year is not None else {}
    rows = queries.list_volumes(year) if year is not None else []
    groups = [(name, list(found)) for name, found in groupby(rows, key=lambda one: one.department)]
    return render_template("volumes/index.html", years=years, year=year, groups=groups, before=before)
