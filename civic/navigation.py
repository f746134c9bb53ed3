"""Where features hang their links and panels, so that shared pages need not know them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g, render_template, request, url_for
from markupsafe import Markup

from civic.policy import Action, may

#: Sorts of actors (roles, address of the site) for whom links are remembered.
MOST_KINDS = 500


@dataclass(frozen=True)
class NavLink:
    """A link of the header, the footer, the pages about money and works (`track`) or the staff area. `action` hides it from those it is not for."""

    label: object
    endpoint: str
    position: int = 50
    action: Action | None = None
    values: dict[str, Any] = field(default_factory=dict)
    #: endpoints beginning with one of these make the link the current one; by default the link's blueprint
    prefix: str | tuple[str, ...] = ""


@dataclass(frozen=True)
class Panel:
    """A part of a shared page made by a feature: a template and what it is rendered with."""

    template: str
    context: dict[str, Any]
    position: int = 50

    @property
    def html(self) -> Markup:
        """The part as HTML, for the shared page: `{{ panel.html }}`."""
        return Markup(render_template(self.template, **self.context))  # noqa: S704 - rendered with autoescaping


#: Given the page's own context (for instance the neighbourhood), a panel or nothing.
PanelProvider = Callable[[dict[str, Any]], Panel | None]


def _registry(app: Flask) -> dict[str, list[Any]]:
    return app.extensions.setdefault("civic_navigation", {})


def add_link(app: Flask, area: str, link: NavLink) -> None:
    """Hang a link in `header`, `footer`, `track` or `staff`."""
    _registry(app).setdefault(area, []).append(link)
    _registry(app)[area].sort(key=lambda one: one.position)


def public_paths(app: Flask) -> list[str]:
    """Where the links lead that everybody sees, in order."""
    links = [link for area in ("header", "track", "footer") for link in _registry(app).get(area, [])]
    return [url_for(link.endpoint, **link.values) for link in links if link.action is None]


def add_panel(app: Flask, page: str, provider: PanelProvider) -> None:
    """Offer a panel for a shared page: `home.now`, `home.today`, `home.became`, `neighbourhood`, `round`,
    `proposal`, `delivery`, `organisation`, `delivery`, `decision`, `staff.home`, `account`, `desk` (`desk.unverified` for residents not verified yet),
    `verification.refused`."""
    _registry(app).setdefault(f"panel:{page}", []).append(provider)


def panels(app: Flask, page: str, context: dict[str, Any]) -> list[Panel]:
    """The panels of a page, in order."""
    made = (provider(context) for provider in _registry(app).get(f"panel:{page}", []))
    return sorted((panel for panel in made if panel is not None), key=lambda panel: panel.position)


def render_panels(app: Flask, page: str, context: dict[str, Any]) -> list[Markup]:
    """The panels of a page as HTML, in order. What every template knows is gathered once for all of them."""
    made = panels(app, page, context)
    if not made:
        return []
    shared: dict[str, Any] = {}
    for processor in app.template_context_processors[None]:
        shared.update(app.ensure_sync(processor)())
    environment = app.jinja_env
    return [
        Markup(environment.get_template(panel.template).render({**shared, **panel.context}))  # noqa: S704 - our templates escape
        for panel in made
    ]


class Links(list[dict[str, Any]]):
    """The links of an area as a page shows them; `key` is equal where they are."""

    key: tuple[Any, ...] = ()


def _open_to(app: Flask, area: str) -> list[tuple[object, str, str | tuple[str, ...]]]:
    """Label, address and prefix of the links the actor may follow, looked up once for each kind of actor."""
    kept: dict[tuple[Any, ...], list[tuple[object, str, str | tuple[str, ...]]]] = app.extensions.setdefault(
        "civic_open_links", {}
    )
    links = _registry(app).get(area, [])
    key = (area, len(links), g.actor.is_authenticated, g.actor.roles, request.script_root)
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KINDS:
            kept.clear()
        found = kept[key] = [
            (
                link.label,
                url_for(link.endpoint, **link.values),
                link.prefix or link.endpoint.rsplit(".", 1)[0] + ".",
            )
            for link in links
            if link.action is None or may(g.actor, link.action)
        ]
    return found


def _visible(app: Flask, area: str) -> Links:
    endpoint = request.endpoint or ""
    links = Links()
    for label, url, prefix in _open_to(app, area):
        current = ("page" if request.path == url else "true") if endpoint.startswith(prefix) else ""
        links.append({"label": label, "url": url, "current": current})
    links.key = tuple((link["url"], link["current"]) for link in links)
    return links


def init_app(app: Flask) -> None:
    """Give templates the links the actor may see."""

    @app.context_processor
    def navigation() -> dict[str, Any]:
        return {
            "nav_links": _visible(app, "header"),
            "footer_links": _visible(app, "footer"),
            "track_links": _visible(app, "track"),
            "staff_links": _visible(app, "staff") if g.actor.roles else Links(),
        }
