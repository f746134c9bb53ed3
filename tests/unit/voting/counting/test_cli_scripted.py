"""`civic count` and `civic validate` as another program runs them: a process, its two outputs, its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .test_shared_data import DATA

REPOSITORY = Path(__file__).resolve().parents[4]

FILE = """META
key;value
description;Test
country;Romania
unit;Cluj-Napoca
instance;2027
num_projects;4
num_votes;10
budget;1000
vote_type;approval
rule;{rule}
date_begin;2027
date_end;2027
currency;RON
PROJECTS
project_id;cost;name
1;600;Parc
2;300;Drum
3;300;Sală
4;90.5;Bancă „Ță”
VOTES
voter_id;vote
a;1
b;1
c;1
d;1,2
e;1,2
f;1,3
g;2,3
h;3
i;4
j;4
"""
KEYS = {"rule", "parameters", "budget", "spent", "selected", "rejected", "ties", "fingerprint"}


#: The two commands without the rest of the application, which would take most of the time.
ALONE = (
    "import click; from voting.counting.cli import commands; "
    "click.Group(commands={c.name: c for c in commands})(prog_name='civic')"
)


def civic(*args, entry=("-c", ALONE), **environment):
    """Run `civic` with an environment of another language, as a cron job would have it."""
    return subprocess.run(
        [sys.executable, *entry, *map(str, args)], cwd=REPOSITORY, capture_output=True, timeout=120,
        env={**os.environ, "PYTHONIOENCODING": "", "LC_ALL": "C", **environment}, check=False,
    )  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def make(rule="greedy", **replaced):
        text = FILE.format(rule=rule)
        for old, new in replaced.values():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "city.pb"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def counted(*args):
    done = civic("count", *args, "--json")
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout.decode("utf-8"))


def decimals(value):
    """Everything in an outcome that is a number without being a string."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in decimals(item)]
    if isinstance(value, list):
        return [found for item in value for found in decimals(item)]
    return [value] if isinstance(value, float) else []


def test_the_outcome_is_one_json_object_and_nothing_else(file):
    done = civic("count", file(), "--json", entry=("-m", "civic"))
    assert (done.returncode, done.stderr) == (0, b"")
    found = json.loads(done.stdout.decode("utf-8"))
    assert set(found) >= KEYS
    assert (found["rule"], found["budget"], found["spent"]) == ("greedy", "1000", "990.5")
    assert found["selected"] == ["1", "2", "4"]
    assert [(r["id"], r["reason"]) for r in found["rejected"]] == [("3", "did_not_fit")]
    assert decimals(found) == []


def test_names_are_utf8_even_where_the_terminal_is_not(file):
    path = file()
    found = civic("count", path, "--json", "--explain", "4", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert found.returncode == 0, found.stderr.decode()
    assert json.loads(found.stdout.decode("utf-8"))["explanation"]["name"] == "Bancă „Ță”"


def test_without_a_rule_the_one_the_file_names_counts(file):
    assert counted(file("equalshares/add1"))["parameters"]["completion"] == "add1"
    done = civic("count", file("unknown"), "--json")
    assert (done.returncode, done.stdout) == (3, b"")
    assert "names no rule that can be counted: unknown rule 'unknown'" in done.stderr.decode()


def test_an_unknown_rule_exits_with_3_and_lists_the_rules(file):
    done = civic("count", file(), "--rule", "borda", "--json")
    assert (done.returncode, done.stdout) == (3, b"")
    assert "unknown rule 'borda'; choose with --rule from greedy, greedy-threshold" in done.stderr.decode()
    assert civic("count", file(), "--rule", "borda", "--compare").returncode == 3


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--completion", "add1"], "--completion cannot be used with the rule greedy, which"),
        (["--rule", "greedy", "--stop-when-exhaustive"], "--stop-when-exhaustive cannot be used with the rule greedy"),
        (["--tie-break", "coin"], "unknown tie-break 'coin': use file, seed:TEXT or order:ID,ID"),
        (["--tie-break", "seed:"], "unknown tie-break 'seed:'"),
        (["--increment", "0", "--rule", "equal-shares"], "the increment must be an amount over 0"),
        (["--increment", "much"], "Invalid value for '--increment'"),
        (["--min-score", "-2"], "Invalid value for '--min-score'"),
        (["--completion", "twice"], "'twice' is not one of 'none', 'greedy', 'add1', 'add1u', 'comparison', 'plain-comparison'"),
        (["--explain", "9"], "has no project '9'; it has 1, 2, 3, 4"),
        (["--explain", "1", "--compare"], "--explain and --compare cannot go together"),
        (["--most", "5"], "--most needs --explain"),
    ],
)  # fmt: skip
def test_unusable_parameters_exit_with_2(file, args, message):
    done = civic("count", file(), *args)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in " ".join(done.stderr.decode().split())


