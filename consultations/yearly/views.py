"""The public pages: every year's report, one year, and the counts of civil society."""

from flask import Blueprint, Response, g, render_template

from civic import clock, tables
from civic.errors import NotFound
from civic.extensions import limiter
from civic.files.views import hand_out
from civic.page_cache import shared_by_strangers
from civic.policy import enforce, public
from consultations.reporting import file_queries
from consultations.reporting.making import MEDIA
from consultations.reporting.models import FORMATS
from consultations.reporting.views import PER_NETWORK
from consultations.yearly import policy, presenters, queries

blueprint = Blueprint("yearly", __name__, url_prefix="/transparency")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every year that has a report."""
    return render_template("yearly/index.html", reports=queries.list_reports(published=True))


@blueprint.get("/civil-society")
@public
@shared_by_strangers
def society() -> str:
    """Consultations with civil society and with minorities, by year."""
    return render_template("yearly/society.html", **presenters.society_context(clock.now()))


@blueprint.get("/<int:year>")
@public
@shared_by_strangers
def show(year: int) -> str:
    """The report of one year, as it was published."""
    report = queries.find_report(year)
    if report is None:
        raise NotFound
    enforce(policy.can_read(g.actor, report))
    return render_template(
        "yearly/show.html", **presenters.page_context(report, year, preview=report.published_at is None)
    )


@blueprint.get("/<int:year>.csv")
@public
@limiter.limit(PER_NETWORK)
def table(year: int) -> Response:
    """The same as a table."""
    context = presenters.report_context(queries.get_published(year), year)
    response = Response("".join(tables.stream_csv(presenters.table_rows(context))), mimetype=tables.CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="transparency-{year}.csv"'
    return response


@blueprint.get("/<int:year>-<language>.<ending>")
@public
@limiter.limit(PER_NETWORK)
def download(year: int, language: str, ending: str) -> Response:
    """The same as a file the worker made."""
    queries.get_published(year)
    if ending not in FORMATS:
        raise NotFound
    found = file_queries.get_file(file_queries.of_year(year), language, ending)
    return hand_out(found.key, MEDIA[ending], found.size, f"transparency-{year}-{language}.{ending}")
