"""The works of the city from its report, and what became of the winners of the closed edition."""

from civic.clock import city_moment
from civic.demo.world import World, items
from civic.tracker.importing import import_deliveries

#: The report tells how the works stood at the end of its year.
REPORTED = (2024, 12, 31)

#: What the numbers before the colon stand for in a row's source.
DOCUMENTS = {"000": "Raportul de activitate al Sectorului 2 pe anul 2024"}


def load_works(world: World) -> None:
    """The works of the public report, with the stage and the source in its own words."""
    reported = city_moment(world.days.date(0).replace(*REPORTED), 12)
    rows = [{**row, "source": source_words(row["source"])} for row in items("deliveries")]
    import_deliveries(rows, min(reported, world.days.loaded_at))


def source_words(code: str) -> str:
    """Where in which document a row stands, for readers: `000:12;000:40-42` names the document once a place.

    >>> source_words("000:12;000:40-42")
    'Raportul de activitate al Sectorului 2 pe anul 2024, rândurile 12 și 40–42'
    """
    lines: dict[str, list[str]] = {}
    for part in code.split(";"):
        document, _colon, place = part.partition(":")
        lines.setdefault(document, []).append(place.replace("-", "–"))
    told = []
    for document, places in lines.items():
        many = len(places) > 1 or "–" in places[0]
        joined = ", ".join(places[:-1]) + (" și " if len(places) > 1 else "") + places[-1]
        told.append(f"{DOCUMENTS[document]}, {'rândurile' if many else 'rândul'} {joined}")
    return "; ".join(told)
