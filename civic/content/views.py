"""Pages, news, and the small files that browsers and search engines ask for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, g, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from civic import clock, i18n, numbers
from civic.content import queries, rules, sitemap
from civic.content.labels import PAGE_TITLES
from civic.content.models import NewsItem
from civic.errors import NotFound
from civic.files.models import StoredFile
from civic.links import Link
from civic.navigation import Panel, public_paths
from civic.notifications.compose import address_of
from civic.policy import Action, may, public

blueprint = Blueprint("content", __name__)

Answer = TypeVar("Answer", bound=BaseResponse)
#: More parts than a section can have.
MOST_PARTS = 100_000


def words_of(texts: dict[str, Any]) -> rules.Text:
    """The text in the reader's language, or in the city's first."""
    return rules.choose_text(texts, i18n.choose_language(), current_app.config["SETTINGS"].city.languages)


def resolve_pages(ids: Iterable[int]) -> dict[int, Link]:
    """Pages of the city's own words as they are named elsewhere."""
    return {
        stored.id: Link(
            "page",
            stored.id,
            words_of(version.texts).title,
            url_for("content.page", slug=stored.slug),
            _("Page"),
        )
        for stored, version in queries.list_pages_by_id(ids)
    }


def resolve_news(ids: Iterable[int]) -> dict[int, Link]:
    """News that is out as it is named elsewhere."""
    return {
        item.id: Link(
            "news",
            item.id,
            words_of(item.texts).title,
            url_for("content.news_show", news_id=item.id),
            _("News"),
        )
        for item in queries.list_news_by_id(ids, clock.now())
    }


@blueprint.get("/pages/<slug>")
@public
def page(slug: str) -> str:
    """A page of the city's own words."""
    found = queries.find_page(slug)
    if found is None:
        if slug not in PAGE_TITLES:
            raise NotFound
        return render_template("content/unwritten.html", title=PAGE_TITLES[slug], slug=slug)
    stored, version = found
    return render_template(
        "content/page.html", slug=slug, text=words_of(version.texts), changed_at=stored.changed_at
    )


# Each known page has a short address of its own; the long one leads to it.
for _slug in rules.KNOWN_SLUGS:
    blueprint.add_url_rule(f"/{_slug}", "page", page, defaults={"slug": _slug})


def news_item(item: NewsItem, image: StoredFile | None) -> dict[str, Any]:
    """A piece of news as templates show it."""
    return {
        "id": item.id,
        "text": words_of(item.texts),
        "at": item.published_at,
        "image": image,
        "item": item,
    }


