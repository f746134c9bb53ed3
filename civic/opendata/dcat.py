"""The catalogue of the open data in the words portals share (DCAT-AP 3, as JSON-LD)."""

from typing import Any

from civic.config import City
from civic.opendata import geo
from civic.opendata.models import DataFile
from civic.opendata.resources import Resource, moment

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
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "dct:modified": {"@value": moment(file.made_at), "@type": "xsd:dateTime"},
        "dct:license": {"@id": licence},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": file.sha256,
        },
    }


def _service(base_url: str, resource: Resource, licence: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": f"{base_url}/api/v1/{resource.name}"},
        "dcat:mediaType": "application/json",
        "dct:conformsTo": {"@id": f"{base_url}/api/v1/openapi.json"},
        "dct:license": {"@id": licence},
    }
