"""The public pages of the monthly report on moderation, and its files."""

from datetime import date

from flask import Blueprint, Response, jsonify, render_template

from civic import clock, tables
from civic.errors import NotFound
from civic.extensions import limiter
from civic.moderation.transparency import presenters, queries
from civic.moderation.transparency.models import ModerationMonth
from civic.moderation.transparency.rules import first_of_month, next_month
from civic.page_cache import shared_by_strangers
from civic.policy import public

#: Files asked for from one network.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("moderation_months", __name__, url_prefix="/transparency/moderation")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every published month, and when the next one comes."""
    current = first_of_month(clock.city_date(clock.now()))
    return render_template(
        "transparency/index.html",
        months=queries.list_months(),
        name_of=presenters.name_of,
        current=current,
        after=next_month(current),
    )


def _found(year: int, month: int) -> ModerationMonth:
    if not (1 <= month <= 12 and 2000 <= year <= 9999):
        raise NotFound
    return queries.get_month(date(year, month, 1))


@blueprint.get("/<int:year>/<int:month>")
@public
@shared_by_strangers
def show(year: int, month: int) -> str:
    """One month."""
    one = _found(year, month)
    return render_template(
        "transparency/show.html",
        one=one,
        name=presenters.name_of(one.month),
        summary=presenters.summary(one.figures),
        parts=presenters.parts(one.figures),
    )


@blueprint.get("/<int:year>/<int:month>.csv")
@public
@limiter.limit(PER_NETWORK)
def table(year: int, month: int) -> Response:
    """The same as a table."""
    one = _found(year, month)
    response = Response("".join(tables.stream_csv(presenters.csv_rows(one))), mimetype=tables.CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="moderation-{one.month:%Y-%m}.csv"'
    return response


@blueprint.get("/<int:year>/<int:month>.json")
@public
@limiter.limit(PER_NETWORK)
def data(year: int, month: int) -> Response:
    """The same for programs."""
    return jsonify(presenters.as_json(_found(year, month)))
