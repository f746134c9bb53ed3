"""A test run that is killed leaves a folder and a database behind: the next one removes them, and nobody else's."""

import subprocess
import sys
from pathlib import Path

from tests.support import ROOT, run_folder, sweep

#: A run that has begun and says where; in its folder a process that stands for the database.
RUN = """
import subprocess, sys, time
from pathlib import Path
from tests.support import run_folder
with run_folder(Path(sys.argv[1])) as folder:
    (folder / "pg").mkdir()
    database = subprocess.Popen(["sleep", "600"], cwd=folder / "pg", stdout=subprocess.DEVNULL)
    (folder / "pg" / "postmaster.pid").write_text(f"{database.pid}\\nand more\\n")
    print(folder, database.pid, flush=True)
    time.sleep(600)
"""


def begin(place: Path) -> tuple[subprocess.Popen[str], Path, Path]:
    """A run of its own process, its folder, and what tells that its database runs."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(place)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    folder, database = run.stdout.readline().split()
    return run, Path(folder), Path("/proc", database)


def test_what_a_killed_run_left_is_swept_and_what_runs_is_not(tmp_path: Path) -> None:
    (dead, left, orphan), (alive, kept, database) = begin(tmp_path), begin(tmp_path)
    strangers = tmp_path / "civic-without-owner"
    strangers.mkdir()
    try:
        dead.kill()
        dead.wait()
        assert left.is_dir()
        assert orphan.exists()
        with run_folder(tmp_path) as mine:
            assert not left.exists()
            assert not orphan.exists()
            sweep(tmp_path)
            assert mine.is_dir()
        assert not mine.exists()
        assert kept.is_dir()
        assert database.exists()
        assert strangers.is_dir()
    finally:
        alive.kill()
        alive.wait()
        sweep(tmp_path)
    assert not kept.exists()
    assert not database.exists()
