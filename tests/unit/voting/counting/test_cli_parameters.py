"""Every parameter a rule can have, from the command line and from the file itself."""

import io
import json
from dataclasses import fields
from decimal import Decimal

import click
import pytest
from click.testing import CliRunner

from voting.counting.cli import commands, count_file
from voting.counting.pabulib import PabulibError, read_pabulib, write_pabulib
from voting.counting.pabulib_rule import rule_as_meta, rule_of
from voting.counting.rules import Rule, UnknownRule

CIVIC = click.Group(commands={command.name: command for command in commands})

APPROVAL = """META
key;value
budget;100
vote_type;approval
rule;greedy
currency;RON
PROJECTS
project_id;cost;name;category
1;60;Parc;verde
2;50;Drum;drumuri
3;40;Sală;sport
4;30;Pistă;drumuri
VOTES
voter_id;vote
a;1,2
b;1,2
c;1,3
d;2,4
e;1
f;3
"""

ORDINAL = """META
key;value
budget;100
vote_type;ordinal
rule;greedy
max_length;3
PROJECTS
project_id;cost
1;60
2;60
3;60
VOTES
voter_id;vote
a;1,2,3
b;2,1,3
c;2,1,3
d;1,3,2
e;3,2,1
f;3,1,2
g;3,1,2
"""


@pytest.fixture
def run(tmp_path):
    def invoke(text, *args, command="count"):
        path = tmp_path / "city.pb"
        path.write_text(text, encoding="utf-8")
        return CliRunner().invoke(CIVIC, [command, str(path), *args])

    return invoke


@pytest.fixture
def winners(run):
    def counted(text, *args):
        result = run(text, "--json", *args)
        assert result.exit_code == 0, result.stderr
        found = json.loads(result.stdout)
        assert {
            "rule",
            "parameters",
            "budget",
            "spent",
            "selected",
            "rejected",
            "ties",
            "fingerprint",
        } <= set(found)
        return "".join(found["selected"])

    return counted


def with_meta(text, *lines):
    return text.replace("PROJECTS\n", "".join(f"{line}\n" for line in lines) + "PROJECTS\n", 1)


def with_column(text, name, **cells):
    """The file with a further column of PROJECTS; `_1="x"` is project 1's cell."""
    lines, section = [], ""
    for line in text.splitlines():
        section = line if line in ("META", "PROJECTS", "VOTES") else section
        if section == "PROJECTS" and line != section:
            first = line.split(";")[0]
            line += f";{name if first == 'project_id' else cells.get('_' + first, '')}"
        lines.append(line)
    return "\n".join([*lines, ""])


# Approvals: 1 has 4, 2 has 3, 3 has 2, 4 has 1. Without anything, 1 (60) and 3 (40) win.


def test_without_parameters(winners):
    assert winners(APPROVAL) == "13"


#: option, and the META line that says the same -> winners
SAME = [
    (["--min-score", "3"], "civic_min_score;3", "greedy", "1"),
    (["--max-winners", "1"], "civic_max_winners;1", "greedy", "1"),
    (["--top-up-limit", "10"], "civic_top_up_limit;10", "greedy", "12"),
    (["--top-up-limit", "9,99"], "civic_top_up_limit;9.99", "greedy", "13"),
    (["--top-up-share", "0.8"], "civic_top_up_share;0.8", "greedy", "12"),
    (["--top-up-share", "0.81"], "civic_top_up_share;0.81", "greedy", "13"),
    (["--top-up-limit", "10"], "civic_top_up_limit;10", "greedy-custom", "12"),
    (["--top-up-limit", "9"], "civic_top_up_limit;9", "greedy-custom", "1"),
    (["--start", "floor"], "civic_start;floor", "equalshares", "1"),
    (["--satisfaction", "cardinality"], "civic_satisfaction;cardinality", "equalshares", "1"),
    (["--increment", "7,5"], "civic_increment;7,5", "equalshares/add1", "1"),
    (["--stop-when-exhaustive"], "civic_stop_when_exhaustive;1", "equalshares/add1", "1"),
    (["--tie-break", "order:4,3,2,1"], "civic_tie_break;order:4,3,2,1", "phragmen", "1"),
]


