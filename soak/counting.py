"""The counting campaigns: the properties in `tests/unit/voting/counting` on many instances.

Each campaign is a test file, run by pytest with `CIVIC_SOAK` set, which writes how many instances every
property was tried on. A property's figure is that number; a campaign's `.failures` is how many of its tests failed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from bench.results import Results

TESTS = Path("tests/unit/voting/counting")
#: Campaign, its test file, and the instances of one property where `ROUNDS` does not say.
CAMPAIGNS = [
    ("properties", "test_every_rule.py", 5000),
    ("floats", "test_floats_never_decide.py", 5000),
    ("many_starts", "test_many_starts.py", 2000),
    ("reader", "test_reader_fuzz.py", 5000),
    ("memory", "test_reader_memory.py", 1),
]


def measure(results: Results, rounds: int | None, only: str) -> None:
    """The soak.count.* figures."""
    for name, file, own in CAMPAIGNS:
        prefix = f"soak.count.{name}."
        if prefix.startswith(only) or only.startswith(prefix):
            campaign(results, prefix, TESTS / file, rounds or own)


def campaign(results: Results, prefix: str, tests: Path, rounds: int) -> None:
    """One test file on many instances."""
    with tempfile.TemporaryDirectory(prefix="civic-soak-") as folder:
        tally, report = Path(folder, "tally"), Path(folder, "report.xml")
        command = [
            sys.executable, "-m", "pytest", "-q", str(tests), f"--junitxml={report}", "-n", "2",
            "-p", "no:cacheprovider", f"--hypothesis-seed={results.seed}",
        ]  # fmt: skip
        changes = {
            "CIVIC_SOAK": str(rounds),
            "CIVIC_SOAK_SEED": str(results.seed),
            "CIVIC_SOAK_TALLY": str(tally),
        }
        outcome = subprocess.run(command, env=os.environ | changes, check=False)
        tried: Counter[str] = Counter()
        for line in tally.read_text(encoding="utf-8").splitlines() if tally.exists() else []:
            name, instances = json.loads(line)
            tried[name] += instances
        for name, instances in sorted(tried.items()):
            results.add(prefix + name.removeprefix("test_"), instances, "instances", f"seed {results.seed}")
        results.add(prefix + "instances", sum(tried.values()), "instances", "all together")
        results.add(
            prefix + "failures", failures(report, outcome.returncode), "tests", f"of {tests.name}", rounds
        )


def failures(report: Path, status: int) -> int | None:
    """Failed tests and errors by the report; None when there is none."""
    if not report.exists():
        return None
    suites = ElementTree.parse(report).getroot().iter("testsuite")
    found = sum(int(suite.get("failures", 0)) + int(suite.get("errors", 0)) for suite in suites)
    return found if found or status == 0 else None
