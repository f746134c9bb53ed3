"""The public pages of periodic reports: the list, a report, its former editions, its measures, and the same as data."""

from flask import Blueprint, Response, render_template

from civic import clock, numbers, tables
from civic.extensions import limiter
from civic.files.views import hand_out
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.reports import changes, data, labels, presenters, queries
from civic.reports.models import ReportEdition

#: Files asked for from one network.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("reports", __name__, url_prefix="/reports")


def pages(total: int) -> tuple[int, int]:
    """The page the address asks for, and how many there are."""
    last = max(1, -(-total // queries.PAGE))
    return min(numbers.page_number(), last), last


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every published report, the newest period first."""
    page, last = pages(queries.count_published())
    reports = queries.list_published((page - 1) * queries.PAGE, queries.PAGE)
    return render_template(
        "reports/index.html",
        reports=reports,
        editions=queries.current_editions(reports),
        title_of=labels.title_of,
        page=page,
        pages=last,
    )


@blueprint.get("/measures")
@public
@shared_by_strangers
def measures() -> str:
    """What reports promised to do, and where each promise is."""
    today = clock.city_date(clock.now())
    return render_template(
        "reports/measures.html",
        rows=presenters.measure_rows(queries.list_promises(), today),
        labels=labels,
    )


def _page(code: str, number: int | None) -> str:
    edition = queries.get_edition(code, number)
    context = presenters.edition_context(edition, clock.city_date(clock.now()))
    return render_template("reports/show.html", **context, changes=_changes(edition))


def _changes(edition: ReportEdition) -> list[changes.Change]:
    """What a correction changed against the edition before it."""
    before = queries.find_edition(edition.report_id, edition.number - 1)
    if before is None:
        return []
    return changes.changes(before.content, data.lines_of(before), edition.content, data.lines_of(edition))


@blueprint.get("/<code>")
@public
@shared_by_strangers
def show(code: str) -> str:
    """A report, in the edition that counts."""
    return _page(code, None)


@blueprint.get("/<code>/editions/<int:number>")
@public
@shared_by_strangers
def edition(code: str, number: int) -> str:
    """An edition as it was signed, whether it counts or was corrected since."""
    return _page(code, number)


def _named(response: Response, code: str, number: int, ending: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="report-{code}-{number}.{ending}"'
    return response


@blueprint.get("/<code>/editions/<int:number>.csv")
@public
@limiter.limit(PER_NETWORK)
def table(code: str, number: int) -> Response:
    """The indicators of an edition as a table."""
    rows = data.table_rows(queries.get_edition(code, number))
    return _named(Response("".join(tables.stream_csv(rows)), mimetype=tables.CSV), code, number, "csv")


@blueprint.get("/<code>/editions/<int:number>.json")
@public
@limiter.limit(PER_NETWORK)
def whole(code: str, number: int) -> Response:
    """An edition whole, as it was signed: its SHA-256 can be computed from it."""
    body = data.json_of(queries.get_edition(code, number))
    return _named(Response(body, mimetype="application/json"), code, number, "json")


@blueprint.get("/<code>/editions/<int:number>-<language>.pdf")
@public
@limiter.limit(PER_NETWORK)
def printed(code: str, number: int, language: str) -> Response:
    """The file the worker made of an edition."""
    found = queries.get_file(queries.get_edition(code, number).id, language)
    return hand_out(found.key, "application/pdf", found.size, f"report-{code}-{number}-{language}.pdf")
