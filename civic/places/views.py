"""The city's neighbourhoods, for everyone."""

from collections.abc import Iterable

from flask import Blueprint, Response, current_app, g, jsonify, render_template, url_for
from flask_babel import gettext as _

from civic.links import Link
from civic.navigation import panels
from civic.page_cache import shared_by_strangers
from civic.places import queries
from civic.places.models import Neighbourhood
from civic.places.rules import feature, feature_collection
from civic.policy import public

blueprint = Blueprint("places", __name__)


def _url(place: Neighbourhood) -> str:
    return url_for("places.neighbourhood", slug=place.slug)


def resolve(ids: Iterable[int]) -> dict[int, Link]:
    """Neighbourhoods as they are named elsewhere."""
    wanted = set(ids)
    return {
        place.id: Link("neighbourhood", place.id, place.name, _url(place), _("Neighbourhood"))
        for place in queries.list_neighbourhoods()
        if place.id in wanted
    }


@blueprint.get("/neighbourhoods")
@public
@shared_by_strangers
def index() -> str:
    """All neighbourhoods, as a map and as the same list."""
    places = queries.list_neighbourhoods()
    settings = current_app.config["SETTINGS"]
    return render_template(
        "places/index.html",
        places=places,
        items=[{"title": place.name, "url": _url(place), "place": place} for place in places],
        centre=settings.city.centre,
        tile_url=settings.tile_url,
    )


@blueprint.get("/neighbourhoods.json")
@public
@shared_by_strangers
def shapes() -> Response:
    """The neighbourhoods as GeoJSON, for maps."""
    response = jsonify(
        feature_collection(
            feature(place.shape, place.latitude, place.longitude, {"name": place.name, "url": _url(place)})
            for place in queries.list_neighbourhoods()
        )
    )
    response.cache_control.public = True
    response.cache_control.max_age = 3600
    return response


@blueprint.get("/neighbourhoods/<slug>")
@public
@shared_by_strangers
def neighbourhood(slug: str) -> str:
    """One neighbourhood and what every feature has to say about it."""
    place = queries.get_neighbourhood(slug)
    settings = current_app.config["SETTINGS"]
    return render_template(
        "places/neighbourhood.html",
        place=place,
        own=g.actor.neighbourhood_id == place.id,
        panels=panels(current_app, "neighbourhood", {"neighbourhood": place, "actor": g.actor}),
        tile_url=settings.tile_url,
    )
