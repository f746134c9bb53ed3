"""What has a point on the map, as GeoJSON (RFC 7946: degrees east before degrees north)."""

from collections.abc import Iterable, Iterator
from typing import Any

from civic.opendata.resources import Resource

MEDIA_TYPE = "application/geo+json"


def is_located(resource: Resource) -> bool:
    """Whether things of this kind may have a point."""
    return {"latitude", "longitude"} <= {one.name for one in resource.fields}


def features_of(items: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items that have a point, each with all that is known of it; those without one stand on no map."""
    for item in items:
        if item["latitude"] is not None and item["longitude"] is not None:
            known = {
                name: value for name, value in item.items() if name not in ("id", "latitude", "longitude")
            }
            point = {"type": "Point", "coordinates": [item["longitude"], item["latitude"]]}
            yield {"type": "Feature", "id": item["id"], "geometry": point, "properties": known}
