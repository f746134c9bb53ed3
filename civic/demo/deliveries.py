"""The works of the city from its report, and what became of the winners of the closed edition."""

from civic.clock import city_moment
from civic.demo.world import World, items
from civic.tracker.importing import import_deliveries

#: The report tells how the works stood at the end of its year.
REPORTED = (2024, 12, 31)


def load_works(world: World) -> None:
    """The works of the public report, with the stage and the source in its own words."""
    reported = city_moment(world.days.date(0).replace(*REPORTED), 12)
    import_deliveries(items("deliveries"), min(reported, world.days.loaded_at))
