"""Short names for addresses, and the map's form of a neighbourhood. Pure functions."""

import re
from collections.abc import Iterable
from typing import Any

TINTS = ("green", "blue", "sand", "rose", "violet", "grey")


def slug_of(folded_name: str) -> str:
    """The last part of an address from a name without diacritics: "Spatii verzi" is "spatii-verzi"."""
    return re.sub(r"[^a-z0-9]+", "-", folded_name.lower()).strip("-")[:60].strip("-")


def feature_collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """A GeoJSON FeatureCollection (RFC 7946: longitude before latitude)."""
    return {"type": "FeatureCollection", "features": list(features)}


def feature(
    shape: list[Any], latitude: float, longitude: float, properties: dict[str, Any]
) -> dict[str, Any]:
    """One neighbourhood as a GeoJSON Feature: its shape, or its point when it has none."""
    geometry = (
        {"type": "Polygon", "coordinates": shape}
        if shape
        else {"type": "Point", "coordinates": [longitude, latitude]}
    )
    return {"type": "Feature", "geometry": geometry, "properties": properties}
