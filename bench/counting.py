"""How fast counting is, beside pabutools on the same file in the same run, and how it grows.

`python -m bench.counting --table [FOLDER]` prints the table of every file and rule; with `--write` it is put into
`docs/counting.md`. Real elections are looked for in `CIVIC_SHARED_DATA`, else in `../shared/data`.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bench.ballots import write_election
from bench.results import Results
from bench.rules import names_for
from voting.counting.cli import count_file
from voting.counting.pabulib import read_pabulib

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CIVIC_SHARED_DATA") or ROOT.parent / "shared/data") / "pabulib"
ROUNDS = 3
#: The longest a process of the other side may take, in seconds; what is not done by then is not compared.
PATIENCE = 420
SIZES = (10_000, 100_000, 1_000_000)

WIELICZKA = "Poland_Wieliczka_2023_Green_Budget.pb"
URSYNOW = "Poland_Warszawa_2023_Ursynow.pb"
KRAKOW = "Poland_Krakow_2020.pb"
LARGEST = "Poland_Wroclaw_2020.pb"
#: Figure, file, rule; `read` is the time to read the file.
SPEEDUPS = (
    ("count.wieliczka_add1.speedup", WIELICZKA, "add1"),
    ("count.ursynow2023_mes.speedup", URSYNOW, "equal shares"),
    ("count.krakow2020_mes.speedup", KRAKOW, "equal shares"),
    ("count.greedy.speedup", LARGEST, "greedy"),
    ("count.read.speedup", LARGEST, "read"),
)


def child(
    side: str, path: Path, rules: list[str], repeats: int = 1, patience: int = PATIENCE
) -> dict[str, dict[str, Any]]:
    """The results of one fresh process by rule; those it did not come to in time are missing."""
    names = ",".join(name.replace(", ", "+") for name in rules)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.counting_child", side, str(path), names, str(repeats)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        printed, _ = process.communicate()
    else:
        if process.returncode:
            raise RuntimeError(f"{side} failed on {path.name}")
    lines = [json.loads(line) for line in printed.splitlines() if line.endswith("}")]
    return {line["what"]: line for line in lines}


def index() -> list[dict[str, str]]:
    """The real elections there are, with what is known about them."""
    with (DATA / "INDEX.tsv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def recorded() -> dict[str, list[dict[str, Any]]]:
    """Outcomes written down by others, by file."""
    found: dict[str, list[dict[str, Any]]] = json.loads((DATA / "expected.json").read_text())
    return found


def counted(file: str, args: list[str]) -> list[str]:
    """The funded projects by `civic count`, sorted."""
    done = CliRunner().invoke(count_file, [str(DATA / file), *args, "--json"])
    if done.exit_code:
        raise RuntimeError(f"civic count {file} {' '.join(args)}: {done.stderr}")
    return sorted(json.loads(done.stdout)["selected"])


def official(row: dict[str, str]) -> bool | None:
    """Whether `civic count` funds what the city did; None where the file does not say all the city did."""
    if row["official_reproducible"] != "y":
        return None
    with (DATA / row["file"]).open("rb") as handle:
        selected = read_pabulib(handle).selected or {}
    won = sorted(project for project, mark in selected.items() if mark == "1")
    return counted(row["file"], (row["official_args"] or "").split()) == won


def shares(results: Results) -> None:
    """count.official.share and count.oracle.share, over every outcome known for every file."""
    equal: dict[str, list[bool]] = {"official": [], "pabutools": []}
    rows = {row["file"]: row for row in index()}
    equal["official"] = [found for row in rows.values() if (found := official(row)) is not None]
    for file, cases in recorded().items():
        for case in cases:
            if case["what"].startswith("pabutools"):
                equal["pabutools"].append(counted(file, case["args"]) == case["selected"])
    for name, measured in (("official", "official"), ("oracle", "pabutools")):
        outcomes = equal[measured]
        results.add(
            f"count.{name}.share",
            statistics.mean(outcomes),
            "",
            f"{sum(outcomes)} of {len(outcomes)} outcomes, {measured}",
        )


def speedups(results: Results) -> None:
    """CPU seconds of pabutools over ours, a fresh process each, in turns; the outcomes must be equal."""
    for figure, file, what in SPEEDUPS:
        ratios, ours, theirs = [], [], []
        for _round in range(ROUNDS):
            rules = [] if what == "read" else [what]
            mine, other = (
                child("civic", DATA / file, rules, ROUNDS),
                child("pabutools", DATA / file, rules, ROUNDS),
            )
            if what not in other:
                break
            if mine[what].get("selected") != other[what].get("selected"):
                raise RuntimeError(f"{file}, {what}: the outcomes differ")
            ours.append(mine[what]["seconds"])
            theirs.append(other[what]["seconds"])
            ratios.append(theirs[-1] / ours[-1])
        if not ratios:
            results.add(figure, None, "", f"pabutools did not finish within {PATIENCE} s")
            continue
        reference = (
            f"pabutools 1.2.3 {statistics.median(theirs):.3g} s, ours {statistics.median(ours):.3g} s of CPU, "
            f"{what}, {file}"
        )
        results.add(figure, statistics.median(ratios), "", reference, len(ratios))


def millions(results: Results) -> None:
    """Generated elections of 10,000 to 1,000,000 ballots × 300 projects; then the questions of 60,000."""
    with tempfile.TemporaryDirectory(prefix="civic-count-") as name:
        folder = Path(name)
        times: dict[int, dict[str, dict[str, Any]]] = {}
        for size in SIZES:
            path = folder / f"{size}.pb"
            write_election(path, size, 300, results.seed)
            times[size] = child("generated", path, ["greedy", "equal shares"])
        _growth(results, times)
        most = times[SIZES[-1]]
        what = f"{SIZES[-1]:,} ballots × 300 projects"
        _seconds(results, "count.million_read.s", most, "read", what)
        _seconds(results, "count.million_greedy.s", most, "greedy", what)
        _seconds(results, "count.million.s", most, "equal shares", what)
        long = child("generated", path, ["add1u"], patience=1500)
        _seconds(results, "count.million_add1u.s", long, "add1u", what)
        megabytes = [line["megabytes"] for found in (most, long) for line in found.values()]
        results.add(
            "count.million.mb",
            max(megabytes, default=None),
            "MB",
            f"at most, of {what}, reading and all rules",
        )
        path = folder / "60000.pb"
        write_election(path, 60_000, 100, results.seed)
        answers = [child("what-if", path, []) for _round in range(ROUNDS)]
        for question in answers[0]:
            seconds = statistics.median(answer[question]["cpu"] for answer in answers)
            slug = question.replace(", ", "_").replace(" ", "_")
            runs = answers[0][question]["runs"]
            results.add(
                f"count.whatif.{slug}.s",
                seconds,
                "s",
                f"of CPU, 60,000 ballots × 100 projects, equal shares, runs: {runs}",
                ROUNDS,
            )


def _seconds(results: Results, figure: str, found: dict[str, dict[str, Any]], what: str, size: str) -> None:
    """CPU seconds of one thread's work, which other work on the machine does not enter; beside it the clock's."""
    line = found.get(what)
    if line is None:
        results.add(figure, None, "s", f"{what}: not done in time, {size}")
        return
    runs = f", {line['runs']} runs" if line.get("runs") else ""
    reference = f"of CPU, {what}, {size} ({line['seconds']:.3g} s by the clock{runs})"
    results.add(figure, line["cpu"], "s", reference)


def _growth(results: Results, times: dict[int, dict[str, dict[str, Any]]]) -> None:
    """count.growth: how much faster than n log n the CPU time grew at worst, 1 meaning exactly so."""
    worst, shown = 0.0, []
    for what in ("read", "greedy", "equal shares"):
        taken = [times[size][what]["cpu"] for size in SIZES]
        shown.append(f"{what} " + " → ".join(f"{seconds:.2g}" for seconds in taken) + " s")
        for (small, before), (large, after) in pairwise(zip(SIZES, taken, strict=True)):
            expected = large * math.log(large) / (small * math.log(small))
            worst = max(worst, after / before / expected)
    results.add(
        "count.growth", worst, "", "over n log n, 10,000 → 100,000 → 1,000,000 ballots: " + "; ".join(shown)
    )


def measure(results: Results) -> None:
    """Every count.* figure."""
    if DATA.is_dir():
        shares(results)
        speedups(results)
    else:
        missing = ("count.official.share", "count.oracle.share", *(figure for figure, _, _ in SPEEDUPS))
        for figure in missing:
            results.add(figure, None, "", f"no reference elections in {DATA.name} (set CIVIC_SHARED_DATA)")
    millions(results)


def table(rounds: int, patience: int) -> Iterator[str]:
    """The table of every file and rule, line by line in Markdown."""
    yield "| file | rule | = official | = pabutools | ours, s | pabutools, s | ratio | merged, s | ratio |"
    yield "|---|---|---|---|---:|---:|---:|---:|---:|"
    known = recorded()
    for row in index():
        file = row["file"]
        path, rules = DATA / file, list(names_for(row["vote_type"]))
        stated = {case["what"].removeprefix("pabutools "): case["selected"] for case in known.get(file, [])}
        if "add1" not in stated:
            # pabutools needs hours for these, and nobody has written its outcome down.
            rules = [what for what in rules if "add1" not in what]
        ours = child("civic", path, rules, rounds)
        plain = child("pabutools", path, [what for what in rules if "add1" not in what], patience=patience)
        merged = child("merged", path, rules, patience=patience)
        equal = {True: "yes", False: "**no**", None: "–"}[official(row)]
        for what in ["read", *rules]:
            mine = ours[what]
            other = (merged.get(what) or plain.get(what) or {}).get("selected", stated.get(what))
            same = (
                ""
                if what == "read"
                else "–"
                if other is None
                else "yes"
                if mine["selected"] == other
                else "**no**"
            )
            official_cell = equal if what == "read" else ""
            name = f"{file} ({row['rule']})" if what == "read" else ""
            yield (
                f"| {name} | {what} | {official_cell} | {same} | {mine['seconds']:.4f} | "
                + " | ".join(
                    _pair(found.get(what) if what != "read" or found is plain else None, mine["seconds"])
                    for found in (plain, merged)
                )
                + " |"
            )


def _pair(line: dict[str, Any] | None, ours: float) -> str:
    if line is None:
        return "– | –"
    ratio = line["seconds"] / ours
    return f"{line['seconds']:.3f} | {ratio:.0f}" if ratio >= 10 else f"{line['seconds']:.3f} | {ratio:.1f}"


def tally(lines: list[str]) -> str:
    """How many outcomes of the table's lines were compared, with whom, and how many differ."""
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    with_official, with_oracle = ([row[column] for row in cells if len(row) > column] for column in (3, 4))
    said = [
        f"{found.count('yes') + found.count('**no**')} with {whom}"
        for found, whom in ((with_official, "the official ones"), (with_oracle, "those of pabutools"))
    ]
    differ = (with_official + with_oracle).count("**no**")
    return f"Outcomes compared: {' and '.join(said)}; {differ or 'none'} differ."


BEGIN, END = "<!-- table: python -m bench.counting --table --write -->\n", "<!-- end of table -->"


def main() -> int:
    """Print the table, and keep it if asked to."""
    parser = argparse.ArgumentParser(prog="bench.counting", description=__doc__)
    parser.add_argument(
        "--table", action="store_true", required=True, help="print the table of files and rules"
    )
    parser.add_argument("--write", action="store_true", help="and put it into docs/counting.md")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--patience", type=int, default=PATIENCE, help="seconds a file may take pabutools")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"No reference elections in {DATA.name} (set CIVIC_SHARED_DATA).", file=sys.stderr)
        return 2
    lines = []
    for line in table(arguments.rounds, arguments.patience):
        print(line, flush=True)
        lines.append(line)
    lines += ["", tally(lines)]
    print(lines[-1])
    if arguments.write:
        page = ROOT / "docs/counting.md"
        text = page.read_text(encoding="utf-8")
        before, rest = text.split(BEGIN)
        after = rest.split(END)[1]
        page.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
