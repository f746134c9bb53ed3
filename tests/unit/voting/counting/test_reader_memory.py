"""How much memory and time the reader takes for files of every shape: in `make soak` 300 MB of each."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.voting.counting.effort import SOAK, tally
from tests.unit.voting.counting.fed import SHAPES

REPOSITORY = Path(__file__).resolve().parents[4]
MEGABYTES = 300 if SOAK else 2
#: Shapes that are tried in every run.
FEW = ["ballots", "open quotes", "doubled quotes", "long meta"]


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("shape", SHAPES if SOAK else FEW)
def test_a_large_file_neither_hangs_nor_fills_the_memory(shape, mode):
    command = [sys.executable, "-m", "tests.unit.voting.counting.fed", shape, str(MEGABYTES), mode]
    told = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=900 if SOAK else 120
    )
    found = json.loads(told.stdout)
    assert found["outcome"]
    assert found["megabytes"] < 300, found
    tally("a_large_file")


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("megabytes", [60, 230] if SOAK else [5])
def test_a_large_valid_file_is_read_and_counted_in_little_memory(megabytes, mode):
    # 230 MB are all but the most ballots there may be: 1.7 million, hardly two alike, none with a number for a name.
    command = [
        sys.executable,
        "-m",
        "tests.unit.voting.counting.fed",
        "all different",
        str(megabytes),
        mode,
        "count",
    ]
    told = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=900)
    found = json.loads(told.stdout)
    assert found["outcome"].endswith(" with a winner"), found
    assert found["megabytes"] < (300 if megabytes > 60 else 150), found
    tally("a_large_valid_file")
