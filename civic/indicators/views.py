"""The public pages of indicators, and their values as a file."""

from flask import Blueprint, Response, render_template, request

from civic import clock, tables
from civic.extensions import limiter
from civic.indicators import labels, presenters, queries
from civic.indicators.models import ORIGINS
from civic.page_cache import shared_by_strangers
from civic.policy import public

#: Files asked for from one network.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")


def chosen_origin() -> str:
    """Whose indicators the address asks for; the platform's own unless it names others."""
    asked = request.args.get("of", "")
    return asked if asked in ORIGINS else ORIGINS[0]


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """What the city measures, with the last value of each beside its target."""
    origin = chosen_origin()
    return render_template(
        "indicators/index.html",
        origin=origin,
        origins=labels.ORIGINS,
        groups=presenters.groups(queries.list_indicators(origin)),
        computed_at=queries.last_computed(),
    )


@blueprint.get("/<code>")
@public
@shared_by_strangers
def show(code: str) -> str:
    """One indicator over the years and the months."""
    today = clock.city_date(clock.now())
    return render_template("indicators/show.html", **presenters.page(queries.get_indicator(code), today))


@blueprint.get("/<code>/values.csv")
@public
@limiter.limit(PER_NETWORK)
def table(code: str) -> Response:
    """Its values as a table."""
    one = queries.get_indicator(code)
    rows = presenters.csv_rows(one, clock.city_date(clock.now()))
    response = Response("".join(tables.stream_csv(rows)), mimetype=tables.CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="indicator-{one.code}.csv"'
    return response