@pytest.mark.parametrize(("options", "line", "rule", "expected"), SAME)
def test_an_option_and_a_line_of_the_file_say_the_same(run, winners, options, line, rule, expected):
    text = APPROVAL.replace("rule;greedy", f"rule;{rule}")
    assert winners(text, *options) == expected
    assert winners(with_meta(text, line)) == expected
    by_option = json.loads(run(text, "--json", *options).stdout)
    by_file = json.loads(run(with_meta(text, line), "--json").stdout)
    assert (
        by_option["fingerprint"]
        == by_file["fingerprint"]
        != json.loads(run(text, "--json").stdout)["fingerprint"]
    )


def test_an_option_comes_before_the_file(winners):
    text = with_meta(APPROVAL, "civic_max_winners;1", "civic_tie_break;seed:x")
    assert winners(text, "--max-winners", "2") == "13"
    assert winners(text, "--tie-break", "file") == "1"


def test_another_rule_takes_of_the_file_only_what_any_rule_may_have(run, winners):
    text = with_meta(APPROVAL, "civic_top_up_limit;10", "civic_max_winners;2", "civic_tie_break;seed:x")
    found = json.loads(run(text, "--json", "--rule", "greedy-no-skip").stdout)
    assert (found["selected"], found["parameters"]["max_winners"]) == (["1"], 2)
    assert "top_up_limit" not in found["parameters"]
    assert found["parameters"]["tie_break"] == "seed:x"
    assert winners(text, "--rule", "greedy") == "12"


def test_points_by_place(run, winners):
    # Three points for the first place: 1 has 15, 2 and 3 have 14 and 13; with 5,1,0 the third wins.
    assert winners(ORDINAL) == "1"
    assert winners(ORDINAL, "--rank-scores", "5,1,0") == "3"
    assert winners(with_meta(ORDINAL, "civic_rank_scores;5,1,0")) == "3"
    for wrong in ("1,2", "0", "a", "5;1"):
        assert run(ORDINAL, "--rank-scores", wrong).exit_code == 2
    refused = run(APPROVAL, "--rank-scores", "3,2,1")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "for ordinal ballots" in refused.stderr
    compared = json.loads(run(ORDINAL, "--rank-scores", "5,1,0", "--compare", "--json").stdout)
    assert {one["id"]: one["score"] for one in compared["projects"]} == {"3": "16", "1": "14", "2": "12"}


def test_the_best_of_each_group_first(run, winners):
    assert winners(APPROVAL, "--group-winners-first", "--group-column", "category") == "13"
    text = with_column(APPROVAL, "civic_group", _1="A", _2="A", _3="A", _4="B")
    assert winners(text) == "13"
    assert winners(text, "--group-winners-first") == "14"
    told = with_meta(text, "civic_group_winners_first;1")
    assert winners(told) == "14"
    assert winners(told, "--no-group-winners-first") == "13"
    for args in (["--group-winners-first"], ["--group-column", "none"]):
        refused = run(APPROVAL, *args)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "column" in refused.stderr
    assert run(text, "--group-winners-first", "--rule", "phragmen").exit_code == 2


def test_exclusive_sets(run, winners):
    assert winners(APPROVAL, "--exclusive", "1,3") == "14"
    assert winners(APPROVAL, "--exclusive", "1,3", "--exclusive", "1,4") == "1"
    text = with_column(APPROVAL, "civic_exclusive", _1="Piața,Școala", _3="Piața", _4="Școala")
    assert winners(text) == "1"
    assert winners(text, "--rule", "phragmen") == winners(text.replace("rule;greedy", "rule;phragmen"))
    record = json.loads(run(text, "--json").stdout)["record"]
    assert record["exclusive_sets"] == [["1", "3"], ["1", "4"]]
    for wrong in ("1", "1,9", "", ",,"):
        refused = run(APPROVAL, "--exclusive", wrong)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert "--exclusive" in refused.stderr


def test_a_project_withdrawn_without_a_made_up_cost(winners):
    assert winners(with_column(APPROVAL, "civic_withdrawn", _1="1", _2="0")) == "23"


