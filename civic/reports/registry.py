"""What residents told the city hall in a period, counted by the features that hold it.

A number of people is told from ten on (`civic.indicators.registry.people`); a number of things that are public by
themselves is told as it is (`count`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from civic.indicators.periods import Span
from civic.indicators.registry import Figure


@dataclass(frozen=True)
class Feedback:
    """One way in which residents speak: its name, and how often they did in a span."""

    key: str
    name: Any
    figure: Callable[[Span], Figure]
    position: int = 50


_KNOWN: dict[str, Feedback] = {}


def register_feedback(*kinds: Feedback) -> None:
    """Offer counts, at registration of the feature that owns their data."""
    _KNOWN.update({one.key: one for one in kinds})


def all_feedback() -> list[Feedback]:
    """Every way, in the order of the report."""
    return sorted(_KNOWN.values(), key=lambda one: (one.position, one.key))
