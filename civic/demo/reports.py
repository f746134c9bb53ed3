"""The summaries and yearly reports of the demo city, through the same services as real ones."""

import re
from datetime import date
from typing import Any

from civic.clock import city_date, city_moment
from civic.demo.consultations import find
from civic.demo.world import STAFF, World, items
from civic.unit_of_work import unit_of_work
from consultations.contributions import listing
from consultations.contributions import queries as register
from consultations.summaries import queries as summaries
from consultations.summaries import service as summarising
from consultations.yearly import queries as yearly
from consultations.yearly import service as reporting


def load_summaries(world: World) -> None:
    """Each summary of the file, published; a consultation that has one is left alone."""
    for item in items("summaries"):
        one = find(item["consultation"])
        if one is None or summaries.find_summary(one.id) is not None:
            continue
        with unit_of_work():
            at = world.days.moment(item["day"], 14)
            summarising.publish(world.person(STAFF), one.id, _with_sources(one.id, item), 0, at)


def _with_sources(consultation_id: int, item: dict[str, Any]) -> str:
    """The text with numbers of the register where the file has the keys of contributions."""
    texts = {one["key"]: one["text"] for one in items("contributions")}
    numbers = {
        entry.body: str(entry.number)
        for rows, _near in listing.walk(consultation_id, listing.Filters())
        for entry in rows
    }

    def source(name: str) -> str:
        if not name.startswith("tema:"):
            return numbers[texts[name]]
        theme = register.find_theme(consultation_id, name.removeprefix("tema:"))
        assert theme is not None
        return f"T{theme.id}"

    def named(found: re.Match[str]) -> str:
        return f"[{', '.join(source(name.strip()) for name in found.group(1).split(','))}]"

    return re.sub(r"\{([^}]*)\}", named, item["text"])


def load_yearly(world: World) -> None:
    """A published report for every year of the demo that is over; one that is there is left alone."""
    now = world.days.loaded_at
    typed = items("yearly")[0]["typed"]
    for year in yearly.list_years(now):
        if year < city_date(now).year and yearly.find_report(year) is None:
            with unit_of_work():
                at = min(now, city_moment(date(year + 1, 2, 16), 10))
                reporting.publish(world.person(STAFF), year, typed, "", 0, at)
