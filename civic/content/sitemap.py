"""What search engines may read: an index of sections, each in pages of at most 5,000 addresses.

A feature with public pages adds its section: `add_section(app, Section("deliveries", count, page))`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask

PAGE_SIZE = 5000


@dataclass(frozen=True)
class Section:
    """A kind of public page: how many there are, and (path, changed at) of a slice of them, in a stable order."""

    name: str
    count: Callable[[], int]
    page: Callable[[int, int], Iterable[tuple[str, datetime | None]]]


def add_section(app: Flask, section: Section) -> None:
    """Offer a section; its name is part of an address."""
    sections(app)[section.name] = section


def sections(app: Flask) -> dict[str, Section]:
    """The sections by name."""
    return app.extensions.setdefault("civic_sitemap", {})
