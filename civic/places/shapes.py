"""Plane geometry for a city drawn as neighbourhoods: cells, containment, outlines for a map.

A city rarely publishes the borders of its neighbourhoods, but everybody can point at their middle. From
those points alone this module draws approximate shapes: the Voronoi cell of each point (all places nearer
to it than to any other point), cut to a city outline made of discs about the points whose notches are
rounded off. The shapes are drawings for maps and for guessing a neighbourhood from a position; they have no
legal meaning.

Positions are ``(longitude, latitude)`` in degrees, as in GeoJSON. Work is done in metres on a plane that
touches the city, with longitudes shortened by cos(latitude): over a city the error is far below a metre per
kilometre. Shapes go out as GeoJSON ``Polygon`` objects: one closed outer ring, counter-clockwise (RFC 7946).
"""

import itertools
import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Point = tuple[float, float]
Ring = list[Point]
Polygon = dict[str, Any]

#: Metres in one degree of a great circle, for the mean radius of the Earth (6,371,008.8 m).
METRES_PER_DEGREE = 111_195.08

#: Degrees between two corners of a drawn arc: at one kilometre the chord misses the arc by 0.6 m.
ARC_STEP_DEGREES = 4


@dataclass(frozen=True)
class Plane:
    """A flat map in metres around one place; good for an area some tens of kilometres wide."""

    lon: float
    lat: float

    @classmethod
    def about(cls, points: Iterable[Point]) -> "Plane":
        """The plane centred on the mean of the points. Raises ValueError when there are none."""
        found = list(points)
        if not found:
            raise ValueError("a plane needs at least one point")
        return cls(sum(p[0] for p in found) / len(found), sum(p[1] for p in found) / len(found))

    @property
    def metres_per_lon(self) -> float:
        """Metres in one degree of longitude at this latitude."""
        return METRES_PER_DEGREE * math.cos(math.radians(self.lat))

    def to_plane(self, point: Point) -> Point:
        """Degrees to metres east and north of the centre."""
        return (point[0] - self.lon) * self.metres_per_lon, (point[1] - self.lat) * METRES_PER_DEGREE

    def to_degrees(self, xy: Point) -> Point:
        """Metres east and north of the centre to degrees."""
        return self.lon + xy[0] / self.metres_per_lon, self.lat + xy[1] / METRES_PER_DEGREE


# --- rings on the plane ----------------------------------------------------------------------------------


def disc(centre: Point, radius: float, step_degrees: float = ARC_STEP_DEGREES) -> Ring:
    """A circle as a ring of corners, counter-clockwise."""
    corners = round(360 / step_degrees)
    angles = (2 * math.pi * i / corners for i in range(corners))
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


def clip_half_plane(ring: Sequence[Point], on_line: Point, outward: Point) -> Ring:
    """The part of a convex ring that is not beyond the line through ``on_line`` with normal ``outward``.

    One step of Sutherland and Hodgman's clipping; an empty list when nothing is left.
    """
    side = [(p[0] - on_line[0]) * outward[0] + (p[1] - on_line[1]) * outward[1] for p in ring]
    kept: Ring = []
    for i, corner in enumerate(ring):
        before, at_before, at_corner = ring[i - 1], side[i - 1], side[i]
        if (at_before <= 0) != (at_corner <= 0):
            t = at_before / (at_before - at_corner)
            kept.append((before[0] + t * (corner[0] - before[0]), before[1] + t * (corner[1] - before[1])))
        if at_corner <= 0:
            kept.append(corner)
    return kept


def nearer_than(ring: Sequence[Point], own: Point, others: Iterable[Point]) -> Ring:
    """The part of a convex ring that is nearer to ``own`` than to any of the others (a Voronoi cell).

    Each other point cuts the ring along the perpendicular bisector between it and ``own``. Raises
    ValueError when another point lies on ``own``: neither would be nearer to anything.
    """
    cell = list(ring)
    for other in others:
        if other == own:
            raise ValueError("two points at the same place cannot have a cell each")
        middle = ((own[0] + other[0]) / 2, (own[1] + other[1]) / 2)
        cell = clip_half_plane(cell, middle, (other[0] - own[0], other[1] - own[1]))
    return cell