@blueprint.get("/news")
@public
def news() -> str:
    """What is new, newest first."""
    now, size = clock.now(), queries.NEWS_SIZE
    total = queries.count_news(now)
    pages = max(1, -(-total // size))
    number = min(numbers.page_number(), pages)
    items = [news_item(*row) for row in queries.list_news(now, number)]
    return render_template("content/news.html", items=items, total=total, page=number, pages=pages)


@blueprint.get("/news/<int:news_id>")
@public
def news_show(news_id: int) -> str:
    """One piece of news. A draft is for those who may edit it."""
    item = queries.get_news(news_id)
    draft = item.published_at is None or item.published_at > clock.now()
    if draft and not may(g.actor, Action.EDIT_CONTENT):
        raise NotFound
    return render_template("content/news_show.html", news=_with_image(item), draft=draft)


def _with_image(item: NewsItem) -> dict[str, Any]:
    from civic.files.queries import list_files

    image = list_files([item.image_id]).get(item.image_id) if item.image_id else None
    return news_item(item, image)


@blueprint.get("/news.atom")
@public
def feed() -> Response:
    """The news for feed readers."""
    items = [news_item(*row) for row in queries.list_news(clock.now(), 1, 30)]
    body = render_template(
        "content/news.atom.xml",
        items=items,
        updated=max(
            (one["item"].changed_at for one in items), default=datetime(2000, 1, 1, tzinfo=clock.CITY_ZONE)
        ),
        site=address_of("content.news"),
        own=address_of("content.feed"),
        address=lambda news_id: address_of("content.news_show", news_id=news_id),
    )
    response = Response(body, content_type="application/atom+xml; charset=utf-8")
    response.vary.add("Cookie")  # the language
    return _cached(response, 300)


def _asset(name: str) -> str:
    return str(current_app.jinja_env.globals["asset_url"](name))  # type: ignore[operator]


def _icon() -> str:
    """The address of the site's picture among the built assets."""
    return _asset("img/favicon.svg")


def _cached(response: Answer, seconds: int) -> Answer:
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """What robots may read: everything but the staff's area and people's own pages."""
    lines = ["User-agent: *", "Disallow: /staff", "Disallow: /account", "Disallow: /follows", "",
             f"Sitemap: {address_of('content.sitemap_index')}", ""]  # fmt: skip
    return _cached(Response("\n".join(lines), mimetype="text/plain"), 3600)


@blueprint.get("/sitemap.xml")
@public
def sitemap_index() -> Response:
    """The index: one entry for each page of each section."""
    addresses = [
        address_of("content.sitemap_page", name=section.name, number=number)
        for section in sitemap.sections(current_app).values()
        for number in section.parts()
    ]
    return _xml("content/sitemap_index.xml", addresses=addresses)


@blueprint.get("/sitemap-<name>-<int:number>.xml")
@public
def sitemap_page(name: str, number: int) -> Response:
    """One page of a section."""
    section = sitemap.sections(current_app).get(name)
    entries = section.page(number) if section is not None and 0 < number <= MOST_PARTS else []
    if not entries:
        raise NotFound
    base = current_app.config["SETTINGS"].base_url
    return _xml("content/sitemap_page.xml", entries=[(base + path, at) for path, at in entries])


def _xml(template: str, **context: Any) -> Response:
    return _cached(Response(render_template(template, **context), mimetype="application/xml"), 3600)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """What a phone needs to keep the site on its first screen."""
    city = current_app.config["SETTINGS"].city
    response = jsonify(
        {
            "name": city.platform_name,
            "short_name": city.short_name or city.platform_name,
            "lang": city.languages[0],
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": "#0b4f55",
            "background_color": "#fffdf8",
            "icons": [
                {"src": _icon(), "sizes": "any", "type": "image/svg+xml"},
                *(
                    {
                        "src": _asset(f"img/icon-{size}.png"),
                        "sizes": f"{size}x{size}",
                        "type": "image/png",
                        "purpose": "any maskable",
                    }
                    for size in (192, 512)
                ),
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    return _cached(response, 3600)


@blueprint.get("/favicon.ico")
@public
def favicon() -> BaseResponse:
    """For those who ask at the old address."""
    return _cached(redirect(_icon(), code=302), 86400)


def home_panel(_context: dict[str, Any]) -> Panel | None:
    """The latest three, on the home page."""
    items = [news_item(*row) for row in queries.list_news(clock.now(), 1, 3)]
    return Panel("content/_home_panel.html", {"items": items}, position=50) if items else None


def pages_section() -> sitemap.Section:
    """Home, lists and the city's own pages."""

    def entries() -> list[sitemap.Entry]:
        stored = {row[0].slug: row[0].changed_at for row in queries.list_pages()}
        slugs = [*rules.KNOWN_SLUGS, *(slug for slug in stored if slug not in rules.KNOWN_SLUGS)]
        made: dict[str, datetime | None] = dict.fromkeys(["/", *public_paths(current_app)])
        return list((made | {url_for("content.page", slug=slug): stored.get(slug) for slug in slugs}).items())

    return sitemap.listed("pages", entries)


def news_section() -> sitemap.Section:
    """Published news."""

    return sitemap.numbered(
        "news",
        lambda: queries.list_changes(clock.now()),
        lambda row: url_for("content.news_show", news_id=row.id),
    )
