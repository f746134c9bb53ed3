"""What the loaders share: the data files, days turned into moments, and ids by the files' own names."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from civic.actor import Actor
from civic.clock import city_date, city_moment
from civic.places.models import Neighbourhood

DATA = Path(__file__).with_name("data")

#: The people of people.json who act for the city.
ADMINISTRATOR, STAFF, MODERATOR, CLERK, APPEALS = "daniela", "simona", "cristina", "gabriel", "horia"


@lru_cache(maxsize=32)
def items(name: str) -> list[dict[str, Any]]:
    """The items of a data file, by its name without the extension."""
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return list(content["items"])


def page_text(slug: str, language: str) -> str:
    """A page's Markdown in a language."""
    return (DATA / "pages" / f"{slug}.{language}.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Days:
    """Whole days counted from the day the demo is loaded, as the files count them."""

    loaded_at: datetime

    def date(self, day: int) -> date:
        """The calendar day in the city."""
        return city_date(self.loaded_at) + timedelta(days=day)

    def start(self, day: int) -> datetime:
        """Its first moment, also of days ahead."""
        return city_moment(self.date(day))

    def moment(self, day: int, hour: int = 10, minute: int = 0) -> datetime:
        """A time on a past day or today, never after the loading."""
        return min(city_moment(self.date(day), hour, minute), self.loaded_at)


@dataclass
class World:
    """The city being loaded: its calendar, its people and the ids of what was loaded before."""

    days: Days
    #: ballots of the closed round; None for as many as the file says. The open round's go with it.
    voters: int | None = None
    places: dict[str, Neighbourhood] = field(default_factory=dict)
    departments: dict[str, int] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    programmes: dict[str, int] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)

    def person(self, key: str) -> Actor:
        """Somebody of people.json, as they act."""
        return self.people[key]

    @property
    def share(self) -> float:
        """How much of the ballots is loaded: 1 for the whole city, less in tests."""
        full: int = next(one["ballots"]["count"] for one in items("rounds") if one["key"] == "2025")
        return 1.0 if self.voters is None else min(1.0, self.voters / full)
