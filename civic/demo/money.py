"""The city's decisions, budget and purchases from its public report, brought in as the city hall would do it."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from civic.clock import city_date
from civic.demo.deliveries import DOCUMENTS, REPORTED, source_words
from civic.demo.world import DATA, STAFF, World
from civic.imports import service

#: data set -> the file with its rows, in the order in which they point at each other
TABLES = {"decisions": "decisions"}
SOURCE = DOCUMENTS["000"]


def load_tables(world: World) -> None:
    """Every table of the report, through the same import as a clerk's file."""
    for dataset, name in TABLES.items():
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            bring_in(world, dataset, name, csv.DictReader(file))


def bring_in(world: World, dataset: str, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows of the report, which say in words where in it they stand, as a file of a data set."""
    told = [{**row, "source": place_words(row["source"])} for row in rows]
    content = io.StringIO()
    writer = csv.DictWriter(content, list(told[0]))
    writer.writeheader()
    writer.writerows(told)
    loaded_on = city_date(world.days.loaded_at)
    service.load_at_once(
        world.person(STAFF), dataset, SOURCE, min(date(*REPORTED), loaded_on), content.getvalue().encode(),
        f"{name}.csv", world.days.loaded_at,
    )  # fmt: skip


def place_words(code: str) -> str:
    """Where in the report a row stands; the report's own name stands beside it already.

    >>> place_words("000:12;000:40-42")
    'rândurile 12 și 40–42'
    """
    return source_words(code).removeprefix(f"{SOURCE}, ")
