"""The figures of casting under faults: every fault campaign at the size an auditor is shown, each alone by its name."""

from collections.abc import Callable
from datetime import timedelta

from bench.results import Results
from civic import clock
from civic.app import create_app
from soak.casting import embargo, ending, faults, forms, linkage, machine, statements, tampering
from soak.casting.faults import Run
from soak.casting.postgres import clusters
from soak.casting.town import Site, let_go, settings_for, site, workshop

OnSite = Callable[[Site, int, int], Run]


def on_site(campaign: OnSite, workers: int = 2) -> Callable[[int, int], Run]:
    """A campaign with an installation of its own."""

    def run(rounds: int, seed: int) -> Run:
        with site(workers) as made:
            return campaign(made, rounds, seed)

    return run


def tampering_in_both_modes(ballots: int, _seed: int) -> Run:
    """A set of so many ballots published in each mode, and tampered with."""
    both = Run(more={}, told={})
    with workshop() as folder, clusters(folder) as (server,):
        server.create(fsync="off")
        app = create_app(settings_for(folder, server))
        try:
            for mode in ("inclusion_only", "open"):
                with app.app_context():
                    run = tampering.tampering(app, folder, ballots, mode)
                clock.travel(timedelta(0))
                both.faults += run.faults
                both.tally.add(run.tally)
                both.felt[mode] = run.felt["tampered"]
                for mine, its in ((both.more, run.more), (both.told, run.told)):
                    for name, value in its.items():
                        mine[name] = mine.get(name, 0) + value  # type: ignore[assignment]
        finally:
            clock.travel(timedelta(0))
            let_go(app)
    return both


def linkage_after_close(voters: int, seed: int) -> Run:
    """An installation that says as much as one in service, and whose write-ahead log is kept until the close."""
    with site(2, "INFO", wal_keep_size="4GB") as made:
        return linkage.linkage(made, voters, seed)


def embargo_in_two_worlds(pages: int, _seed: int) -> Run:
    """So many pages for each reader, in every phase before results are public."""
    with embargo.template_server() as (server, folder):
        return embargo.embargo(server, folder, pages)


#: Campaign, what runs it with a number of rounds and a seed, its own number, and what a round is.
CAMPAIGNS: list[tuple[str, Callable[[int, int], Run], int, str]] = [
    ("kill", on_site(faults.killed_workers, workers=3), 1_000, "web processes killed"),
    ("pgcrash", on_site(faults.killed_database), 50, "crashes of PostgreSQL"),
    ("failover", faults.failover, 20, "primaries killed"),
    ("close", on_site(ending.close_under_load), 200, "rounds closed"),
    ("double", on_site(forms.double_submit), 10_000, "posts"),
    ("statements", statements.every_statement, 5_000, "points with a fault, all there are at most"),
    ("machine", machine.campaign, 10_000, "runs"),
    ("tamper", tampering_in_both_modes, 300, "sets tampered with"),
    ("linkage", linkage_after_close, 10_000, "voters"),
    ("stale", on_site(forms.stale_forms), 5_000, "wrong forms"),
    ("embargo", embargo_in_two_worlds, 80, "pages compared"),
]

#: What a campaign's figures are called besides.
ALSO: dict[str, Callable[[Run], dict[str, float]]] = {
    "double": lambda run: {"posts": run.faults, "duplicates": run.tally.double},
    "tamper": lambda run: {"share": 1 - run.more["missed"] / run.faults},
}


def measure(results: Results, rounds: int | None, only: str) -> None:
    """Every campaign asked for; one that breaks off has no figure for its failures and fails the run."""
    for name, campaign, own, unit in CAMPAIGNS:
        prefix = f"soak.{name}."
        if not (prefix.startswith(only) or only.startswith(prefix)):
            continue
        try:
            run = campaign(rounds or own, results.seed)
        except Exception as error:
            results.add(f"{prefix}failures", 1, "", f"broke off: {type(error).__name__}: {error}"[:300])
            continue
        report(results, prefix, run, unit)
        for figure, value in ALSO[name](run).items() if name in ALSO else ():
            results.add(f"{prefix}{figure}", value, "", f"seed {results.seed}")


def report(results: Results, prefix: str, run: Run, unit: str) -> None:
    """The figures of one campaign."""
    results.add(f"{prefix}rounds", run.faults, unit, f"seed {results.seed}")
    for name, value in vars(run.tally).items():
        results.add(f"{prefix}{name}", value, "ballots", "")
    results.add(f"{prefix}unanswered", run.broken, "requests", "the connection broke")
    results.add(f"{prefix}not_confirmed", run.unconfirmed, "answers", "503, the same form to be sent again")
    for name, value in {**run.more, **run.felt, **run.told}.items():
        results.add(f"{prefix}{name}", value, "", "")
    results.add(f"{prefix}failures", run.failures, "", "everything that must not be")
