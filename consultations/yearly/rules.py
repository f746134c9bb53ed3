"""What the yearly report on transparency holds, and when it may be published. Plain values in, plain values out.

Law 52/2003, art. 13: recommendations received and taken up, participants, debates, lawsuits, the authority's own
evaluation, meetings that were not public and why. What the data hold is computed; what they do not hold is typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Source = Literal["computed", "typed", "words"]

MOST_NUMBER = 1_000_000
MAX_WORDS = 10_000


@dataclass(frozen=True)
class Item:
    """One line of the report: its key, its section, and where its value comes from."""

    key: str
    section: str
    source: Source


def _items(section: str, source: Source, *keys: str) -> tuple[Item, ...]:
    return tuple(Item(f"{section}.{key}", section, source) for key in keys)


#: The lines of the report in their order.
ITEMS: tuple[Item, ...] = (
    *_items("drafts", "computed", "announced", "on_site", "on_premises", "in_media", "on_request", "in_gazette",
            "urgent", "adopted", "rejected", "withdrawn"),
    *_items("drafts", "typed", "not_announced", "asked_for", "responsible"),
    *_items("recommendations", "computed", "received", "taken_up", "of_organisations", "of_organisations_taken_up",
            "unanswered"),
    *_items("debates", "computed", "requested", "held", "held_on_request", "participants"),
    *_items("meetings", "typed", "announced", "public", "participants", "with_media", "observations",
            "observations_taken_up", "not_public", "minutes", "minutes_public"),
    *_items("meetings", "words", "not_public_why"),
    *_items("court", "typed", "sued", "lost", "won", "pending"),
    *_items("society", "computed", "organisations", "consultations", "minority_consultations", "interventions",
            "interventions_taken_up", "minority_interventions", "minority_interventions_taken_up",
            "minority_decisions"),
    *_items("evaluation", "words", "partnership", "measures"),
)  # fmt: skip

SECTIONS = tuple(dict.fromkeys(item.section for item in ITEMS))
BY_KEY = {item.key: item for item in ITEMS}
TYPED = tuple(item for item in ITEMS if item.source == "typed")
WORDS = tuple(item for item in ITEMS if item.source == "words")
#: Words that may stay empty when nothing happened that they would explain: the figure they belong to.
ONLY_IF = {"meetings.not_public_why": "meetings.not_public"}

#: A part that cannot be larger than its whole, among the typed figures.
PARTS = (
    ("meetings.observations_taken_up", "meetings.observations"),
    ("meetings.with_media", "meetings.public"),
    ("meetings.minutes_public", "meetings.minutes"),
)


def has_ended(year: int, today: date) -> bool:
    """Whether the year is over, so that its figures can be final."""
    return year < today.year


def missing(typed: Mapping[str, Any]) -> list[str]:
    """The keys of what staff still have to write before the report can be published."""
    found = [item.key for item in TYPED if typed.get(item.key) is None]
    for item in WORDS:
        needed = item.key not in ONLY_IF or bool(typed.get(ONLY_IF[item.key]))
        if needed and not typed.get(item.key):
            found.append(item.key)
    return found


def too_large(typed: Mapping[str, Any]) -> list[str]:
    """The keys of figures larger than what they are a part of; lawsuits that ended or wait are all of them."""
    found = [
        part
        for part, whole in PARTS
        if typed.get(part) is not None and typed.get(whole) is not None and typed[part] > typed[whole]
    ]
    outcomes = [typed.get(f"court.{name}") for name in ("lost", "won", "pending")]
    sued = typed.get("court.sued")
    if sued is not None and None not in outcomes and sum(outcomes) > sued:  # type: ignore[arg-type]
        found.append("court.sued")
    return found
