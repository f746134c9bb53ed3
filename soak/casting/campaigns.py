"""The soak.cast.* figures: every fault campaign at the size an auditor is shown, each alone by its name."""

from collections.abc import Callable

from bench.results import Results
from soak.casting import ending, faults, forms
from soak.casting.faults import Run
from soak.casting.town import Site, site

OnSite = Callable[[Site, int, int], Run]


def on_site(campaign: OnSite, workers: int = 2) -> Callable[[int, int], Run]:
    """A campaign with an installation of its own."""

    def run(rounds: int, seed: int) -> Run:
        with site(workers) as made:
            return campaign(made, rounds, seed)

    return run


#: Campaign, what runs it with a number of rounds and a seed, its own number, and what a round is.
CAMPAIGNS: list[tuple[str, Callable[[int, int], Run], int, str]] = [
    ("killed_workers", on_site(faults.killed_workers, workers=3), 1_000, "web processes killed"),
    ("killed_database", on_site(faults.killed_database), 50, "crashes of PostgreSQL"),
    ("failover", faults.failover, 20, "primaries killed"),
    ("close_under_load", on_site(ending.close_under_load), 200, "rounds closed"),
    ("double_submit", on_site(forms.double_submit), 10_000, "forms"),
    ("stale_forms", on_site(forms.stale_forms), 5_000, "wrong forms"),
]


def measure(results: Results, rounds: int | None, only: str) -> None:
    """Every campaign asked for; one that breaks off has no figure for its failures and fails the run."""
    for name, campaign, own, unit in CAMPAIGNS:
        prefix = f"soak.cast.{name}."
        if not (prefix.startswith(only) or only.startswith(prefix)):
            continue
        try:
            run = campaign(rounds or own, results.seed)
        except Exception as error:
            results.add(f"{prefix}failures", 1, "", f"broke off: {type(error).__name__}: {error}"[:300])
            continue
        report(results, prefix, run, unit)


def report(results: Results, prefix: str, run: Run, unit: str) -> None:
    """The figures of one campaign."""
    results.add(f"{prefix}rounds", run.faults, unit, f"seed {results.seed}")
    for name, value in vars(run.tally).items():
        results.add(f"{prefix}{name}", value, "ballots", "")
    results.add(f"{prefix}unanswered", run.broken, "requests", "the connection broke")
    results.add(f"{prefix}not_confirmed", run.unconfirmed, "answers", "503, the same form to be sent again")
    for name, value in {**run.more, **run.told}.items():
        results.add(f"{prefix}{name}", value, "", "")
    results.add(f"{prefix}failures", run.failures, "", "everything that must not be")
