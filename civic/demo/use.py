"""How the demo city's site was used: visits of every day, and answers to the one question, through the real services.

Visits are made up by a rule that says the same each time: a part of the site has its ordinary days, quieter
weekends, and busier weeks while people submit or vote.
"""

import random
from datetime import date
from typing import Any

from sqlalchemy import select

from civic.clock import city_date
from civic.demo.world import World, items
from civic.extensions import db
from civic.satisfaction import service as satisfaction
from civic.satisfaction.models import SatisfactionCount
from civic.visits import service as visits
from civic.visits.models import VisitCount

#: Days written together.
BATCH = 30
#: What a day of the weekend has of an ordinary day's visits.
WEEKEND = 0.6


def load_satisfaction(world: World) -> None:
    """Every answer of the file, counted one by one as people gave them; counts that are there are left alone."""
    if db.session.scalar(select(SatisfactionCount.kind).limit(1)) is not None:
        return
    for item in items("satisfaction"):
        day = world.days.date(item["day"])
        said = {one["step"]: one["words"] for one in item.get("words", ())}
        for step, answers in enumerate(item["answers"], 1):
            for at in range(answers):
                satisfaction.take(item["kind"], step, said.get(step, "") if at == 0 else "", day)


def load_visits(world: World) -> None:
    """The days up to yesterday; counts that are there are left alone."""
    today = city_date(world.days.loaded_at)
    if db.session.scalar(select(VisitCount.day).where(VisitCount.day < today).limit(1)) is not None:
        return
    parts, dice = items("visits"), random.Random("civic demo visits")  # noqa: S311 - invented visits
    first = min(part["from_day"] for part in parts)
    for start in range(first, 0, BATCH):
        counts = {}
        for day in range(start, min(start + BATCH, 0)):
            on = world.days.date(day)
            opened = [part for part in parts if part["from_day"] <= day]
            counts.update({(on, part["key"]): _of_day(part, day, on, dice) for part in opened})
        visits.add(counts)


def _of_day(part: dict[str, Any], day: int, on: date, dice: random.Random) -> tuple[int, int, int]:
    """Visits, pages and programs' pages of a part of the site on a day."""
    usual = part["visits"] * (WEEKEND if on.weekday() > 4 else 1) * dice.uniform(0.75, 1.3)
    for since, until, times in part["busy"]:
        usual *= times if since <= day <= until else 1
    seen = max(1, round(usual))
    return seen, round(seen * part["pages"]), round(part["robots"] * dice.uniform(0.6, 1.6))