def signed_area(ring: Sequence[Point]) -> float:
    """Area of a ring by the shoelace formula; positive when it runs counter-clockwise."""
    return sum(ring[i - 1][0] * p[1] - p[0] * ring[i - 1][1] for i, p in enumerate(ring)) / 2


def centroid(ring: Sequence[Point]) -> Point:
    """Centre of gravity of a ring's surface, or the mean of its corners when it has no surface."""
    area = signed_area(ring)
    if abs(area) < 1e-12:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    x = y = 0.0
    for i, p in enumerate(ring):
        q = ring[i - 1]
        cross = q[0] * p[1] - p[0] * q[1]
        x += (q[0] + p[0]) * cross
        y += (q[1] + p[1]) * cross
    return x / (6 * area), y / (6 * area)


class RoundedUnion:
    """Discs about points, joined, with every notch and gap narrower than ``2 * rounding`` filled smoothly.

    This is the morphological closing of the union: what remains after growing every disc by ``rounding``
    and then taking a margin of ``rounding`` away from the outside. Growing joins what is close, the margin
    gives the outer arcs their radius back, and inward corners come out as arcs.
    """

    def __init__(self, centres: Sequence[Point], radius: float, rounding: float) -> None:
        self.centres = list(centres)
        self.rounding = rounding
        self.grown = radius + rounding
        self._corners = [x for x in self._crossings() if not self._is_inside_grown(x)]

    def covers(self, at: Point) -> bool:
        """Whether the place belongs to the area."""
        return self._is_inside_grown(at) and self._margin(at) >= self.rounding

    def _is_inside_grown(self, at: Point) -> bool:
        """Whether the place is strictly inside a grown disc (a hair is allowed for rounding)."""
        return any(math.dist(at, c) < self.grown - 1e-6 for c in self.centres)

    def _crossings(self) -> Iterable[Point]:
        """Every place where two grown circles cross."""
        for i, a in enumerate(self.centres):
            for b in self.centres[:i]:
                apart = math.dist(a, b)
                if 0 < apart < 2 * self.grown:
                    across = math.sqrt(self.grown**2 - (apart / 2) ** 2)
                    along = ((b[0] - a[0]) / apart, (b[1] - a[1]) / apart)
                    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
                    for sign in (1, -1):
                        yield middle[0] - sign * along[1] * across, middle[1] + sign * along[0] * across

    def _margin(self, at: Point) -> float:
        """Distance from a place inside the grown union to its edge.

        The nearest edge point is either a corner where two circles cross, or lies straight out from the
        centre of a circle through the place; no other point of an arc can be nearest.
        """
        margin = min((math.dist(at, corner) for corner in self._corners), default=math.inf)
        for c in self.centres:
            from_centre = math.dist(at, c)
            if from_centre > 0 and self.grown - from_centre < margin:
                stretch = self.grown / from_centre
                edge = (c[0] + (at[0] - c[0]) * stretch, c[1] + (at[1] - c[1]) * stretch)
                if not self._is_inside_grown(edge):
                    margin = min(margin, abs(self.grown - from_centre))
        return margin


def _last_covered(area: RoundedUnion, inside: Point, outside: Point) -> Point:
    """Where the straight way from a covered place to an uncovered one leaves the area, to a millimetre."""
    while math.dist(inside, outside) > 1e-3:
        middle = ((inside[0] + outside[0]) / 2, (inside[1] + outside[1]) / 2)
        if area.covers(middle):
            inside = middle
        else:
            outside = middle
    return inside


