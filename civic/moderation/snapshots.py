"""Columns of a row as plain values that can be sealed and compared, and back again."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, LargeBinary


def read(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row: moments as text, bytes in base 64, the rest as it is."""
    return {name: _plain(getattr(row, name)) for name in names}


def write(row: Any, values: Mapping[str, Any], names: Iterable[str]) -> None:
    """Set those of the columns that are among the values."""
    columns = row.__table__.columns
    for name in names:
        if name in values:
            setattr(row, name, _stored(values[name], columns[name].type))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return str(value) if isinstance(value, str) else value


def _stored(value: Any, type_: Any) -> Any:
    if value is None:
        return None
    if isinstance(type_, DateTime):
        return datetime.fromisoformat(value)
    return b64decode(value) if isinstance(type_, LargeBinary) else value
