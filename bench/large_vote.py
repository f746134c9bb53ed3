"""A large vote: whether a cast stays as fast in a full box, and how long the close of 100,000 ballots takes."""

import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from bench.ballots import write_election
from bench.imports import election_file
from bench.results import Results
from bench.servers import ROOT, bench_settings
from civic import clock
from civic.actor import SYSTEM
from civic.app import create_app
from civic.config import Settings
from civic.extensions import db
from civic.rounds.models import Round
from voting import casting, closing, importing, keys, publication_set, round_queries
from voting.models import RollEntry

FULL, CASTS = 500_000, 1_000
BALLOTS, PROJECTS = 100_000, 100
RULE = "equalshares/add1"


def measure(results: Results) -> None:
    """cast.flat, close.100k.s, close.100k.mb and verify.100k.s."""
    with tempfile.TemporaryDirectory(prefix="civic-large-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        with app.app_context():
            flat(results, settings, folder)
            close_and_verify(results, settings, folder)
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()


def flat(results: Results, settings: Settings, folder: Path) -> None:
    """Casts into a full box and into an empty one in turns: the median time of the first over that of the second."""
    election = importing.read_election(election_file(folder, results.seed))
    rounds = [
        importing.prepare_round(SYSTEM, election, clock.now(), slug, slug) for slug in ("empty", "full")
    ]
    owner = create_engine(settings.database_owner_url)
    fill(owner, rounds[1])
    owner.dispose()
    times: dict[int, list[float]] = {round_id: [] for round_id in rounds}
    voters = {
        round_id: db.session.scalars(
            db.select(RollEntry.voter_id).where(RollEntry.round_id == round_id).limit(CASTS)
        ).all()
        for round_id in rounds
    }
    known = {round_id: round_queries.plan_of(db.session.get_one(Round, round_id)) for round_id in rounds}
    db.session.rollback()
    rng = random.Random(results.seed)
    for at in range(CASTS):
        for round_id in rounds:
            plan = known[round_id]
            assert plan is not None
            choices = {code: Decimal(1) for code in rng.sample(sorted(plan.projects), 5)}
            round_keys = keys.load_round_keys(settings, round_id)
            ballot = casting.prepare(plan, round_keys, voters[round_id][at], choices, secrets.token_bytes(16))
            started = time.perf_counter()
            casting.cast(db.engine, ballot)
            times[round_id].append(time.perf_counter() - started)
    empty, full = (statistics.median(times[round_id]) for round_id in rounds)
    results.add("cast.flat", full / empty, "", f"the same into a box with 0, not {FULL:,}, ballots", CASTS)


def fill(owner: Engine, round_id: int) -> None:
    """As many rows of box and log as a large city has, of no known voter."""
    with owner.begin() as connection:
        connection.execute(text(f"CREATE TEMP TABLE made AS SELECT sha256(int8send(n)) AS nym,"
            f" sha256(int8send(-n)) AS leaf FROM generate_series(1, {FULL}) n"))  # fmt: skip
        connection.execute(text(
            "INSERT INTO cast_log (round_id, leaf, kind, sealed) SELECT :id, leaf, 'ballot',"
            " decode(repeat('ab', 600), 'hex') FROM made"), {"id": round_id})  # fmt: skip
        connection.execute(text(
            "INSERT INTO ballot_box (round_id, nym, leaf, channel, revision)"
            " SELECT :id, nym, leaf, 'online', 1 FROM made"), {"id": round_id})  # fmt: skip
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def close_and_verify(results: Results, settings: Settings, folder: Path) -> None:
    """From the end of the vote to published results, then what an outsider does with them."""
    path, published = folder / "large.pb", folder / "published"
    write_election(path, BALLOTS, PROJECTS, results.seed)
    election = importing.read_election(path, RULE)
    round_id = importing.prepare_round(SYSTEM, election, clock.now(), "large", "Large")
    importing.cast_all(round_id, election, lambda _done, _total: None)
    del election
    forget_peak()
    started = time.perf_counter()
    closing.close_round(round_id, clock.now(), SYSTEM)
    round_ = round_queries.get_public_round("large")
    published.mkdir()
    publication_set.write_folder(publication_set.find_set(round_, settings.city), published)
    taken, peak = time.perf_counter() - started, peak_megabytes()
    about = f"{BALLOTS:,} ballots, {PROJECTS} projects, {RULE}"
    results.add("close.100k.s", taken, "s", f"{about}; with the publication set")
    results.add("close.100k.mb", peak, "MB", f"{about}; the most the process held")
    db.session.rollback()
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, published / "verify.py", published], check=True, cwd=ROOT, capture_output=True
    )
    results.add("verify.100k.s", time.perf_counter() - started, "s", about)


def forget_peak() -> None:
    """Let the most memory held count from now (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> float:
    """The most memory this process held since, in MB."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one)
    return int(line.split()[1]) / 1000
