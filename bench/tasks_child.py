"""What waits in the queue of tasks, done as the worker does it, in a process of its own: `python -m bench.tasks_child`.

Only the application is loaded, so that the memory is a worker's and not that of whoever measures. Prints one line of
JSON: the seconds taken, and the most memory held before the tasks and in all, in MB.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from civic import clock, tasks
from civic.app import create_app
from civic.config import Settings, load_settings
from civic.extensions import db

ROOT = Path(__file__).resolve().parents[1]


def peak_megabytes() -> float:
    """The most memory this process held, in MB."""
    line = next(one for one in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in one)
    return int(line.split()[1]) / 1000


def environment_of(settings: Settings) -> dict[str, str]:
    """What a process of its own is told of the servers."""
    return {
        "CIVIC_ENV": "test",
        "CIVIC_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "LOG_LEVEL": "WARNING",
    }


def started_tasks(settings: Settings) -> "subprocess.Popen[str]":
    """A new process that does what waits."""
    return subprocess.Popen(
        [sys.executable, "-m", "bench.tasks_child"],
        env={**os.environ, **environment_of(settings)}, cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def run_tasks(settings: Settings) -> dict[str, Any]:
    """Do what waits in a new process and return what it says of itself."""
    child = started_tasks(settings)
    said = child.communicate()[0]
    if child.returncode:
        raise RuntimeError(f"the worker ended with {child.returncode}")
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    return told


def main() -> None:
    """Do what waits."""
    app = create_app(load_settings(os.environ))
    with app.app_context():
        idle = peak_megabytes()
        started = time.perf_counter()
        count = tasks.run_waiting(clock.now())
        seconds = time.perf_counter() - started
        heavy = sorted({"numpy", "scipy", "sklearn"} & set(sys.modules))
        for engine in db.engines.values():
            engine.dispose()
    told = {"tasks": count, "seconds": seconds, "idle": idle, "mb": peak_megabytes(), "loaded": heavy}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
