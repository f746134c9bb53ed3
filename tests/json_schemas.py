"""JSON Schema as tests use it: references between files looked up in a folder, and formats that are really checked."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

#: What the library leaves unchecked without packages of its own.
FORMATS = FormatChecker(["date"])


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("date", raises=ValueError)
def _day(value: Any) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@FORMATS.checks("uri", raises=ValueError)
def _address(value: Any) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and " " not in value)


def answers_of(document: dict[str, Any], path: str) -> Draft202012Validator:
    """What checks an answer of a path against what an OpenAPI document says it holds."""
    answer = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**answer, "components": document["components"]}, format_checker=FORMATS)


class Schemas:
    """The schemas of a folder (draft 4), which refer to each other by their public addresses."""

    def __init__(self, folder: Path) -> None:
        self._known = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
        self._registry: Registry[Any] = Registry(retrieve=self._find)  # type: ignore[call-arg]

    def _find(self, address: str) -> Resource[Any]:
        name = urlsplit(address).path.rsplit("/", 1)[-1]
        return Resource.from_contents(self._known[name], default_specification=DRAFT4)

    def problems(self, name: str, value: Any) -> list[str]:
        """Everything that is wrong with a value by a schema, with where."""
        check = Draft4Validator(self._known[name], registry=self._registry, format_checker=FORMATS)
        return [f"{error.json_path}: {error.message}" for error in check.iter_errors(value)]
