"""The indicators of two published strategies, brought in as the city hall would do it, and their figures of the night
before; what the platform cannot compute is stated by staff for a few of them."""

import csv
from decimal import Decimal

from civic.clock import city_date
from civic.demo.money import bring_in
from civic.demo.world import DATA, STAFF, World
from civic.indicators import queries, service
from civic.indicators.periods import year_of

SOURCE = "Indicatorii strategiilor publicate de Sectorul 1 și Sectorul 5"
#: What staff state by hand of the last year: code, value, how it is known.
ENTERED = (
    ("K10", "64", "Exemplu al orașului demonstrativ: lista de prezență a cursului de competențe digitale."),
    ("S1-12.6-2024-05", "1", "Exemplu al orașului demonstrativ: cursul online este publicat pe site."),
    ("S1-12.5-2024-01", "3", "Exemplu al orașului demonstrativ: registrul parteneriatelor."),
)


def load_indicators(world: World) -> None:
    """Definitions, what was stated by hand, and everything that can be computed by the day of loading."""
    with (DATA / "indicators.csv").open(encoding="utf-8", newline="") as file:
        bring_in(world, "indicators", "indicators", csv.DictReader(file), SOURCE)
    now = world.days.loaded_at
    last_year = year_of(city_date(now).year - 1)
    for code, value, note in ENTERED:
        if queries.value_for(queries.get_indicator(code), last_year) is None:
            service.enter(world.person(STAFF), code, last_year, service.Entry(Decimal(value), note), now)
    service.compute_all(now)
