"""The part of JSON Schema (draft 4) that the schemas of the Open Contracting Data Standard use, checked from a folder.

What a schema asks and this does not know fails, so that nothing passes unchecked. References are looked up in the
schema itself, or by the last part of their address among the files of the folder.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

#: Says nothing about what is valid.
WORDS = {
    "$schema", "id", "title", "description", "definitions", "codelist", "openCodelist", "deprecated", "mergeStrategy",
    "mergeOptions", "wholeListMerge", "omitWhenMerged", "versionId", "default", "format", "$comment", "deprecatedVersion",
}  # fmt: skip
TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "integer": int,
    "number": (int, float),
}  # fmt: skip


class Schemas:
    """The schemas of a folder, which refer to each other."""

    def __init__(self, folder: Path) -> None:
        self._known = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}

    def problems(self, name: str, value: Any) -> list[str]:
        """Everything that is wrong with a value by a schema, with where."""
        root = self._known[name]
        return list(self._wrong(root, value, root, "$"))

    def _looked_up(self, reference: str, root: Any) -> tuple[Any, Any]:
        address, _hash, pointer = reference.partition("#")
        if address:
            root = self._known[urlsplit(address).path.rsplit("/", 1)[-1]]
        found = root
        for part in pointer.split("/")[1:]:
            found = found[part]
        return found, root

    def _wrong(self, schema: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        if "$ref" in schema:
            found, home = self._looked_up(schema["$ref"], root)
            yield from self._wrong(found, value, home, at)
            return
        for word, asked in schema.items():
            if word in WORDS:
                continue
            check = getattr(self, f"_{re.sub('[^a-zA-Z]', '', word)}", None)
            if check is None:
                raise NotImplementedError(f"{word} at {at}")
            yield from check(schema, asked, value, root, at)
        if schema.get("format") in ("uri", "date-time") and isinstance(value, str):
            yield from _format(schema["format"], value, at)

    def _type(self, _schema: Any, asked: Any, value: Any, _root: Any, at: str) -> Iterator[str]:
        names = [asked] if isinstance(asked, str) else asked
        fits = any(
            isinstance(value, TYPES[name]) and not (isinstance(value, bool) and name in ("integer", "number"))  # type: ignore[arg-type]
            for name in names
        )
        if not fits:
            yield f"{at}: no {'/'.join(names)}"

    def _properties(self, _schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        for name, inner in asked.items():
            if isinstance(value, dict) and name in value:
                yield from self._wrong(inner, value[name], root, f"{at}.{name}")

    def _patternProperties(self, _schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        for pattern, inner in asked.items():
            for name in value if isinstance(value, dict) else ():
                if re.search(pattern, name):
                    yield from self._wrong(inner, value[name], root, f"{at}.{name}")

    def _additionalProperties(self, schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict) or asked is True:
            return
        known = set(schema.get("properties", ()))
        patterns = schema.get("patternProperties", ())
        for name in value:
            if name not in known and not any(re.search(one, name) for one in patterns):
                if asked is False:
                    yield f"{at}: {name} is not known"
                else:
                    yield from self._wrong(asked, value[name], root, f"{at}.{name}")

    def _required(self, _schema: Any, asked: Any, value: Any, _root: Any, at: str) -> Iterator[str]:
        yield from (f"{at}: no {name}" for name in asked if isinstance(value, dict) and name not in value)

    def _items(self, _schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        for number, one in enumerate(value if isinstance(value, list) else ()):
            yield from self._wrong(asked, one, root, f"{at}[{number}]")

    def _uniqueItems(self, _schema: Any, asked: Any, value: Any, _root: Any, at: str) -> Iterator[str]:
        if asked and isinstance(value, list):
            seen = [json.dumps(one, sort_keys=True) for one in value]
            if len(seen) != len(set(seen)):
                yield f"{at}: the same twice"

    def _enum(self, _schema: Any, asked: Any, value: Any, _root: Any, at: str) -> Iterator[str]:
        if value not in asked:
            yield f"{at}: {value!r} is not on the list"

    def _minLength(self, _schema: Any, asked: int, value: Any, _root: Any, at: str) -> Iterator[str]:
        if isinstance(value, str) and len(value) < asked:
            yield f"{at}: too short"

    def _minItems(self, _schema: Any, asked: int, value: Any, _root: Any, at: str) -> Iterator[str]:
        if isinstance(value, list) and len(value) < asked:
            yield f"{at}: too few"

    def _minProperties(self, _schema: Any, asked: int, value: Any, _root: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and len(value) < asked:
            yield f"{at}: empty"

    def _minimum(self, _schema: Any, asked: float, value: Any, _root: Any, at: str) -> Iterator[str]:
        if isinstance(value, int | float) and value < asked:
            yield f"{at}: below {asked}"

    def _pattern(self, _schema: Any, asked: str, value: Any, _root: Any, at: str) -> Iterator[str]:
        if isinstance(value, str) and not re.search(asked, value):
            yield f"{at}: {value!r} does not fit {asked}"

    def _anyOf(self, _schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        if not any(not list(self._wrong(one, value, root, at)) for one in asked):
            yield f"{at}: none of {len(asked)} fits"

    def _oneOf(self, _schema: Any, asked: Any, value: Any, root: Any, at: str) -> Iterator[str]:
        fits = sum(not list(self._wrong(one, value, root, at)) for one in asked)
        if fits != 1:
            yield f"{at}: {fits} of {len(asked)} fit"


def _format(kind: str, value: str, at: str) -> Iterator[str]:
    if kind == "uri":
        if not urlsplit(value).scheme:
            yield f"{at}: {value!r} is no address"
        return
    try:
        if datetime.fromisoformat(value).tzinfo is None:
            yield f"{at}: {value!r} has no zone"
    except ValueError:
        yield f"{at}: {value!r} is no moment"