def _cut_to_area(cell: Ring, own: Point, area: RoundedUnion) -> Ring:
    """The part of a convex cell around its point that the area covers, as a ring seen from that point.

    Straight borders keep their exact corners and the exact places where the area's edge crosses them, so
    that neighbours fit; where the area ends before the cell, its edge is followed by bearings.
    """
    found: Ring = [corner for corner in cell if area.covers(corner)]
    pieces = 48
    for i, end in enumerate(cell):
        start = cell[i - 1]
        steps = [
            (start[0] + (end[0] - start[0]) * s / pieces, start[1] + (end[1] - start[1]) * s / pieces)
            for s in range(pieces + 1)
        ]
        for a, b in itertools.pairwise(steps):
            if area.covers(a) != area.covers(b):
                found.append(_last_covered(area, *((a, b) if area.covers(a) else (b, a))))
    for bearing in range(0, 360, ARC_STEP_DEGREES):
        angle = math.radians(bearing + 0.5)
        far = _exit_of_convex(cell, own, (math.cos(angle), math.sin(angle)))
        if not area.covers(far):
            found.append(_last_covered(area, own, far))
    return sorted(found, key=lambda p: math.atan2(p[1] - own[1], p[0] - own[0]))


def _exit_of_convex(ring: Ring, own: Point, direction: Point) -> Point:
    """Where a ray from a point inside a convex ring leaves it."""
    best = math.inf
    for i, q in enumerate(ring):
        p = ring[i - 1]
        edge = (q[0] - p[0], q[1] - p[1])
        cross = direction[0] * edge[1] - direction[1] * edge[0]
        if abs(cross) > 1e-12:
            t = ((p[0] - own[0]) * edge[1] - (p[1] - own[1]) * edge[0]) / cross
            if t > 0:
                best = min(best, t)
    return own[0] + direction[0] * best, own[1] + direction[1] * best


# --- shapes in degrees -----------------------------------------------------------------------------------


def polygon(ring: Iterable[Point], decimals: int = 5) -> Polygon:
    """A GeoJSON polygon from an open ring in degrees: rounded, without repeats, counter-clockwise, closed."""
    rounded: Ring = []
    for p in ring:
        corner = (round(p[0], decimals), round(p[1], decimals))
        if not rounded or corner != rounded[-1]:
            rounded.append(corner)
    if len(rounded) > 1 and rounded[0] == rounded[-1]:
        rounded.pop()
    if signed_area(rounded) < 0:
        rounded.reverse()
    return {"type": "Polygon", "coordinates": [[list(p) for p in (*rounded, rounded[0])]]}


def outer_ring(shape: Polygon) -> Ring:
    """The outer ring of a GeoJSON polygon, open (without the repeated last corner)."""
    return [(p[0], p[1]) for p in shape["coordinates"][0][:-1]]


def neighbourhood_cells(
    points: Mapping[str, Point], radius: float, rounding: float, decimals: int = 5
) -> dict[str, Polygon]:
    """Approximate shapes for places of which only the middle is known.

    ``points`` maps a key to a position in degrees. Each shape is the Voronoi cell of its point within the
    rounded union of discs of ``radius`` metres about all points; ``rounding`` (metres) is the radius given
    to inward corners. Interiors are disjoint and each shape holds its own point and no other.

    Raises ValueError when two keys share a position or there are no points.
    """
    plane = Plane.about(points.values())
    on_plane = {key: plane.to_plane(p) for key, p in points.items()}
    area = RoundedUnion(list(on_plane.values()), radius, rounding)
    shapes = {}
    for key, own in on_plane.items():
        # Whatever is covered lies within radius + rounding of its nearest point; a tenth more for the chords.
        window = disc(own, 1.1 * (radius + rounding))
        cell = nearer_than(window, own, (p for k, p in on_plane.items() if k != key))
        shapes[key] = polygon((plane.to_degrees(p) for p in _cut_to_area(cell, own, area)), decimals)
    return shapes


