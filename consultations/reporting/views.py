"""The page of the report, and the report as files."""

from flask import Blueprint, Response, g, render_template, stream_with_context

from civic import clock, tables
from civic.errors import NotFound
from civic.extensions import limiter
from civic.files.views import hand_out
from civic.page_cache import shared_by_strangers
from civic.policy import enforce, public
from consultations import policy as consultations
from consultations import queries
from consultations.models import Consultation
from consultations.reporting import file_queries, making, policy, presenters, workbook
from consultations.reporting.models import FORMATS

#: Downloads from one network; a library or a newsroom stays well below it.
PER_NETWORK = "60 per hour"

blueprint = Blueprint("reporting", __name__)


def _readable(consultation_id: int) -> Consultation:
    one = queries.get_consultation(consultation_id)
    if not consultations.can_read(g.actor, one):
        raise NotFound
    enforce(policy.can_read(g.actor, one, clock.now()))
    return one


@blueprint.get("/consultations/<int:consultation_id>/report")
@public
@shared_by_strangers
def show(consultation_id: int) -> str:
    """What was asked, who took part, what was answered, what changed."""
    one = _readable(consultation_id)
    return render_template("reporting/show.html", **presenters.page_context(one, clock.now()))


@blueprint.get("/consultations/<int:consultation_id>/report.csv")
@public
@limiter.limit(PER_NETWORK)
def matrix(consultation_id: int) -> Response:
    """Every contribution with every answer it was given, as a table that goes out while it is read."""
    one = _readable(consultation_id)
    lines = stream_with_context(tables.stream_csv(workbook.matrix_rows(one.id)))
    response = Response(lines, mimetype=tables.CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="C{one.id}-report.csv"'
    return response


@blueprint.get("/consultations/<int:consultation_id>/report-<language>.<ending>")
@public
@limiter.limit(PER_NETWORK)
def download(consultation_id: int, language: str, ending: str) -> Response:
    """The report as a file the worker made, unless a text was taken from the register since."""
    one = _readable(consultation_id)
    if ending not in FORMATS:
        raise NotFound
    found = file_queries.get_file(file_queries.of_consultation(one.id), language, ending)
    if not file_queries.offered(one.id, [found]):
        raise NotFound
    return hand_out(found.key, making.MEDIA[ending], found.size, f"C{one.id}-report-{language}.{ending}")
