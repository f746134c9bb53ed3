"""Files as spreadsheets, old programs and tired people write them: each counts right or says line and fault."""

import io
import json

import click
import pytest
from click.testing import CliRunner

from voting.counting.cli import commands
from voting.counting.pabulib import PabulibError, read_pabulib, write_pabulib, write_sections
from voting.counting.pabulib_lines import MAX_LINE

CIVIC = click.Group(commands={command.name: command for command in commands})

PLAIN = """META
key;value
description;Test
country;Romania
unit;Cluj
instance;2027
num_projects;3
num_votes;3
budget;100
vote_type;approval
rule;greedy
date_begin;2027
date_end;2027
currency;RON
PROJECTS
project_id;cost;name;category
1;60;Parc;verde
2;50;Drum;drumuri
3;40;Sală;sport
VOTES
voter_id;vote;age;sex
a;1,2;30;F
b;1,3;31;M
c;3;32;F
"""


def ask(tmp_path, data, command="count", *args):
    path = tmp_path / "city.pb"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return CliRunner().invoke(CIVIC, [command, str(path), *args])


def spread(text, width=6):
    """The file as a spreadsheet exports it: every line as wide as the widest."""
    return "".join(line + ";" * (width - line.count(";")) + "\n" for line in text.splitlines())


def swapped(text):
    text = text.replace("project_id;cost;name;category", "category;name;cost;project_id")
    for number, (cost, name, kind) in enumerate(
        [(60, "Parc", "verde"), (50, "Drum", "drumuri"), (40, "Sală", "sport")], 1
    ):
        text = text.replace(f"{number};{cost};{name};{kind}", f"{kind};{name};{cost};{number}")
    return text