@pytest.mark.parametrize(
    ("replaced", "line", "message"),
    [
        (("2;300;Drum", "2;lots;Drum"), 18, "the cost of project 2 is not a number: lots"),
        (("e;1,2", "e;1,22"), 27, "unknown project '22'"),
        (("budget;1000", "budget;"), 15, "META has no budget"),
        (("vote_type;approval", "vote_type;holographic"), 10, "unknown vote type holographic"),
        (("num_votes;10", "num_votes;11"), 8, "num_votes is 11 but the file has 10 (cut short?)"),
        (("3;300;Sală", "2;300;Sală"), 19, "project 2 comes twice"),
        (("META\n", ""), 1, "the file does not start with a META section"),
    ],
)
@pytest.mark.parametrize("command", ["count", "validate"])
def test_unusable_files_exit_with_2_and_name_line_and_fault(file, command, replaced, line, message):
    path = file(fault=replaced)
    done = civic(command, path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{path}: line {line}: {message}" in done.stderr.decode("utf-8")


def test_validate_gives_its_findings_as_json(file):
    good = civic("validate", file(), "--json")
    assert (good.returncode, json.loads(good.stdout)) == (0, {"valid": True, "faults": [], "notes": []})
    bad = civic("validate", file(fault=("e;1,2", "e;1,22")), "--json")
    assert bad.returncode == 2
    assert [fault["line"] for fault in json.loads(bad.stdout)["faults"]] == [27]


def test_one_project_is_told_in_full_as_json(file):
    path = file("equalshares")
    won = counted(path, "--explain", "1")["explanation"]
    assert (won["step"], won["votes"], won["rank"], won["cost"]) == (1, 6, 1, "600")
    assert (won["start"], won["paid_at_most"], won["share"]) == ("100", "100", "100")
    assert (won["supporters"], won["gave_all"], won["gave_all_together"]) == (6, 6, "600")
    lost = counted(path, "--explain", "2")["explanation"]
    assert (lost["reason"], lost["supporters_money"], lost["used_by"]) == (
        "supporters_ran_out_of_money",
        "100",
        {"1": "200"},
    )
    # One more voter lowers everybody's share: six of them can no longer pay 600, and four can pay 300.
    assert (lost["votes_needed"], lost["most_tried"]) == (1, 10)
    assert decimals(won) == decimals(lost) == []
    assert counted(path, "--explain", "2", "--most", "0")["explanation"]["votes_needed"] is None


def test_under_phragmen_loads_are_told(file):
    path = file("phragmen")
    # 4 at 45.25 each; 2 before 1 and 3, level at 100; then 3 at (300 + 100) / 3; then 1 does not fit.
    won = counted(path, "--explain", "3")["explanation"]
    assert (won["supporters"], won["load"]) == (3, "133.33")
    assert (won["paid_at_least"], won["paid_at_most"]) == ("33.33", "133.33")
    lost = counted(path, "--explain", "1")["explanation"]
    assert (lost["reason"], lost["used_by"]) == ("did_not_fit", {"2": "200", "3": "133.33"})
    assert decimals(won) == decimals(lost) == []


def test_under_a_rule_by_score_it_is_told_whom_its_supporters_also_chose(file):
    lost = counted(file(), "--explain", "3")["explanation"]
    assert (lost["more_needed"], lost["remaining"], lost["lacking"]) == (1, "100", "200")
    assert lost["supporters_by_winner"] == {"1": 1, "2": 1}


def test_every_rule_side_by_side(file):
    done = civic("count", file(), "--compare", "--json")
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert [rule["name"] for rule in found["rules"]] == [
        "greedy", "no-skip", "shares/none", "shares/greedy", "shares/add1", "shares/add1u", "shares/comparison",
        "shares/plain-comparison", "phragmen",
    ]  # fmt: skip
    for rule in found["rules"]:
        first = found["rules"][0]["selected"]
        assert set(rule["added"]) == set(rule["selected"]) - set(first)
        assert set(rule["removed"]) == set(first) - set(rule["selected"])
    assert found["compared_with"] == "greedy"
    last = counted(file(), "--rule", "phragmen")
    assert (found["rules"][-1]["selected"], found["rules"][-1]["spent"]) == (last["selected"], last["spent"])


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA} (set CIVIC_SHARED_DATA)")
def test_a_real_file_whose_rule_is_unknown_can_still_be_compared():
    path = DATA / "Switzerland_Zurich_D10.pb"
    assert civic("count", path, "--json").returncode == 3
    assert civic("count", path, "--compare").returncode == 0
