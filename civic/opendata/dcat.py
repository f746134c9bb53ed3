"""The catalogue of the open data in the words portals share (DCAT-AP 3, as JSON-LD)."""

from datetime import datetime
from typing import Any

from civic.config import City
from civic.opendata import geo
from civic.opendata.models import DataFile
from civic.opendata.resources import Package, Resource, moment

_FORMATS = {
    "csv": ("text/csv", "http://publications.europa.eu/resource/authority/file-type/CSV"),
    "geojson": (
        geo.MEDIA_TYPE,
        "http://publications.europa.eu/resource/authority/file-type/GEOJSON",
    ),
    "jsonl": ("application/jsonl", "http://publications.europa.eu/resource/authority/file-type/JSON"),
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def catalogue(
    base_url: str, city: City, resources: list[Resource], files: dict[tuple[str, str], DataFile], licence: str
) -> dict[str, Any]:
    """Everything published, each kind with its files and the address it is asked at."""
    publisher = {
        "@type": "foaf:Organization",
        "foaf:name": city.authority,
        "foaf:homepage": {"@id": city.website},
    }
    return {
        "@context": _CONTEXT,
        "@id": f"{base_url}/open-data",
        "@type": "dcat:Catalog",
        "dct:title": city.platform_name,
        "dct:description": city.platform_name,
        "dct:publisher": publisher,
        "dct:license": {"@id": licence},
        "dcat:dataset": [
            {
                "@id": f"{base_url}/open-data/{resource.name}",
                "@type": "dcat:Dataset",
                "dct:identifier": resource.name,
                "dct:title": str(resource.title),
                "dct:description": str(resource.about),
                "dct:publisher": publisher,
                "dct:accrualPeriodicity": {
                    "@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"
                },
                "dcat:landingPage": {"@id": f"{base_url}/open-data/{resource.name}"},
                "dcat:distribution": [
                    *(
                        _file(base_url, files[resource.name, ending], licence)
                        for ending in _FORMATS
                        if (resource.name, ending) in files
                    ),
                    *(_package(base_url, one, licence) for one in resource.packages()),
                    _service(base_url, resource, licence),
                ],
            }
            for resource in resources
        ],
    }


def _file(base_url: str, file: DataFile, licence: str) -> dict[str, Any]:
    media_type, kind = _FORMATS[file.ending]
    address = {"@id": f"{base_url}/open-data/{file.name}.{file.ending}"}
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": media_type,
        "dct:format": {"@id": kind},
        "dcat:byteSize": _bytes(file.size),
        "dct:modified": _modified(file.made_at),
        "dct:license": {"@id": licence},
        "spdx:checksum": _checksum(file.sha256),
    }


def _package(base_url: str, package: Package, licence: str) -> dict[str, Any]:
    address = {"@id": base_url + package.url}
    return {
        "@type": "dcat:Distribution",
        "dct:title": package.title,
        "dcat:accessURL": address,
        "dcat:downloadURL": address,
        "dcat:mediaType": package.media_type,
        "dcat:byteSize": _bytes(package.size),
        "dct:modified": _modified(package.made_at),
        "dct:license": {"@id": licence},
        "spdx:checksum": _checksum(package.sha256),
    }


def _bytes(size: int) -> dict[str, str]:
    return {"@value": str(size), "@type": "xsd:nonNegativeInteger"}


def _modified(at: datetime) -> dict[str, str]:
    return {"@value": str(moment(at)), "@type": "xsd:dateTime"}


def _checksum(sha256: str) -> dict[str, Any]:
    return {
        "@type": "spdx:Checksum",
        "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
        "spdx:checksumValue": sha256,
    }


def _service(base_url: str, resource: Resource, licence: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": f"{base_url}/api/v1/{resource.name}"},
        "dcat:mediaType": "application/json",
        "dct:conformsTo": {"@id": f"{base_url}/api/v1/openapi.json"},
        "dct:license": {"@id": licence},
    }
