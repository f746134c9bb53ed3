"""The home page: what is on now, what can I do today, what became of what was decided."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, g, render_template, request

from civic import clock, i18n
from civic.design import design_context
from civic.home.city_map import city_map
from civic.home.hero import make_hero
from civic.navigation import render_panels
from civic.policy import public
from civic.rounds import queries, rules

blueprint = Blueprint("home", __name__)

AREAS = ("now", "today", "became", "news")
#: A stranger's home page is the same for all strangers: it is made once in so many seconds.
KEEP_SECONDS = 10


@blueprint.get("/")
@public
def index() -> str:
    """Made of the round that is on and of the panels that features offer."""
    now = clock.now()
    kept: dict[str, tuple[datetime, str]] = current_app.extensions["civic_home_pages"]
    language = i18n.choose_language()
    stranger = _is_stranger()
    if stranger and language in kept and now < kept[language][0]:
        return kept[language][1]
    context = page_context(now)
    html = render_template("home/index.html", **context)
    seconds = current_app.config["HOME_KEEP_SECONDS"]
    if stranger and seconds and "csrf_token" not in html:
        until = now + timedelta(seconds=seconds)
        # Never past the moment at which a phase begins or ends.
        coming = rules.next_deadline(context["round"].phases, now) if context["round"] else None
        kept[language] = (min(until, coming.at) if coming else until, html)
    return html


def _is_stranger() -> bool:
    """Nobody signed in, nothing remembered but the language, nothing asked for."""
    return not g.actor.is_authenticated and not set(request.cookies) - {i18n.COOKIE} and not request.args


def page_context(now: datetime) -> dict[str, Any]:
    """What the home page is made of."""
    round_ = queries.current_round(now)
    shared = {"round": round_, "now": now, "actor": g.actor}
    return {
        "round": round_,
        "hero": make_hero(round_, g.actor, now),
        "map": city_map(g.actor.neighbourhood_id),
        "areas": {area: render_panels(current_app, f"home.{area}", shared) for area in AREAS},
    }


@blueprint.get("/design")
@public
def design() -> str:
    """Every component with sample data."""
    return render_template("design.html", **design_context())
