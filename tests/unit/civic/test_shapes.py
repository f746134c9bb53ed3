"""The drawn neighbourhoods: what a cell promises about its own point and about its neighbours."""

import math
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.places import shapes

BUCHAREST = shapes.Plane(26.13, 44.45)
RADIUS, ROUNDING = 1100, 500


def city(cells):
    """Keys to positions in degrees, from (column, row) on a 400-metre grid about Bucharest."""
    return {f"p{i}": BUCHAREST.to_degrees((c * 400, r * 400)) for i, (c, r) in enumerate(cells)}


#: Up to nine different places in a square of four kilometres, none nearer than 400 metres to another.
cities = st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1, max_size=9, unique=True).map(
    city
)


def metres(a, b):
    return math.dist(BUCHAREST.to_plane(a), BUCHAREST.to_plane(b))


# --- the plane


@given(st.floats(26.0, 26.3), st.floats(44.3, 44.6))
def test_plane_and_back_is_the_same_place(lon, lat):
    assert BUCHAREST.to_degrees(BUCHAREST.to_plane((lon, lat))) == pytest.approx((lon, lat), abs=1e-12)


def test_a_degree_east_is_shorter_than_a_degree_north():
    east = BUCHAREST.to_plane((27.13, 44.45))[0]
    north = BUCHAREST.to_plane((26.13, 45.45))[1]
    assert east / north == pytest.approx(math.cos(math.radians(44.45)))
    assert north == pytest.approx(111_195, rel=1e-4)


def test_a_plane_needs_a_point():
    with pytest.raises(ValueError, match="at least one point"):
        shapes.Plane.about([])


# --- rings


def test_half_of_a_square():
    square = [(0, 0), (2, 0), (2, 2), (0, 2)]
    assert shapes.signed_area(shapes.clip_half_plane(square, (1, 0), (1, 0))) == pytest.approx(2)
    assert shapes.clip_half_plane(square, (-1, 0), (1, 0)) == []
    assert shapes.clip_half_plane(square, (3, 0), (1, 0)) == square


def test_area_and_centroid_of_an_l():
    ring = [(0, 0), (4, 0), (4, 2), (2, 2), (2, 4), (0, 4)]
    assert shapes.signed_area(ring) == 12
    assert shapes.signed_area(ring[::-1]) == -12
    assert shapes.centroid(ring) == pytest.approx((5 / 3, 5 / 3))
    assert shapes.centroid([(1, 1), (3, 1)]) == (2, 1)


def test_a_disc_is_nearly_as_large_as_its_circle():
    assert shapes.signed_area(shapes.disc((5, 5), 100)) == pytest.approx(math.pi * 100**2, rel=2e-3)


def test_nearer_than_refuses_two_points_in_one_place():
    with pytest.raises(ValueError, match="same place"):
        shapes.nearer_than([(0, 0), (1, 0), (0, 1)], (0.2, 0.2), [(0.2, 0.2)])


# --- the outline


def test_outline_fills_the_notch_between_two_discs_but_not_the_space_beyond():
    area = shapes.RoundedUnion([(-80, 0), (80, 0)], radius=100, rounding=60)
    notch = math.sqrt(100**2 - 80**2)
    assert area.covers((0, notch + 5))
    assert not area.covers((0, 100))
    assert area.covers((-80, 99.9))
    assert not area.covers((-80, 100.1))


def test_outline_leaves_distant_discs_apart():
    area = shapes.RoundedUnion([(0, 0), (500, 0)], radius=100, rounding=50)
    assert not area.covers((250, 0))
    assert area.covers((99.9, 0))
    assert not area.covers((100.1, 0))


def test_outline_keeps_every_disc_whole():
    rng = random.Random(7)
    centres = [(rng.uniform(0, 3000), rng.uniform(0, 3000)) for _ in range(8)]
    area = shapes.RoundedUnion(centres, radius=600, rounding=250)
    for x, y in centres:
        for corner in shapes.disc((x, y), 599.9):
            assert area.covers(corner)


# --- the cells


@settings(max_examples=12, deadline=None)
@given(cities, st.randoms(use_true_random=False))
def test_cells_hold_their_own_point_and_divide_the_city(points, rng):
    cells = shapes.neighbourhood_cells(points, RADIUS, ROUNDING)
    for key, point in points.items():
        assert [k for k, cell in cells.items() if shapes.contains(cell, point)] == [key]
    west, south, east, north = shapes.bounding_box(cells.values())
    for _ in range(60):
        at = (rng.uniform(west, east), rng.uniform(south, north))
        holders = [key for key, cell in cells.items() if shapes.contains(cell, at)]
        by_distance = sorted(points, key=lambda key: metres(points[key], at))
        nearest = metres(points[by_distance[0]], at)
        on_a_border = len(points) > 1 and metres(points[by_distance[1]], at) - nearest < 6
        if on_a_border:
            continue  # corners are rounded to five decimals, about a metre
        assert len(holders) <= 1
        assert not holders or holders == [by_distance[0]]
        if nearest < RADIUS - 5:
            assert holders, "within reach of a point every place belongs to somebody"
        if nearest > RADIUS + ROUNDING:
            assert not holders


