"""How long a second `make run` takes to be ready."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.results import Results
from bench.servers import ROOT, free_port


def _start(environment: dict[str, str]) -> float:
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "civic", "run"], env=environment, cwd=ROOT, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    ready = next((line for line in process.stdout if "is ready" in line), None)
    taken = time.perf_counter() - started
    os.killpg(process.pid, signal.SIGINT)
    process.wait(60)
    if ready is None:
        raise RuntimeError("the product did not start")
    return taken


def measure(results: Results) -> None:
    """start.ready.s, of the demo city's second start."""
    with tempfile.TemporaryDirectory(prefix="civic-start-") as folder:
        Path(folder).chmod(0o755)
        environment = {**os.environ, "CIVIC_DATA_DIR": str(Path(folder) / "var"), "PORT": str(free_port())}
        _start(environment)
        results.add("start.ready.s", _start(environment), "s", "the second `make run`, demo city loaded")
