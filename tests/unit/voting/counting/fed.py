"""Feeds the reader an endless-looking file of one shape and tells what became of it: run as a process of its own.

`python -m tests.unit.voting.counting.fed SHAPE MEGABYTES` prints the outcome, the peak of memory and the time.
"""

import hashlib
import itertools
import json
import random
import re
import resource
import sys
import time
from pathlib import Path

from voting.counting.count import count
from voting.counting.explanation import summarise
from voting.counting.pabulib import PabulibError, read_pabulib
from voting.counting.rules import Rule

HEAD = b"META\nkey;value\nbudget;1000\nvote_type;%s\n"
PROJECTS = b"PROJECTS\nproject_id;cost\n" + b"".join(b"%d;10\n" % p for p in range(300))
VOTES = b"VOTES\nvoter_id;vote\n"
APPROVAL = HEAD % b"approval" + PROJECTS + VOTES


def voters(row):
    return (b"".join(row(number) for number in range(at, at + 10)) for at in itertools.count(0, 10))


def chosen(number, many=8):
    return b",".join(b"%d" % ((number * (7 + at) + at * 37) % 300) for at in range(many))


def distinct(number):
    return b",".join(b"%d" % p for p in sorted({(number * (7 + at) + at * 37) % 300 for at in range(8)}))


def scattered(number):
    """Eight of the projects, hardly ever the same eight."""
    return b",".join(b"%d" % p for p in random.Random(number).sample(range(300), 8))


SHAPES = {
    "ballots": lambda: (APPROVAL, voters(lambda n: b"%d;%s\n" % (n, distinct(n)))),
    "wide ballots": lambda: (APPROVAL, voters(lambda n: b"%d;%s\n" % (n, b",".join(b"%d" % p for p in range(n % 7, 300, 7))))),
    "wide and all different": lambda: (APPROVAL, voters(lambda n: b"%d;%s\n" % (n, b",".join(b"%d" % p for p in range(n % 7, 300, 6) if p % 13 != n % 11 or n >> p % 17 & 1)))),
    "all different": lambda: (APPROVAL, voters(lambda n: b"%s;%s\n" % (hashlib.sha512(b"%d" % n).hexdigest()[:100].encode(), scattered(n)))),
    "points by hand": lambda: (
        HEAD % b"cumulative" + PROJECTS + b"VOTES\nvoter_id;vote;points\n",
        voters(lambda n: b"%s;%s;5,4,3,2,1,1,1,1\n" % (hashlib.sha512(b"%d" % n).hexdigest()[:100].encode(), scattered(n))),
    ),
    "long voter ids": lambda: (APPROVAL, voters(lambda n: b"%0130d;%d\n" % (n, n % 300))),
    "points": lambda: (
        HEAD % b"cumulative" + PROJECTS + b"VOTES\nvoter_id;vote;points\n",
        voters(lambda n: b"%d;1,2,3,4;%d.%d,2,3.5,%d\n" % (n, n % 99, n, n)),
    ),
    "one line": lambda: (APPROVAL, itertools.repeat(b"1,2,3" * 1000)),
    "blank lines": lambda: (APPROVAL, itertools.repeat(b"\n" * 10_000)),
    "open quotes": lambda: (APPROVAL, itertools.repeat(b'1;"2\n' * 1000)),
    "doubled quotes": lambda: (APPROVAL, itertools.repeat(b'"open\n' + (b'x""' * 420 + b"\n") * 201)),
    "faulty rows": lambda: (APPROVAL, voters(lambda n: b"%d;999\n" % n)),
    "the same voter": lambda: (APPROVAL, itertools.repeat(b"1;1\n" * 1000)),
    "blank ballots": lambda: (APPROVAL, voters(lambda n: b"%d;\n" % n)),
    "meta": lambda: (HEAD % b"approval", voters(lambda n: b"key%d;%s\n" % (n, b"v" * 90))),
    "long meta": lambda: (HEAD % b"approval", voters(lambda n: b"key%d;%s\n" % (n, b"v" * 200_000))),
    "projects": lambda: (HEAD % b"approval" + b"PROJECTS\nproject_id;cost;name\n", voters(lambda n: b"%d;10;%s\n" % (n, b"n" * 3000))),
    "nul bytes": lambda: (APPROVAL, itertools.repeat(b"\0" * 65_536)),
}  # fmt: skip


class Feed:
    """A handle over the head of a file and as many megabytes of the rest."""

    def __init__(self, head, rest, megabytes):
        self.left, self.buffer, self.rest = megabytes * 1_000_000, head, iter(rest)

    def read(self, size):
        while len(self.buffer) < size and self.left > 0:
            more = next(self.rest)
            self.left -= len(more)
            self.buffer += more
        piece, self.buffer = self.buffer[:size], self.buffer[size:]
        return piece


def own_peak():
    """The most memory this program held, in MB. The resource module would also tell what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main():
    shape, megabytes, lenient = sys.argv[1], int(sys.argv[2]), "lenient" in sys.argv[3:]
    counted = "count" in sys.argv[3:]
    started = time.monotonic()
    try:
        file = read_pabulib(Feed(*SHAPES[shape](), megabytes), lenient=lenient)
        outcome = f"read: {file.profile.voters} ballots"
        if counted:
            won = count(file.instance, file.profile, Rule.named("greedy"))
            outcome += f", {summarise(file.profile, won).voters_with_winner} with a winner"
    except PabulibError as error:
        outcome = f"refused: {error}"[:200]
    json.dump(
        {"outcome": outcome, "megabytes": own_peak(), "seconds": time.monotonic() - started}, sys.stdout
    )


if __name__ == "__main__":
    main()
