"""Counts in a process of its own: reads a file, counts it by each rule asked for, prints a JSON line a result.

`python -m bench.counting_child SIDE FILE RULES REPEATS` with SIDE one of `civic`, `pabutools` (ballots as it reads
them) and `merged` (identical ballots merged by it first); RULES are comma-separated names of `rules.RULES` (`+` for their comma and space).
Times are CPU seconds of this process, so that what else runs on the machine does not enter a ratio.
"""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

#: CPU seconds after which a call is not repeated any more.
ENOUGH = 5.0


def timed(call: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """The median CPU seconds of a call, repeated while that takes less than `ENOUGH`, and its last answer."""
    taken: list[float] = []
    answer = None
    while len(taken) < repeats and sum(taken) < ENOUGH:
        started = time.process_time()
        answer = call()
        taken.append(time.process_time() - started)
    return statistics.median(taken), answer


def tell(**line: Any) -> None:
    """Print one result."""
    print(json.dumps(line), flush=True)


def civic(path: str, rules: list[str], repeats: int) -> None:
    """Our side."""
    from bench.rules import rule_for
    from voting.counting.count import count
    from voting.counting.pabulib import read_pabulib

    def read() -> Any:
        with open(path, "rb") as handle:  # noqa: PTH123  the same call as on the other side
            return read_pabulib(handle)

    seconds, file = timed(read)
    tell(what="read", seconds=seconds)
    for what in rules:
        rule = rule_for(what)
        seconds, outcome = timed(
            lambda rule=rule: count(file.instance, file.profile, rule, explain=False), repeats
        )
        tell(what=what, seconds=seconds, selected=sorted(outcome.selected))


def pabutools(path: str, rules: list[str], repeats: int, merged: bool) -> None:
    """The other side."""
    from bench import oracle

    seconds, (instance, profile) = timed(lambda: oracle.read(path))
    tell(what="read", seconds=seconds)
    for what in rules:
        election, ballots = oracle.supported(instance, profile, points="points" in what)
        if merged:
            ballots = ballots.as_multiprofile()
        rule = oracle.rule(what, ballots)
        seconds, selected = timed(lambda rule=rule, e=election, b=ballots: rule(e, b), repeats)
        tell(what=what, seconds=seconds, selected=selected)


def generated(path: str, rules: list[str]) -> None:
    """A generated election: seconds of every step, by the clock and of CPU, and the most memory the process ever had."""
    from bench.rules import rule_for
    from voting.counting.count import count
    from voting.counting.pabulib import read_pabulib

    started = time.perf_counter()
    with open(path, "rb") as handle:  # noqa: PTH123
        file = read_pabulib(handle)
    tell(
        what="read", seconds=time.perf_counter() - started, cpu=time.process_time(), distinct=file.profile.distinct,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    )  # fmt: skip
    for what in rules:
        rule = rule_for(what)
        started, cpu = time.perf_counter(), time.process_time()
        outcome = count(file.instance, file.profile, rule, explain=False)
        tell(
            what=what, seconds=time.perf_counter() - started, cpu=time.process_time() - cpu,
            winners=len(outcome.selected), runs=outcome.record.get("runs"),
            megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        )  # fmt: skip


def what_ifs(path: str) -> None:
    """Three questions after a count by equal shares, and again with add1: seconds of each answer."""
    from decimal import Decimal

    from bench.rules import rule_for
    from voting.counting.count import count
    from voting.counting.pabulib import read_pabulib
    from voting.counting.what_if import Change, what_if

    with open(path, "rb") as handle:  # noqa: PTH123
        file = read_pabulib(handle)
    outcome = count(file.instance, file.profile, rule_for("equal shares"), explain=False)
    changes = {
        "a project less": Change(without=frozenset([outcome.selected[0]])),
        "another budget": Change(budget_limit=file.instance.budget_limit * Decimal("1.1")),
        "100 more votes": Change(more_votes={outcome.rejected[0].project: 100}),
    }
    for completion, name in (("", "equal shares"), (", add1", "add1")):
        for what, change in changes.items():
            started, cpu = time.perf_counter(), time.process_time()
            answer = what_if(file.instance, file.profile, rule_for(name), change)
            tell(
                what=what + completion, seconds=time.perf_counter() - started,
                cpu=time.process_time() - cpu, runs=answer.record["runs"],
            )  # fmt: skip


def main(side: str, path: str, rules: str, repeats: str) -> None:
    """Do what the arguments ask for."""
    wanted = [name.replace("+", ", ") for name in rules.split(",") if name]
    if side == "civic":
        civic(path, wanted, int(repeats))
    elif side == "generated":
        generated(path, wanted)
    elif side == "what-if":
        what_ifs(path)
    else:
        pabutools(path, wanted, int(repeats), merged=side == "merged")


if __name__ == "__main__":
    main(*sys.argv[1:])