@settings(max_examples=12, deadline=None)
@given(cities)
def test_cells_are_geojson_polygons(points):
    for cell in shapes.neighbourhood_cells(points, RADIUS, ROUNDING).values():
        assert cell["type"] == "Polygon"
        (ring,) = cell["coordinates"]
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert all(p != q for p, q in zip(ring, ring[1:], strict=False))
        assert all(round(v, 5) == v for p in ring for v in p)
        assert shapes.signed_area(shapes.outer_ring(cell)) > 0


def test_a_lone_point_gets_a_disc():
    (cell,) = shapes.neighbourhood_cells({"one": (26.13, 44.45)}, RADIUS, ROUNDING).values()
    for corner in shapes.outer_ring(cell):
        assert metres((26.13, 44.45), corner) == pytest.approx(RADIUS, abs=2)


def test_two_points_share_the_border_between_them():
    points = city([(0, 0), (2, 0)])
    cells = shapes.neighbourhood_cells(points, RADIUS, ROUNDING)
    corners = [set(shapes.outer_ring(cell)) for cell in cells.values()]
    shared = corners[0] & corners[1]
    assert len(shared) == 2
    for corner in shared:
        assert metres(points["p0"], corner) == pytest.approx(metres(points["p1"], corner), abs=2)


def test_points_in_one_place_are_refused():
    with pytest.raises(ValueError, match="same place"):
        shapes.neighbourhood_cells({"a": (26.1, 44.4), "b": (26.1, 44.4)}, RADIUS, ROUNDING)


# --- containment


SQUARE_WITH_HOLE = {
    "type": "Polygon",
    "coordinates": [
        [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]],
        [[1, 1], [1, 3], [3, 3], [3, 1], [1, 1]],
    ],
}


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((0.5, 0.5), True),
        ((2, 2), False),
        ((3.5, 2), True),
        ((-1, 2), False),
        ((5, 4), False),
        ((2, 5), False),
    ],
)
def test_contains_respects_holes(point, inside):
    assert shapes.contains(SQUARE_WITH_HOLE, point) is inside


def test_locate_names_the_shape_or_nothing():
    points = city([(0, 0), (4, 0)])
    cells = shapes.neighbourhood_cells(points, RADIUS, ROUNDING)
    assert shapes.locate(cells, points["p1"]) == "p1"
    assert shapes.locate(cells, (20.0, 40.0)) is None


def test_bounding_box_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no shapes"):
        shapes.bounding_box([])


# --- scattering


@settings(max_examples=20, deadline=None)
@given(cities, st.integers(0, 1000))
def test_scattered_positions_are_inside_and_repeatable(points, seed):
    cell = shapes.neighbourhood_cells(points, RADIUS, ROUNDING)["p0"]
    first = shapes.scatter(cell, 12, random.Random(seed))
    assert len(set(first)) == 12
    assert all(shapes.contains(cell, p) for p in first)
    assert first == shapes.scatter(cell, 12, random.Random(seed))
    assert first != shapes.scatter(cell, 12, random.Random(seed + 1))


def test_nothing_can_be_scattered_on_a_line():
    line = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]}
    with pytest.raises(ValueError, match="no inside"):
        shapes.scatter(line, 1, random.Random(1))


# --- drawing


def test_drawing_keeps_north_up_and_inside_the_box():
    points = city([(0, 0), (0, 5), (5, 0)])
    drawing = shapes.svg_map(shapes.neighbourhood_cells(points, RADIUS, ROUNDING), width=400, padding=10)
    by_key = {shape.key: shape for shape in drawing.shapes}
    assert list(by_key) == ["p0", "p1", "p2"]
    assert by_key["p1"].label_y < by_key["p0"].label_y
    assert by_key["p2"].label_x > by_key["p0"].label_x
    assert drawing.view_box == f"0 0 400 {drawing.height:g}"
    for shape in drawing.shapes:
        assert re.fullmatch(r"M-?[\d.]+ [\d.]+(L[\d.]+ [\d.]+){2,}Z", shape.d)
        numbers = [float(n) for n in re.findall(r"[\d.]+", shape.d)]
        assert min(numbers) >= 10
        assert max(numbers[0::2]) <= 390
        assert max(numbers[1::2]) <= drawing.height - 10 + 0.1


def test_drawing_is_to_scale_in_both_directions():
    (cell,) = shapes.neighbourhood_cells({"one": (26.13, 44.45)}, RADIUS, ROUNDING).values()
    drawing = shapes.svg_map({"one": cell}, width=400, padding=0)
    assert drawing.height == pytest.approx(400, rel=0.01)
