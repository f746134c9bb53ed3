"""When people are asked: features say of whom something was answered or finished, and satisfaction asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select


@dataclass(frozen=True)
class Occasion:
    """Something that ended for somebody. `whom` selects ids of accounts for whom it did between two moments."""

    kind: str
    whom: Callable[[datetime, datetime], Select[Any]]


_KNOWN: dict[str, Occasion] = {}


def register_occasion(occasion: Occasion) -> None:
    """Have people asked, at the registration of the feature that knows them."""
    _KNOWN[occasion.kind] = occasion


def occasions() -> list[Occasion]:
    """Every occasion, in the order in which features named them."""
    return list(_KNOWN.values())
