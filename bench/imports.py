"""How fast ballots of a file go through the cast service."""

from bench.results import Results


def measure(results: Results) -> None:
    """import.ballots.rate."""
    results.add("import.ballots.rate", None, "ballots/s", "no importer yet")
