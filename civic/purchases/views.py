"""What everyone reads about purchases, as pages and as data."""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, current_app, render_template, request, stream_with_context, url_for

from civic import clock, numbers, tables
from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.purchases import ocds, presenters, queries
from civic.purchases.models import Purchase

blueprint = Blueprint("purchases", __name__, url_prefix="/purchases")

#: The table's first line; machines read it, so it is in one language.
COLUMNS = (
    "id", "title", "procedure", "categories", "amount", "amount_without_vat", "amount_with_vat", "currency", "year",
    "signed_on", "supplier", "supplier_code", "contract_number", "buyer", "project", "amendments", "note", "source", "url",
)  # fmt: skip


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The register of purchases above the threshold."""
    return render_template("purchases/index.html", **presenters.list_context("purchases.index"))


@blueprint.get("/<int:purchase_id>")
@public
@shared_by_strangers
def show(purchase_id: int) -> str:
    """One purchase: what, from whom, for how much, for which work, and how the contract changed."""
    return render_template("purchases/show.html", **presenters.public_context(_published(purchase_id)))


def _published(purchase_id: int) -> Purchase:
    purchase = queries.get_purchase(purchase_id)
    if not purchase.published:
        raise NotFound
    return purchase


@blueprint.get("/purchases.csv")
@public
def table() -> Response:
    """The register as a table, with the filters of the page it is taken from; written as it is read."""
    rows = _lines(queries.stream_published(presenters.read_filters()))
    response = Response(stream_with_context(tables.stream_csv(rows)), mimetype=tables.CSV)
    response.headers["Content-Disposition"] = 'attachment; filename="purchases.csv"'
    return response


def _lines(purchases: Iterable[Purchase]) -> Iterator[list[tables.Cell]]:
    site = current_app.config["SETTINGS"].base_url.rstrip("/")
    yield list(COLUMNS)
    for one in purchases:
        yield [
            one.id, one.title, one.procedure, ";".join(one.categories), one.amount, one.amount_net, one.amount_gross,
            one.currency, one.year, one.signed_on.isoformat() if one.signed_on else None, one.supplier,
            one.supplier_code, one.contract_number, one.buyer, one.project, len(one.amendments), one.note,
            one.source_reference, f"{site}/purchases/{one.id}",
        ]  # fmt: skip


@blueprint.get("/ocds/<any(releases, records):kind>.json")
@public
def package(kind: str) -> Response:
    """Every published purchase as open contracting data, written as it is read; `year` narrows it."""
    year = numbers.whole_number(request.args.get("year"), 9999)
    pieces = stream_with_context(_pieces(kind, queries.stream_published(queries.Filters(year=year))))
    return _json(pieces, f"{kind}-{year}.json" if year else f"{kind}.json")


@blueprint.get("/<int:purchase_id>/ocds.json")
@public
def record(purchase_id: int) -> Response:
    """One purchase as a record."""
    purchase = _published(purchase_id)
    # Written whole before the answer leaves: afterwards the purchase belongs to no session.
    whole = "".join(_pieces("records", [purchase]))
    return _json(whole, f"record-{purchase.id}.json")


def _pieces(kind: str, purchases: Iterable[Purchase]) -> Iterator[str]:
    site = current_app.config["SETTINGS"].base_url.rstrip("/")
    return ocds.stream(kind, purchases, site + url_for("purchases.package", kind=kind), clock.now())


def _json(body: str | Iterator[str], name: str) -> Response:
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
