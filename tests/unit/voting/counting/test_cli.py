"""`civic count` and `civic validate`: outputs and exit codes."""

import json

import click
import pytest
from click.testing import CliRunner

from voting.counting.cli import commands

CIVIC = click.Group(commands={command.name: command for command in commands})

FILE = """META
key;value
description;Test
country;Romania
unit;Cluj-Napoca
instance;2027
num_projects;4
num_votes;5
budget;100,50
vote_type;approval
rule;{rule}
date_begin;2027
date_end;2027
currency;RON
min_project_score_threshold;2
PROJECTS
project_id;cost;name
1;60;Parc
2;40.5;Drum
3;40;"Sală; nouă"
4;5;Bancă
VOTES
voter_id;vote
a;1,2
b;1
c;1,3
d;3,2
e;4
"""


@pytest.fixture
def run(tmp_path):
    """`run("count", "--json", rule="greedy")` over a small file, or over `text`."""

    def invoke(command, *args, rule="greedy", text=None):
        path = tmp_path / "city.pb"
        path.write_text(FILE.format(rule=rule) if text is None else text, encoding="utf-8")
        return CliRunner().invoke(CIVIC, [command, str(path), *args])

    return invoke


def outcome(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_json_holds_the_whole_outcome(run):
    found = outcome(run("count", "--json"))
    assert (found["rule"], found["budget"], found["spent"]) == ("greedy", "100.5", "100")
    assert found["selected"] == ["1", "3"]
    assert found["parameters"]["min_score"] == "2"
    assert {r["id"]: r["reason"] for r in found["rejected"]} == {"2": "did_not_fit", "4": "below_min_score"}
    assert [tie["projects"] for tie in found["ties"]] == [["3", "2"]]
    assert len(found["fingerprint"]) == len(found["file_sha256"]) == 64


@pytest.mark.parametrize(
    ("args", "rule", "selected"),
    [
        ([], "greedy-no-skip", ["1", "3"]),
        (["--min-score", "0"], "greedy", ["1", "3"]),
        (["--min-score", "2,5"], "greedy", ["1"]),
        (["--rule", "greedy", "--tie-break", "order:4,3,2,1"], "unknown", ["1", "3"]),
        (["--max-winners", "1"], "greedy", ["1"]),
        ([], "equalshares", ["1", "4"]),
        (["--min-score", "2", "--completion", "greedy"], "equalshares", ["1", "3"]),
        (["--rule", "equal-shares", "--min-score", "2"], "equalshares/add1", ["1"]),
        (["--min-score", "2"], "equalshares/add1", ["1", "3"]),
        (["--rule", "equal-shares", "--satisfaction", "cardinality"], "greedy", ["4", "3"]),
        (
            ["--completion", "add1u", "--stop-when-exhaustive", "--increment", "0.5"],
            "equalshares",
            ["1", "4"],
        ),
        (["--rule", "phragmen"], "greedy", ["4", "3"]),
    ],
)
def test_rule_and_parameters_come_from_options_or_from_the_file(run, args, rule, selected):
    assert outcome(run("count", "--json", *args, rule=rule))["selected"] == selected


@pytest.mark.parametrize(
    ("args", "rule"), [([], "unknown"), ([], "magic"), (["--rule", "magic"], "greedy"), (["--rule", ""], "")]
)
def test_an_unknown_rule_exits_with_3(run, args, rule):
    result = run("count", *args, rule=rule)
    assert result.exit_code == 3
    assert "unknown rule" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "args",
    [
        ["--min-score", "-1"],
        ["--min-score", "many"],
        ["--increment", "0", "--rule", "equal-shares"],
        ["--completion", "add1"],
        ["--satisfaction", "joy"],
        ["--tie-break", "coin"],
        ["--tie-break", "order:1,2"],
        ["--explain", "99"],
    ],
)
def test_an_unusable_parameter_exits_with_2_and_says_why(run, args):
    result = run("count", *args)
    assert result.exit_code == 2
    assert result.stderr
    assert result.stdout == ""


