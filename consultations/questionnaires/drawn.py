"""An area drawn on a map: read from GeoJSON with limits, and which neighbourhoods it touches. Plain values only."""

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from civic.places.shapes import Plane, Point, Polygon, Ring, contains, outer_ring, polygon, signed_area

#: Corners of a drawn area, its surface in square metres, and the length of its GeoJSON.
MOST_CORNERS = 100
LEAST_SURFACE, MOST_SURFACE = 100.0, 2_000_000_000.0
MOST_LENGTH = 10_000


class NotDrawn(ValueError):
    """What was sent is no area. `code` says why: text, kind, corners, place, crossing, surface."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(text: str) -> Polygon:
    """A GeoJSON Polygon (alone or in a Feature) of one ring, rounded to a metre, closed. Raises NotDrawn."""
    if len(text) > MOST_LENGTH:
        raise NotDrawn("corners")
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotDrawn("text") from error
    if isinstance(raw, Mapping) and raw.get("type") == "Feature":
        raw = raw.get("geometry")
    rings = raw.get("coordinates") if isinstance(raw, Mapping) and raw.get("type") == "Polygon" else None
    if not isinstance(rings, list) or len(rings) != 1 or not isinstance(rings[0], list):
        raise NotDrawn("kind")
    return _checked(rings[0])


def _checked(raw: Sequence[Any]) -> Polygon:
    if len(raw) > MOST_CORNERS + 1:
        raise NotDrawn("corners")
    ring = [_corner(one) for one in raw]
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(set(ring)) < 3:
        raise NotDrawn("corners")
    shape = polygon(ring)
    kept = outer_ring(shape)
    if len(kept) < 3:
        raise NotDrawn("corners")
    plane = Plane.about(kept)
    flat = [plane.to_plane(corner) for corner in kept]
    if _crosses(flat):
        raise NotDrawn("crossing")
    if not LEAST_SURFACE <= abs(signed_area(flat)) <= MOST_SURFACE:
        raise NotDrawn("surface")
    return shape


def _corner(raw: Any) -> Point:
    if not isinstance(raw, list) or len(raw) < 2 or any(isinstance(one, bool) for one in raw[:2]):
        raise NotDrawn("place")
    lon, lat = raw[0], raw[1]
    if not all(isinstance(one, int | float) and math.isfinite(one) for one in (lon, lat)):
        raise NotDrawn("place")
    if abs(lon) > 180 or abs(lat) > 85:
        raise NotDrawn("place")
    return float(lon), float(lat)


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cut(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two lines cross inside both."""
    return (_side(a, b, c) > 0) != (_side(a, b, d) > 0) and (_side(c, d, a) > 0) != (_side(c, d, b) > 0)


def _crosses(ring: Ring) -> bool:
    edges = list(itertools.pairwise([*ring, ring[0]]))
    last = len(edges) - 1
    return any(
        _cut(*edges[at], *edges[other])
        for at in range(len(edges))
        for other in range(at + 2, len(edges))
        if not (at == 0 and other == last)
    )


def touches(shape: Polygon, area: Polygon) -> bool:
    """Whether a drawn area lies, wholly or in part, in a neighbourhood."""
    drawn, ring = outer_ring(shape), outer_ring(area)
    if any(contains(area, corner) for corner in drawn) or any(contains(shape, corner) for corner in ring):
        return True
    return any(
        _cut(*one, *other)
        for one in itertools.pairwise([*drawn, drawn[0]])
        for other in itertools.pairwise([*ring, ring[0]])
    )
