"""How fast ballots of a file go through the cast service, a commit each."""

import random
import tempfile
import time
from pathlib import Path

from bench.results import Results
from bench.servers import bench_settings
from civic import clock
from civic.actor import SYSTEM
from civic.app import create_app
from civic.extensions import db
from voting import importing

BALLOTS, PROJECTS, CHOICES = 2_000, 40, 5


def election_file(folder: Path, seed: int) -> Path:
    """An approval election in the Pabulib format; the same seed gives the same file."""
    rng = random.Random(seed)
    meta = {
        "description": "Bench", "country": "Romania", "unit": "Bench", "instance": "2026", "num_projects": PROJECTS,
        "num_votes": BALLOTS, "budget": 3_000_000, "vote_type": "approval", "rule": "greedy",
        "date_begin": "01.03.2026", "date_end": "12.03.2026", "currency": "RON",
    }  # fmt: skip
    projects = [f"{number};{rng.randrange(50_000, 500_000)};Proiect {number}" for number in range(PROJECTS)]
    votes = [
        f"{voter};{','.join(map(str, rng.sample(range(PROJECTS), CHOICES)))}" for voter in range(BALLOTS)
    ]
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in meta.items())]
    lines += ["PROJECTS", "project_id;cost;name", *projects, "VOTES", "voter_id;vote", *votes]
    path = folder / "bench.pb"
    path.write_text("\n".join(lines) + "\n")
    return path


def measure(results: Results) -> None:
    """import.ballots.rate: the casts alone, without reading the file, opening or closing the round."""
    with tempfile.TemporaryDirectory(prefix="civic-import-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        with app.app_context():
            election = importing.read_election(election_file(folder, results.seed))
            round_id = importing.prepare_round(SYSTEM, election, clock.now())
            started = time.perf_counter()
            cast = importing.cast_all(round_id, election, lambda _done, _total: None)
            taken = time.perf_counter() - started
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
    if cast != BALLOTS:
        raise RuntimeError(f"{cast} of {BALLOTS} ballots were cast")
    results.add("import.ballots.rate", cast / taken, "ballots/s", f"{BALLOTS} ballots of a .pb file")
