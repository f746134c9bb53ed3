"""A million purchases as whole files, written by a worker in a process of its own: `python -m bench.bulk` is it.

The memory is the worker's alone, above what it holds at rest; the same is asked of a hundredth of the rows.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

from bench.growth import PURCHASES, SHARE, city
from bench.results import Results
from bench.tasks_child import ROOT, environment_of, peak_megabytes
from civic import clock
from civic.app import create_app
from civic.config import Settings, load_settings
from civic.extensions import db
from civic.opendata import bulk
from civic.opendata.resources import get_resource


def written(settings: Settings) -> dict[str, Any]:
    """Let a worker write the purchases, and return what it says of itself."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.bulk"],
        env={**os.environ, **environment_of(settings)}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    return told


def measure(results: Results) -> None:
    """opendata.bulk.mb and opendata.bulk.seconds."""
    told = {}
    for share in (SHARE, 1):
        with city(share, only=("delivery", "purchase")) as browser:
            told[share] = written(browser.application.config["SETTINGS"])
    small, full = (told[share]["mb"] - told[share]["idle"] for share in (SHARE, 1))
    what = f"{told[1]['items']} purchases as CSV and JSON Lines"
    results.add(
        "opendata.bulk.mb", full, "MB", f"the worker's memory above its rest for {what}; "
        f"{small:.1f} MB for {told[SHARE]['items']}, in all {told[1]['mb'] / told[SHARE]['mb']:.2f} times as much",
    )  # fmt: skip
    results.add(
        "opendata.bulk.seconds", told[1]["seconds"], "s", f"{what}, {PURCHASES // SHARE} at a checkpoint"
    )


def main() -> None:
    """Write the purchases."""
    app = create_app(load_settings(os.environ))
    with app.app_context():
        resource, idle, started = get_resource("purchases"), peak_megabytes(), time.perf_counter()
        bulk.write_kind(resource, clock.now())
        seconds = time.perf_counter() - started
        file = bulk.find_file("purchases", "csv")
        assert file is not None
        told = {"items": file.items, "seconds": seconds, "idle": idle, "mb": peak_megabytes()}
        db.session.rollback()
        for engine in db.engines.values():
            engine.dispose()
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
