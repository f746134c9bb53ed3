"""The city's decisions, budget and purchases from its public report, brought in as the city hall would do it."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from civic.budget import queries as budget_queries
from civic.budget import service as budget
from civic.clock import city_date
from civic.decisions.queries import find_decision
from civic.demo.deliveries import DOCUMENTS, REPORTED, source_words
from civic.demo.world import DATA, STAFF, World, items
from civic.imports import service
from civic.purchases import queries as purchase_queries
from civic.purchases import service as purchases

#: data set -> the file with its rows, in the order in which they point at each other
TABLES = {
    "decisions": "decisions",
    "budget_chapters": "budget_chapters",
    "budget_lines": "budget_execution",
    "purchases": "purchases",
    "service_volumes": "volumes",
}
SOURCE = DOCUMENTS["000"]
#: The institution whose execution the report gives line by line.
POLICE = "Poliția Locală Sector 2"
#: The report has the sector's inhabitants alone; how they live and how old they are is the demo's own estimate.
POPULATION_SOURCE = "Estimări ale demonstrației, pornind de la cei 372.913 locuitori din raportul pe 2024"
#: The report says what one institution alone spent; whose money made the parks is the demo's own estimate as well.
LINES_SOURCE = "Estimări ale demonstrației, pornind de la suma capitolului din raportul pe 2024"


def load_works(world: World) -> None:
    """The works of the report, with the stage in its own words."""
    bring_in(world, "deliveries", "deliveries", items("deliveries"))


def load_tables(world: World) -> None:
    """Every table of the report, through the same import as a clerk's file."""
    for dataset, name in TABLES.items():
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            bring_in(world, dataset, name, csv.DictReader(file))
    load_estimates(world)
    set_threshold(world)
    tie_decisions(world)


def load_estimates(world: World) -> None:
    """What the report does not tell: inhabitants by neighbourhood and age, and who spends a chapter's money."""
    now = world.days.loaded_at
    told_on = min(date(2024, 12, 31), city_date(now))
    for dataset, name, source in (
        ("population", "population", POPULATION_SOURCE),
        ("budget_lines", "budget_estimates", LINES_SOURCE),
    ):
        content = (DATA / f"{name}.csv").read_bytes()
        service.load_at_once(world.person(STAFF), dataset, source, told_on, content, f"{name}.csv", now)


def set_threshold(world: World) -> None:
    """Purchases are published from a small amount on; two of the report are below it."""
    if not purchase_queries.list_thresholds():
        purchases.set_threshold(
            world.person(STAFF), date(2024, 1, 1), Decimal(10_000), "regulile proprii ale primăriei",
            world.days.loaded_at,
        )  # fmt: skip


def tie_decisions(world: World) -> None:
    """The two decisions that the report names behind the budget of the local police; it states no amount of theirs."""
    totals = budget_queries.list_totals(REPORTED[0])
    total = next((one for one in totals if one.institution == POLICE), None)
    if total is None or budget_queries.list_all_decisions(REPORTED[0]):
        return
    for number, role in (("47", "approved"), ("365", "revised")):
        decision = find_decision(number, REPORTED[0])
        if decision is not None:
            budget.tie_decision(
                world.person(STAFF),
                REPORTED[0],
                ("line", total.id),
                decision.id,
                role,
                None,
                world.days.loaded_at,
            )


def bring_in(
    world: World, dataset: str, name: str, rows: Iterable[Mapping[str, Any]], source: str = SOURCE
) -> None:
    """Rows of the report, which say in words where in it they stand, as a file of a data set."""
    told = [{**row, "source": place_words(row["source"])} for row in rows]
    content = io.StringIO()
    writer = csv.DictWriter(content, list(told[0]))
    writer.writeheader()
    writer.writerows(told)
    loaded_on = city_date(world.days.loaded_at)
    service.load_at_once(
        world.person(STAFF), dataset, source, min(date(*REPORTED), loaded_on), content.getvalue().encode(),
        f"{name}.csv", world.days.loaded_at,
    )  # fmt: skip


def place_words(code: str) -> str:
    """Where in the report a row stands; the report's own name stands beside it already.

    >>> place_words("000:12;000:40-42")
    'rândurile 12 și 40–42'
    """
    return source_words(code).removeprefix(f"{SOURCE}, ")
