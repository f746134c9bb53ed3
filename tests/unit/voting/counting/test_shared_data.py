"""Real elections: official outcomes and those of another implementation, where the reference data is there."""

import csv
import json
import os
from decimal import Decimal
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from voting.counting.cli import commands
from voting.counting.pabulib import read_pabulib, write_pabulib

REPOSITORY = Path(__file__).resolve().parents[4]
DATA = Path(os.environ.get("CIVIC_SHARED_DATA") or REPOSITORY.parent / "shared/data") / "pabulib"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA} (set CIVIC_SHARED_DATA)"),
]
CIVIC = click.Group(commands={command.name: command for command in commands})


def expected_cases():
    if not DATA.is_dir():
        return []
    expected = json.loads((DATA / "expected.json").read_text())
    return [
        pytest.param(file, case["args"], case["selected"], id=f"{file}: {case['what']}")
        for file, cases in expected.items()
        for case in cases
    ]


def index_rows():
    if not DATA.is_dir():
        return []
    with (DATA / "INDEX.tsv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


@cache
def outcome(file, args):
    result = CliRunner().invoke(CIVIC, ["count", str(DATA / file), *args, "--json"])
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize(("file", "args", "selected"), expected_cases())
def test_the_outcome_is_the_recorded_one(file, args, selected):
    found = outcome(file, tuple(args))
    assert sorted(found["selected"]) == selected
    assert Decimal(found["spent"]) <= Decimal(found["budget"])


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r["file"]) for r in index_rows() if r["official_reproducible"] == "y"]
)
def test_the_official_outcome_is_reproduced(row):
    with (DATA / row["file"]).open("rb") as handle:
        official = read_pabulib(handle).selected
    args = tuple((row["official_args"] or "").split())
    assert set(outcome(row["file"], args)["selected"]) == {p for p, mark in official.items() if mark == "1"}


@pytest.mark.parametrize("row", [pytest.param(r, id=r["file"]) for r in index_rows()])
def test_a_real_file_is_read_without_a_note_and_written_back(row, tmp_path):
    with (DATA / row["file"]).open("rb") as handle:
        file = read_pabulib(handle, keep_rows=True)
    assert file.notes == ()
    assert (len(file.instance.projects), file.profile.voters) == (
        int(row["num_projects"]),
        int(row["num_votes"]),
    )
    with (tmp_path / "copy.pb").open("w", encoding="utf-8", newline="") as handle:
        write_pabulib(file, handle)
    with (tmp_path / "copy.pb").open("rb") as handle:
        assert read_pabulib(handle, keep_rows=True) == file


def test_wieliczka_is_compared_as_the_city_did():
    found = outcome("Poland_Wieliczka_2023_Green_Budget.pb", ())
    assert found["record"]["comparison"] == {
        "prefer_equal_shares": 1615,
        "prefer_greedy": 873,
        "greedy_replaces": False,
    }
    assert (len(found["selected"]), found["spent"]) == (30, "995079")


def test_poznan_funds_the_near_miss_from_elsewhere():
    file = next(row["file"] for row in index_rows() if "Poznan" in row["file"])
    found = outcome(file, ())
    assert found["selected"] == ["V.6", "V.5"]
    assert (found["spent"], found["topped_up"]) == ("1050000", "15000")
