"""`make soak`: long campaigns, each a figure or some; writes `soak/results.json`."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.results import Results
from soak import counting, opendata, reanchoring, spam
from soak.casting import campaigns as casting

#: What takes the figures whose id begins as asked, with a number of rounds (None: each campaign's own).
CAMPAIGNS: list[Callable[[Results, int | None, str], None]] = [
    counting.measure,
    casting.measure,
    reanchoring.measure,
    spam.measure,
    opendata.measure,
]


def main() -> int:
    """Run what was asked for and write `soak/results.json`; 1 when a campaign found a failure."""
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--only", default="", help="figures whose id begins with this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=None, help="instead of each campaign's own number")
    arguments = parser.parse_args()
    # Stopped from outside, a campaign ends its servers as when it is over.
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    results = Results(arguments.seed)
    started = time.monotonic()
    for measure in CAMPAIGNS:
        measure(results, arguments.rounds, arguments.only)
    results.write(Path(__file__).with_name("results.json"))
    print(
        f"{len(results.figures)} figures in {time.monotonic() - started:.0f} s, written to soak/results.json"
    )
    failed = [f for f in results.figures if f.id.endswith((".failures", ".errors", ".diff")) and f.value != 0]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
