"""Every real election at hand can be counted, checked and imported."""

import csv
import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from voting import importing
from voting.counting.cli import commands

CIVIC = click.Group(commands={command.name: command for command in commands if command.name})
pytestmark = pytest.mark.shared_data


def test_every_file_is_accepted_by_count_validate_and_import(shared_data: Path) -> None:
    folder = shared_data / "pabulib"
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    assert len(rows) >= 20
    for row in rows:
        path = folder / row["file"]
        known = row["rule"] != "unknown"
        stated = [] if known else ["--rule", "greedy"]
        found = CliRunner().invoke(CIVIC, ["count", str(path), *stated, "--json"])
        assert found.exit_code == 0, (path, found.stderr)
        assert set(json.loads(found.stdout)["parameters"]) >= {"tie_break", "min_score"}
        if not known:
            assert CliRunner().invoke(CIVIC, ["count", str(path), "--json"]).exit_code == 3
        assert CliRunner().invoke(CIVIC, ["validate", str(path)]).exit_code == 0
        election = importing.read_election(path, None if known else "greedy")
        assert len(election.votes) == int(row["num_votes"])
