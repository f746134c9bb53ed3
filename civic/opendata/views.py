"""The addresses of the open data: read-only JSON for machines, and two pages that explain it to people."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from civic import clock
from civic.errors import TITLES, DomainError, Invalid, NotFound
from civic.extensions import limiter
from civic.files.views import hand_out
from civic.opendata import bulk, dcat, document, geo
from civic.opendata.models import ENDINGS
from civic.opendata.resources import (
    MOST,
    PAGE,
    Resource,
    get_item,
    get_resource,
    page_of,
    read_number,
    resources,
)
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.text import romanian_sort_key

#: Requests from one network: five pages a second.
PER_NETWORK = "300 per minute"

MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl", "geojson": geo.MEDIA_TYPE}

blueprint = Blueprint("opendata_api", __name__, url_prefix="/api/v1")
pages = Blueprint("opendata", __name__, url_prefix="/open-data")


# --- machines ----------------------------------------------------------------------------------------------


@blueprint.get("/openapi.json")
@public
@limiter.limit(PER_NETWORK)
def openapi() -> Response:
    """What there is and how to ask for it."""
    settings = current_app.config["SETTINGS"]
    return _json(document.openapi(settings.base_url.rstrip("/"), settings.city.platform_name, resources()))


@blueprint.get("/<name>")
@public
@limiter.limit(PER_NETWORK)
def index(name: str) -> Response:
    """A page of one kind of things."""
    items, links = _page(get_resource(name), name)
    return _json({"data": items, "links": links, "meta": _meta()})


@blueprint.get("/<name>.geojson")
@public
@limiter.limit(PER_NETWORK)
def on_map(name: str) -> Response:
    """The same page, of those of its things that have a point, for maps."""
    resource = get_resource(name)
    if not geo.is_located(resource):
        raise NotFound
    items, links = _page(resource, f"{name}.geojson")
    content = {
        "type": "FeatureCollection",
        "features": list(geo.features_of(items)),
        "links": links,
        "meta": _meta(),
    }
    return _json(content, mimetype=geo.MEDIA_TYPE)


def _page(resource: Resource, path: str) -> tuple[list[dict[str, Any]], dict[str, str | None]]:
    """The items the address asks for, and the addresses of this page and the next."""
    asked = _asked(resource)
    after = read_number(asked["after"], "after", least=0) if "after" in asked else 0
    size = read_number(asked["limit"], "limit") if "limit" in asked else PAGE
    if size > MOST:
        raise Invalid(f"limit: at most {MOST}")
    chosen = {one.name: one.read(asked[one.name]) for one in resource.narrowings if one.name in asked}
    items, last = page_of(resource, after, size, chosen, clock.now())
    following = _address(path, {**asked, "after": str(last)}) if last else None
    return items, {"self": _address(path, asked), "next": following}


@blueprint.get("/<name>/<number>")
@public
@limiter.limit(PER_NETWORK)
def show(name: str, number: str) -> Response:
    """One thing."""
    resource = get_resource(name)
    if request.args:
        raise Invalid(f"{next(iter(request.args))}: no such parameter")
    return _json({"data": get_item(resource, read_number(number, "number"), clock.now()), "meta": _meta()})


@blueprint.get("/<name>/<number>/<path:rest>")
@public
def nothing(name: str, number: str, rest: str) -> Response:
    """Whatever lies deeper: nothing does."""
    raise NotFound


def _asked(resource: Resource) -> dict[str, str]:
    """The parameters of the address; Invalid when one is unknown or said twice."""
    known = {"after", "limit", *(one.name for one in resource.narrowings)}
    for name, values in request.args.lists():
        if name not in known:
            raise Invalid(f"{name[:50]}: no such parameter; there are {', '.join(sorted(known))}")
        if len(values) > 1:
            raise Invalid(f"{name}: said twice")
    return request.args.to_dict()


def _address(name: str, asked: dict[str, str]) -> str:
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    return f"{base}/api/v1/{name}" + (f"?{urlencode(asked)}" if asked else "")


def _meta() -> dict[str, str]:
    settings = current_app.config["SETTINGS"]
    return {
        "licence": document.LICENCE["name"],
        "licence_url": document.LICENCE["url"],
        "source": f"{settings.city.authority}, {settings.city.platform_name}",
        "source_url": settings.base_url.rstrip("/") + "/",
    }


def _json(content: dict[str, Any], status: int = 200, mimetype: str = "application/json") -> Response:
    response = Response(json.dumps(content, ensure_ascii=False), status, mimetype=mimetype)
    if status == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


@blueprint.after_request
def open_to_all(response: Response) -> Response:
    """Pages of other sites may read what is public; nothing here depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    return response


def problem(status: int, detail: str) -> Response:
    """A refusal a program can read (RFC 9457), from pages of other sites too."""
    title = str(TITLES.get(status, TITLES[400]))
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail or title}
    return open_to_all(_json(content, status, "application/problem+json"))


@blueprint.errorhandler(DomainError)
def refused(error: DomainError) -> Response:
    """What our own rules refuse."""
    return problem(400 if isinstance(error, Invalid) else error.status, str(error.message))


@blueprint.errorhandler(HTTPException)
def failed(error: HTTPException) -> Response:
    """What the house refuses: too many requests."""
    response = problem(error.code or 500, str(error.description or ""))
    if getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    return response


# --- people ------------------------------------------------------------------------------------------------


@pages.get("")
@public
@shared_by_strangers
def index_page() -> str:
    """What is published, under which licence and where."""
    return render_template(
        "opendata/index.html",
        resources=sorted(resources(), key=lambda one: romanian_sort_key(str(one.title))),
        files=bulk.list_files(),
        broken=bulk.list_broken(),
        endings=ENDINGS,
        licence=document.LICENCE,
    )


@pages.get("/catalogue.jsonld")
@public
@shared_by_strangers
def catalogue() -> Response:
    """The catalogue of everything published, for portals of open data (DCAT-AP)."""
    settings = current_app.config["SETTINGS"]
    content = dcat.catalogue(
        settings.base_url.rstrip("/"), settings.city, resources(), bulk.list_files(), document.LICENCE["url"]
    )
    return _json(content, mimetype="application/ld+json")


@pages.get("/<name>.<ending>")
@public
def download(name: str, ending: str) -> Response:
    """One kind whole, as the worker last wrote it."""
    file = bulk.find_file(get_resource(name).name, ending)
    if file is None:  # another ending, or not written yet
        raise NotFound
    if file.sha256 in request.if_none_match:
        response = Response(status=304)
    else:
        response = hand_out(file.key, MEDIA_TYPES[ending], file.size, f"{name}.{ending}")
    response.set_etag(file.sha256)
    del response.headers["Cache-Control"]  # the house says how long, as of every page
    return response


@pages.get("/<name>")
@public
@shared_by_strangers
def dictionary(name: str) -> str:
    """The data dictionary of one kind: every field in words."""
    return render_template("opendata/dictionary.html", resource=get_resource(name), kinds=_kinds(), most=MOST)


def _kinds() -> dict[str, str]:
    return {
        "text": _("text"),
        "number": _("whole number"),
        "coordinate": _("degrees"),
        "yes_no": _("yes or no"),
        "money": _("amount with two decimals"),
        "decimal": _("number with decimals"),
        "day": _("day, year-month-day"),
        "moment": _("moment, UTC"),
        "address": _("web address"),
        "several": _("none, one or several of these"),
        "numbers": _("none, one or several whole numbers"),
    }
