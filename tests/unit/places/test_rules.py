"""Short names and the map's form."""

import pytest

from civic.places.rules import feature, feature_collection, slug_of
from civic.text import fold


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Spații verzi", "spatii-verzi"),
        ("  Iancului / Mihai Bravu ", "iancului-mihai-bravu"),
        ("…", ""),
        ("Ă" * 80, "a" * 60),
    ],
)
def test_short_names(name: str, slug: str) -> None:
    assert slug_of(fold(name)) == slug


def test_a_place_without_a_shape_is_a_point_with_longitude_first() -> None:
    assert feature([], 44.45, 26.12, {})["geometry"] == {"type": "Point", "coordinates": [26.12, 44.45]}
    ring = [[26.1, 44.4], [26.2, 44.4], [26.2, 44.5], [26.1, 44.4]]
    drawn = feature_collection([feature([ring], 44.45, 26.12, {"name": "A"})])
    assert drawn["features"][0]["geometry"] == {"type": "Polygon", "coordinates": [ring]}
