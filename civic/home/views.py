"""The home page: what is on now, what can I do today, what became of what was decided."""

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, g, render_template

from civic import clock
from civic.design import design_context
from civic.home.city_map import city_map
from civic.home.hero import make_hero
from civic.navigation import render_panels
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.rounds import queries

blueprint = Blueprint("home", __name__)

AREAS = ("now", "today", "became", "news")


@blueprint.get("/")
@public
@shared_by_strangers
def index() -> str:
    """Made of the round that is on and of the panels that features offer."""
    return render_template("home/index.html", **page_context(clock.now()))


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
