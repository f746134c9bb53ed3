"""The OpenAPI 3.1 document, made from what is registered: it cannot say anything the addresses do not do."""

from typing import Any

from civic.opendata import geo
from civic.opendata.resources import LARGEST, MOST, PAGE, Field, Resource

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
VERSION = "1.0.0"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def openapi(base_url: str, city: str, resources: list[Resource]) -> dict[str, Any]:
    """The whole document for one installation, in the reader's language."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{city}: open data",
            "version": VERSION,
            "description": "Read-only. Everything public on the platform, and nothing else: no personal data, and no "
            "result of a vote before it is published.",
            "license": LICENCE,
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "paths": {
            path: item for resource in resources for path, item in _paths(resource).items()
        },
        "components": {
            "schemas": {
                "problem": _PROBLEM,
                "meta": _META,
                **{resource.name: item_schema(resource) for resource in resources},
            },
            "responses": {
                "problem": {
                    "description": "What was asked cannot be answered, and why (RFC 9457).",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
                },
                "unchanged": {"description": "Nothing changed since the copy whose ETag was sent."},
            },
        },
    }  # fmt: skip


_META = {
    "type": "object",
    "required": ["licence", "licence_url", "source", "source_url"],
    "properties": {
        "licence": {"type": "string"},
        "licence_url": {"type": "string", "format": "uri"},
        "source": {"type": "string"},
        "source_url": {"type": "string", "format": "uri"},
    },
}


def item_schema(resource: Resource) -> dict[str, Any]:
    """The JSON Schema of one item: exactly these fields, all of them always there."""
    return {
        "type": "object",
        "title": str(resource.title),
        "description": str(resource.about),
        "required": [one.name for one in resource.fields],
        "properties": {one.name: _described(one) for one in resource.fields},
        "additionalProperties": False,
    }


def _described(one: Field) -> dict[str, Any]:
    return {**one.schema(), "description": str(one.about)}


def _paths(resource: Resource) -> dict[str, Any]:
    answers = {
        "304": {"$ref": "#/components/responses/unchanged"},
        **{str(status): {"$ref": "#/components/responses/problem"} for status in (400, 404, 429)},
    }
    item = {"$ref": f"#/components/schemas/{resource.name}"}
    meta = {"$ref": "#/components/schemas/meta"}
    links = {
        "type": "object",
        "required": ["self", "next"],
        "properties": {
            "self": {"type": "string", "format": "uri"},
            "next": {"type": ["string", "null"], "format": "uri"},
        },
    }
    parameters = [*_page_parameters(), *_narrowing_parameters(resource)]
    on_map = {
        f"/{resource.name}.geojson": {
            "get": {
                "operationId": f"map_{resource.name}",
                "summary": str(resource.title),
                "description": "The same page as GeoJSON, of those of its items that have a point.",
                "parameters": parameters,
                "responses": {
                    "200": _map_answer({"links": links, "meta": meta}),
                    **{status: answer for status, answer in answers.items() if status != "404"},
                },
            }
        }
    }
    return {
        **(on_map if geo.is_located(resource) else {}),
        f"/{resource.name}": {
            "get": {
                "operationId": f"list_{resource.name}",
                "summary": str(resource.title),
                "description": str(resource.about),
                "parameters": parameters,
                "responses": {
                    "200": _answer("A page, in the order of the numbers.", {"data": {"type": "array", "items": item}, "links": links, "meta": meta}),
                    **{status: answer for status, answer in answers.items() if status != "404"},
                },
            }
        },
        f"/{resource.name}/{{number}}": {
            "get": {
                "operationId": f"get_{resource.name}",
                "summary": str(resource.title),
                "parameters": [
                    {
                        "name": "number",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST},
                    }
                ],
                "responses": {"200": _answer("One item.", {"data": item, "meta": meta}), **answers},
            }
        },
    }  # fmt: skip


def _answer(about: str, parts: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": list(parts), "properties": parts, "additionalProperties": False}
    return {
        "description": about,
        "headers": {"ETag": {"schema": {"type": "string"}}},
        "content": {"application/json": {"schema": schema}},
    }


def _map_answer(more: dict[str, Any]) -> dict[str, Any]:
    """A FeatureCollection with the addresses and the licence beside it."""
    point = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"const": "Point"},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    }
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": "integer"},
            "geometry": point,
            "properties": {"type": "object"},
        },
    }
    collection = {
        "type": {"const": "FeatureCollection"},
        "features": {"type": "array", "items": feature},
        **more,
    }
    answer = _answer("A page of what has a point.", collection)
    return {**answer, "content": {geo.MEDIA_TYPE: answer["content"]["application/json"]}}


def _page_parameters() -> list[dict[str, Any]]:
    return [
        {
            "name": "after",
            "in": "query",
            "description": "Only items whose number is beyond this one; `links.next` says it.",
            "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST},
        },
        {
            "name": "limit",
            "in": "query",
            "description": "How many items a page holds.",
            "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE},
        },
    ]


def _narrowing_parameters(resource: Resource) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "in": "query", "description": str(one.about), "schema": one.schema()}
        for one in resource.narrowings
    ]