def contains(shape: Polygon, point: Point) -> bool:
    """Whether a position lies inside a polygon (even-odd rule, holes respected); its border may go either way."""
    inside = False
    for ring in shape["coordinates"]:
        for p, q in itertools.pairwise(ring):
            if (p[1] > point[1]) != (q[1] > point[1]):
                at = p[0] + (point[1] - p[1]) / (q[1] - p[1]) * (q[0] - p[0])
                if point[0] < at:
                    inside = not inside
    return inside


def locate(shapes: Mapping[str, Polygon], point: Point) -> str | None:
    """The key of the first shape that contains a position, or None when it is outside all of them."""
    return next((key for key, shape in shapes.items() if contains(shape, point)), None)


def bounding_box(shapes: Iterable[Polygon]) -> tuple[float, float, float, float]:
    """West, south, east, north of some polygons, in degrees. Raises ValueError when there are none."""
    corners = [p for shape in shapes for p in outer_ring(shape)]
    if not corners:
        raise ValueError("no shapes, no bounding box")
    lons, lats = [p[0] for p in corners], [p[1] for p in corners]
    return min(lons), min(lats), max(lons), max(lats)


def scatter(shape: Polygon, count: int, rng: random.Random, margin: float = 0.15) -> Ring:
    """``count`` positions spread at random inside a polygon, the same for the same generator state.

    Each is pulled towards the polygon's centre of gravity by the share ``margin``, so that none sits on a
    border. Meant for invented data that names a neighbourhood but no exact address. Raises ValueError for a
    polygon without surface.
    """
    if signed_area(outer_ring(shape)) == 0:
        raise ValueError("a polygon without surface has no inside")
    west, south, east, north = bounding_box([shape])
    middle = centroid(outer_ring(shape))
    found: Ring = []
    while len(found) < count:
        at = (rng.uniform(west, east), rng.uniform(south, north))
        pulled = (at[0] + (middle[0] - at[0]) * margin, at[1] + (middle[1] - at[1]) * margin)
        if contains(shape, at) and contains(shape, pulled):
            found.append(pulled)
    return found


# --- drawing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SvgShape:
    """One polygon drawn: the ``d`` of its path, and where a label or a mark belongs."""

    key: str
    d: str
    label_x: float
    label_y: float


@dataclass(frozen=True)
class SvgMap:
    """Polygons drawn to one scale: ``viewBox`` size and the shapes in the order given."""

    width: float
    height: float
    shapes: tuple[SvgShape, ...]

    @property
    def view_box(self) -> str:
        """The value of the ``viewBox`` attribute."""
        return f"0 0 {self.width:g} {self.height:g}"


def svg_map(shapes: Mapping[str, Polygon], width: float = 420, padding: float = 4) -> SvgMap:
    """Polygons in degrees as SVG paths, north up, ``width`` units wide with ``padding`` units around.

    The height follows from the city's proportions. Coordinates carry one decimal. Only presentation-free
    geometry comes out: colours and strokes belong to the stylesheet.
    """
    west, south, east, north = bounding_box(shapes.values())
    plane = Plane((west + east) / 2, (south + north) / 2)
    left, bottom = plane.to_plane((west, south))
    right, top = plane.to_plane((east, north))
    scale = (width - 2 * padding) / (right - left)

    def on_paper(point: Point) -> Point:
        x, y = plane.to_plane(point)
        return round((x - left) * scale + padding, 1), round((top - y) * scale + padding, 1)

    drawn = []
    for key, shape in shapes.items():
        ring = [on_paper(p) for p in outer_ring(shape)]
        corners = [p for i, p in enumerate(ring) if p != ring[i - 1]]
        label = on_paper(centroid(outer_ring(shape)))
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "Z"
        drawn.append(SvgShape(key, path, *label))
    return SvgMap(width, round((top - bottom) * scale + 2 * padding, 1), tuple(drawn))