@pytest.mark.parametrize(
    "line",
    [
        "civic_max_winners;few",
        "civic_max_winners;-1",
        "civic_top_up_share;1.5",
        "civic_top_up_limit;0",
        "civic_min_score;-2",
        "civic_group_winners_first;yes",
        "civic_tie_break;coin",
        "civic_tie_break;none",
        "civic_group_winners_first;none",
        "civic_tie_break;order:1,1",
        "civic_rank_scores;1,2",
        "civic_increment;2",
        "civic_satisfaction;cost",
    ],
)
def test_a_parameter_of_the_file_that_cannot_be_is_named_with_its_line(run, line):
    text = with_meta(APPROVAL, line)
    for command in ("count", "validate"):
        result = run(text, command=command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"line 7: {line.split(';')[0]} " in result.stderr
    lenient = run(text, "--lenient")
    assert lenient.exit_code == 0
    assert "note, line 7" in lenient.stderr


def test_an_unknown_parameter_of_the_file_is_noted(run):
    result = run(with_meta(APPROVAL, "civic_mood;glad"))
    assert result.exit_code == 0
    assert "note, line 7: civic_mood is not known" in result.stderr
    assert "civic_withdrawn is neither" in run(with_column(APPROVAL, "civic_withdrawn", _1="x")).stderr


@pytest.mark.parametrize(
    "rule",
    [
        Rule.named("greedy"),
        Rule.named("greedy-threshold", min_score=Decimal(7)),
        Rule.named("greedy-exclusive", tie_break="order:b;2,a"),
        Rule.named("greedy", group_winners_first=True, max_winners=3, tie_break="seed:ab"),
        Rule.named("greedy-no-skip", top_up_limit=Decimal("99.5"), top_up_share=Decimal("0.795")),
        Rule.named("greedy-custom"),
        Rule.named("greedy-custom", top_up_limit=Decimal(5)),
        Rule(name="greedy-custom"),
        Rule.named("equalshares/add1", increment=Decimal("0.01"), stop_when_exhaustive=True),
        Rule.named("equalshares/add1-comparison", start="floor", satisfaction="points", min_score=Decimal(2)),
        Rule.named("equalshares", completion="greedy", rank_scores="5,3,1"),
        Rule.named("phragmen", max_winners=0, min_score=Decimal("1.5")),
    ],
)
def test_a_rule_survives_the_keys_of_a_file(rule):
    assert rule_of(rule_as_meta(rule)) == rule
    lines = [";".join(f'"{cell}"' for cell in pair) for pair in rule_as_meta(rule).items()]
    file = read_pabulib(io.StringIO(with_meta(APPROVAL.replace("rule;greedy\n", ""), *lines)), keep_rows=True)
    assert rule_of(file.meta) == rule
    out = io.StringIO(newline="")
    write_pabulib(file, out)
    assert read_pabulib(io.StringIO(out.getvalue()), keep_rows=True) == file


def test_the_name_a_file_gave_is_kept_while_it_means_the_rule():
    add1 = Rule.named("equal-shares", completion="add1")
    assert rule_as_meta(add1, "EqualShares/add1") == {"rule": "EqualShares/add1"}
    assert rule_as_meta(add1, "unknown") == rule_as_meta(add1, "greedy") == {"rule": "equalshares/add1"}
    with pytest.raises(UnknownRule):
        rule_of({"civic_max_winners": "3"})


def test_groups_and_sets_are_written_and_read_again():
    text = (
        with_column(
            with_column(APPROVAL, "civic_group", _1="A;B", _2=" A;B "),
            "civic_exclusive",
            _1="x,y",
            _2="y",
            _3="x",
        )
        .replace(";A;B;", ';"A;B";')
        .replace("; A;B ;", ';" A;B ";')
    )
    file = read_pabulib(io.StringIO(text), keep_rows=True)
    assert [one.group for one in file.instance.projects] == ["A;B", "A;B", None, None]
    assert file.instance.exclusive_sets == (frozenset("13"), frozenset("12"))
    out = io.StringIO(newline="")
    write_pabulib(file, out)
    assert read_pabulib(io.StringIO(out.getvalue()), keep_rows=True) == file


def test_every_parameter_of_a_rule_has_an_option_and_a_help():
    options = {option.name: option for option in count_file.params if isinstance(option, click.Option)}
    for field in fields(Rule):
        if field.name != "name":
            assert options[field.name].help, field.name
    with pytest.raises(PabulibError):
        read_pabulib(io.StringIO(with_meta(APPROVAL, "civic_start;exact")))