COUNTED = {
    "plain": PLAIN,
    "byte order mark": "\ufeff" + PLAIN,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR only": PLAIN.replace("\n", "\r"),
    "no end of the last line": PLAIN.rstrip("\n"),
    "blank lines at the end": PLAIN + "\n \n\r\n\t\n",
    "blank lines between sections": PLAIN.replace("PROJECTS", "\n\nPROJECTS\n").replace("VOTES", "\n \nVOTES\n"),
    "sections in lower case": PLAIN.replace("META", "meta").replace("PROJECTS", "Projects").replace("VOTES", "votes "),
    "a spreadsheet's empty cells": spread(PLAIN),
    "empty cells left out at the end": PLAIN.replace(";30;F", "").replace(";31;M", ";31").replace("Drum;drumuri", "Drum"),
    "columns in another order": swapped(PLAIN),
    "further columns": PLAIN.replace("cost;name", "cost;x;name").replace("0;P", "0;;P").replace("0;D", "0;5;D").replace("0;S", "0;z;S"),
    "quoted separators and quotes": PLAIN.replace("Parc", '"Parc; ""Mare"", verde"').replace("a;1,2;", '"a";"1,2";'),
    "a line in a cell": PLAIN.replace("Parc", '"Parc\nmare"'),
    "spaces around cells": PLAIN.replace("a;1,2;", " a ; 1 , 2 ;").replace("budget;100", " budget ; 100 "),
    "a decimal comma": PLAIN.replace("budget;100", "budget;100,00").replace("1;60;", "1;60,0;"),
    "a decimal point": PLAIN.replace("budget;100", "budget;100.00").replace("1;60;", "1;60.0;"),
    "scientific notation": PLAIN.replace("budget;100", "budget;1e+02").replace("1;60;", "1;6E1;"),
    "the type in capitals": PLAIN.replace("approval", " Approval "),
    "a project twice in a ballot": PLAIN.replace("a;1,2;", "a;1,2,1;"),
    "commas too many in a ballot": PLAIN.replace("a;1,2;", "a;,1,,2,;"),
    "ordinal": PLAIN.replace("approval", "ordinal").replace("c;3;", "c;3,1;"),
    "cumulative": PLAIN.replace("approval", "cumulative").replace("voter_id;vote;age", "voter_id;vote;points")
        .replace("1,2;30", "1,2;2,1").replace("1,3;31", "1,3;2,2").replace("3;32", "3;1"),
    "scoring": PLAIN.replace("approval", "scoring").replace("voter_id;vote;age", "voter_id;vote;points")
        .replace("1,2;30", "1,2;2,,1,").replace("1,3;31", "1,3;2.5,2").replace("3;32", "3;1"),
    "a comment": PLAIN.replace("currency;RON\n", "currency;RON\ncomment;#1: one; two #2: three\n").replace("one; two", "one, two"),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_it_counts_as_the_plain_file_does(tmp_path, name):
    found = ask(tmp_path, COUNTED[name], "count", "--json")
    assert found.exit_code == 0, found.stderr
    assert sorted(json.loads(found.stdout)["selected"]) == ["1", "3"]
    assert ask(tmp_path, COUNTED[name], "validate").exit_code == 0
    file = read_pabulib(io.BytesIO(COUNTED[name].encode()), keep_rows=True)
    out = io.StringIO(newline="")
    write_pabulib(file, out)
    assert read_pabulib(io.StringIO(out.getvalue()), keep_rows=True) == file


OTHERS = {
    "nobody voted": (PLAIN.split("a;1,2")[0].replace("num_votes;3", "num_votes;0"), []),
    "a blank ballot": (PLAIN.replace("a;1,2;", "a;;"), ["3", "1"]),
    "no money": (PLAIN.replace("budget;100", "budget;0"), []),
    "a project that costs nothing": (PLAIN.replace("2;50;", "2;0;"), ["3", "1", "2"]),
    "a project dearer than all": (PLAIN.replace("1;60;", "1;600;"), ["3", "2"]),
    "choose-1": (PLAIN.replace("approval", "choose-1").replace("1,2", "2").replace("1,3", "3"), ["3", "2"]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_it_counts(tmp_path, name):
    text, winners = OTHERS[name]
    found = ask(tmp_path, text, "count", "--json")
    assert found.exit_code == 0, found.stderr
    assert json.loads(found.stdout)["selected"] == winners


REFUSED = {
    "thousands": (PLAIN.replace("budget;100", "budget;1,000"), 9, "ambiguous"),
    "a no-break space": (PLAIN.replace("budget;100", "budget;1\u00a0000"), 9, "budget is not a number"),
    "a thin space": (PLAIN.replace("1;60;", "1;6\u20090;"), 17, "cost of project 1 is not a number"),
    "UTF-16": (PLAIN.encode("utf-16"), 1, "UTF-16"),
    "latin-2": (PLAIN.encode("iso-8859-2"), 19, "not UTF-8"),
    "a NUL": (PLAIN.replace("b;1", "b;\0001"), 23, "NUL"),
    "a key twice": (PLAIN.replace("budget;100", "budget;100\nbudget;90"), 10, "comes twice"),
    "fewer votes than told": (PLAIN.replace("num_votes;3", "num_votes;4"), 8, "num_votes is 4 but the file has 3"),
    "a project id twice": (PLAIN.replace("2;50;", "1;50;"), 18, "project 1 comes twice"),
    "a voter twice": (PLAIN.replace("c;3", "a;3"), 24, "voter a comes twice"),
    "tabs": (PLAIN.replace(";", "\t"), 2, "header"),
    "commas": (PLAIN.replace(";", ","), 2, "header"),
    "no cost": (PLAIN.replace("project_id;cost;name", "project_id;price;name"), 16, "no column cost"),
    "a ballot cut short": (PLAIN.replace("b;1,3;31;M", "b"), 23, "1 cells"),
    "cells too many": (PLAIN.replace("b;1,3;31;M", "b;1,3;31;M;x"), 23, "5 cells"),
    "another type": (PLAIN.replace("approval", "knapsack"), 10, "unknown vote type"),
}  # fmt: skip


@pytest.mark.parametrize("command", ["count", "validate"])
@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_line_and_fault(tmp_path, name, command):
    data, line, fault = REFUSED[name]
    found = ask(tmp_path, data, command)
    assert (found.exit_code, found.stdout) == (2, "")
    assert any(f": line {line}: " in told and fault in told for told in found.stderr.splitlines()), (
        found.stderr
    )


def test_what_is_left_out_at_the_end_of_a_row_is_noted(tmp_path):
    text = PLAIN.replace("b;1,3;31;M", "b;1,3")
    assert "note, line 23: 2 cells of 4: the others are taken as empty" in ask(tmp_path, text).stderr
    assert "note, line 22: a comma too many" in ask(tmp_path, PLAIN.replace("a;1,2;", "a;1,2,;")).stderr


@pytest.mark.parametrize("mark", ['"', "\r"])
@pytest.mark.parametrize("size", [MAX_LINE // 2 - 40, MAX_LINE // 2 + 40, MAX_LINE - 40])
def test_what_is_accepted_can_be_written_and_read_again(mark, size):
    refused = set()
    for name in ("x" + mark * size, ("x" + mark) * (size // 2), '"' + '""' * (size // 2) + '"'):
        text = PLAIN.replace("Parc", name)
        try:
            file = read_pabulib(io.StringIO(text, newline=""), keep_rows=True)
        except PabulibError as error:
            refused |= {fault.message_code for fault in error.faults}
            continue
        out = io.StringIO(newline="")
        write_pabulib(file, out)
        assert read_pabulib(io.StringIO(out.getvalue(), newline=""), keep_rows=True) == file
    assert refused <= {"line_too_long", "unknown_project"}


def test_a_row_that_could_not_be_read_again_is_not_written():
    columns, votes = ["project_id", "cost"], ["voter_id", "vote"]
    for cell in ("x" * MAX_LINE, '"' * (MAX_LINE // 2), "ș" * (MAX_LINE // 2)):
        with pytest.raises(ValueError, match="read again"):
            write_sections(io.StringIO(), {"description": cell}, columns, [], votes, [])