def test_an_unusable_file_exits_with_2_and_names_line_and_fault(run):
    text = FILE.format(rule="greedy").replace("2;40.5;", "2;-40.5;").replace("c;1,3", "c;1,33")
    for command in ("count", "validate"):
        result = run(command, text=text)
        assert result.exit_code == 2
        assert "line 19: the cost of project 2 is negative: -40.5" in result.stderr
        assert "line 26: unknown project '33'" in result.stderr
        assert result.stdout == ""


def test_a_missing_file_or_a_folder_exits_with_2(tmp_path):
    for path in (tmp_path / "none.pb", tmp_path):
        for command in ("count", "validate"):
            assert CliRunner().invoke(CIVIC, [command, str(path)]).exit_code == 2


def test_lenient_leaves_faulty_lines_out_and_says_so(run):
    text = FILE.format(rule="greedy").replace("c;1,3", "c;1,33")
    result = run("count", "--lenient", "--json", text=text)
    assert "note, line 26: unknown project '33'" in result.stderr
    assert outcome(result)["selected"] == ["1", "2"]


def test_a_project_named_twice_in_a_ballot_is_counted_once_with_a_note(run):
    text = FILE.format(rule="greedy").replace("b;1", "b;1,1")
    result = run("count", "--json", text=text)
    assert "note, line 25: project 1 twice in a ballot: counted once" in result.stderr
    assert outcome(result)["steps"][0]["score"] == "3"


def test_the_table_shows_who_won_and_why_the_others_did_not(run):
    result = run("count")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "Budget 100.5 RON, spent 100 RON" in lines
    assert "1 1 3 3 60 40.5 Parc" in lines
    assert "2 3 2 2 40 0.5 Sală; nouă" in lines
    assert "2 2 2 40.5 did not fit: 0.5 RON were left; 1 more would have been enough" in lines
    assert "4 1 1 5 1 short of the minimum score 2; 1 more would have been enough" in lines
    assert "4 of 5 voters have a funded project they named." in lines


def test_one_project_is_explained(run):
    won = run("count", "--rule", "equal-shares", "--explain", "1").stdout
    assert "Funded as number 1" in won
    assert "paid at most 20 RON" in won
    lost = run("count", "--rule", "equal-shares", "--explain", "2").stdout
    assert "its 2 supporters had 20.2 RON left and it cost 40.5" in lost
    assert "  1: 20 RON" in lost
    data = outcome(run("count", "--json", "--explain", "4"))
    assert data["explanation"]["reason"] == "below_min_score"


@pytest.mark.parametrize(
    "rule", ["greedy", "greedy-no-skip", "greedy-custom", "equalshares/add1u", "phragmen"]
)
@pytest.mark.parametrize("extra", [[], ["--max-winners", "1"], ["--min-score", "3"]])
def test_every_reason_has_a_sentence(run, rule, extra):
    result = run("count", *extra, rule=rule)
    assert result.exit_code == 0, result.stderr
    for project in "1234":
        assert run("count", "--explain", project, *extra, rule=rule).exit_code == 0


def test_control_characters_of_a_file_do_not_reach_the_terminal(run):
    text = FILE.format(rule="greedy").replace("Parc", "Parc\x1b[2J")
    assert "\x1b" not in run("count", text=text).stdout


def test_validate_a_good_file(run):
    result = run("validate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "4 projects, 5 approval ballots" in result.stdout
    assert outcome(run("validate", "--json")) == {"valid": True, "faults": [], "notes": []}


def test_validate_lists_faults_as_json(run):
    result = run("validate", "--json", text=FILE.format(rule="greedy").replace("num_votes;5", "num_votes;6"))
    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "valid": False,
        "faults": [
            {
                "line": 8,
                "code": "num_votes_mismatch",
                "message": "num_votes is 6 but the file has 5 (cut short?)",
            }
        ],
        "notes": [],
    }


def test_both_are_part_of_the_civic_command():
    from civic.app import feature_commands

    assert {"count", "validate"} <= {command.name for command in feature_commands()}
