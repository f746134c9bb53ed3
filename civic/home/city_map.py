"""The city drawn as its neighbourhoods, kept ready in memory until a neighbourhood changes."""

from collections import OrderedDict
from threading import Lock

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy import BigInteger, Text, cast, func, literal_column, select

from civic.extensions import db
from civic.places.models import Neighbourhood
from civic.places.shapes import svg_map

#: Drawings kept: one for each neighbourhood somebody calls their own, and the one of everybody else.
KEPT = 200


class Drawings:
    """The last drawings made, by version of the data and by the neighbourhood that is marked."""

    def __init__(self) -> None:
        self._made: OrderedDict[tuple[object, ...], Markup] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> Markup | None:
        """The drawing, if it is still valid."""
        return self._made.get(key)

    def put(self, key: tuple[object, ...], drawing: Markup) -> None:
        """Keep a drawing and forget the oldest ones."""
        with self._lock:
            self._made[key] = drawing
            while len(self._made) > KEPT:
                self._made.popitem(last=False)


def init_app(app: Flask) -> None:
    """Give the application its drawings."""
    app.extensions["civic_city_map"] = Drawings()


def _version() -> tuple[object, ...]:
    """Changes with every change of a neighbourhood: how many there are, and who wrote last."""
    # xmin is the transaction that wrote the row: newer for every insert and every update.
    written = cast(cast(literal_column("neighbourhood.xmin"), Text), BigInteger)
    row = db.session.execute(
        select(func.count(), func.max(written), func.sum(written)).select_from(Neighbourhood)
    ).one()
    return tuple(row)


def city_map(own_id: int | None) -> Markup | None:
    """The map as SVG, the reader's own neighbourhood marked and named; None when there are no shapes."""
    drawings: Drawings = current_app.extensions["civic_city_map"]
    key = (*_version(), own_id)
    drawing = drawings.get(key)
    if drawing is None:
        drawing = _draw(own_id)
        drawings.put(key, drawing)
    return drawing or None


def _draw(own_id: int | None) -> Markup:
    places = db.session.execute(
        select(Neighbourhood.id, Neighbourhood.name, Neighbourhood.shape).order_by(Neighbourhood.id)
    ).all()
    shapes = {
        str(place.id): {"type": "Polygon", "coordinates": place.shape} for place in places if place.shape
    }
    if not shapes:
        return Markup("")
    drawn = svg_map(shapes)
    names = {str(place.id): place.name for place in places}
    parts = [
        Markup('<svg class="hero__map" viewBox="{}" aria-hidden="true" focusable="false">').format(
            drawn.view_box
        )
    ]
    # The marked one last, so that its border lies over its neighbours'.
    for shape in sorted(drawn.shapes, key=lambda one: one.key == str(own_id)):
        own = shape.key == str(own_id)
        parts.append(Markup('<path{} d="{}"/>').format(Markup(' class="hot"') if own else "", shape.d))
        if own:
            parts.append(
                Markup('<text class="hero__here" x="{:g}" y="{:g}" text-anchor="middle">{}</text>').format(
                    shape.label_x, shape.label_y, names[shape.key]
                )
            )
    parts.append(Markup("</svg>"))
    return Markup("").join(parts)
