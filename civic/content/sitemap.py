"""What search engines may read: an index of sections, each in parts of at most 5,000 addresses.

A feature with public pages adds its section, with what is public and the address of one:
`add_section(app, numbered("deliveries", queries.list_changes, lambda row: url_for("tracker.show", delivery_id=row.id)))`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import Row, Select, func, select

from civic.extensions import db

PAGE_SIZE = 5000

#: A path, and since when it reads as it does where that is known.
Entry = tuple[str, datetime | None]


@dataclass(frozen=True)
class Section:
    """A kind of public page: the numbers of its parts, from 1, and what stands in a part (nothing: no such part)."""

    name: str
    parts: Callable[[], Sequence[int]]
    page: Callable[[int], Sequence[Entry]]


def listed(name: str, entries: Callable[[], Sequence[Entry]]) -> Section:
    """A section of a few hundred pages at most, in one part."""
    return Section(name, lambda: [1] if entries() else [], lambda number: entries() if number == 1 else [])


def numbered(name: str, public: Callable[[], Select], path: Callable[[Row], str]) -> Section:
    """A section of what has a number: `public` selects (id, changed at, what else `path` needs) of what everybody may
    read. A part holds the numbers of its stretch, so that the last of a million takes no longer than the first.
    """

    def within(stretch: Any) -> Select:
        statement = public()
        key = statement.selected_columns[0]
        return statement.where(key > stretch * PAGE_SIZE, key <= (stretch + 1) * PAGE_SIZE)

    def parts() -> list[int]:
        key = public().selected_columns[0]
        last = public().with_only_columns(key).order_by(key.desc()).limit(1).scalar_subquery()
        stretch = func.generate_series(0, (last - 1) // PAGE_SIZE).column_valued("stretch")
        filled = select(stretch).where(within(stretch).exists()).order_by(stretch)
        return [number + 1 for number in db.session.scalars(filled)]

    def page(number: int) -> list[Entry]:
        statement = within(number - 1)
        rows = db.session.execute(statement.order_by(statement.selected_columns[0]))
        return [(path(row), row[1]) for row in rows]

    return Section(name, parts, page)


def add_section(app: Flask, section: Section) -> None:
    """Offer a section; its name is part of an address."""
    sections(app)[section.name] = section


def sections(app: Flask) -> dict[str, Section]:
    """The sections by name."""
    return app.extensions.setdefault("civic_sitemap", {})
