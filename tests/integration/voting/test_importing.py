"""Elections of the past: every ballot through the same cast, the official winners, resumed after a kill."""

import io
import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.actor import SYSTEM
from civic.errors import Conflict
from civic.extensions import db
from tests.pageclient import PageClient
from voting import casting, importing, publication, round_queries
from voting.counting.fingerprint import input_fingerprint
from voting.counting.pabulib import read_pabulib

SMALL = """META
key;value
description;Testing
country;Poland
unit;Gdzieś
instance;2023
num_projects;4
num_votes;6
budget;600
vote_type;{kind}
rule;greedy
date_begin;01.03.2023
date_end;12.03.2023
currency;PLN
{more}PROJECTS
project_id;cost;name
1;400;Unu
2;300;Doi
3;200;Trei
4;100;Patru
VOTES
voter_id;vote{column}
{rows}
"""


def write(
    path: Path, kind: str = "approval", more: str = "", column: str = "", rows: list[str] | None = None
) -> Path:
    rows = rows or ["1;1,2", "2;1", "3;1,3", "4;2", "5;3,4", "6;"]
    path.write_text(SMALL.format(kind=kind, more=more, column=column, rows="\n".join(rows)))
    return path


def silent(_done: int, _total: int) -> None:
    """No progress shown."""


def counted(table: str) -> int:
    return int(db.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_a_faulty_file_writes_nothing_and_names_its_lines(context: Flask, tmp_path: Path) -> None:
    path = write(tmp_path / "bad.pb", rows=["1;1", "2;9", "3", "4;1", "1;2", "6;3"])
    with pytest.raises(importing.UnusableFile) as refusal:
        importing.import_election(SYSTEM, path, clock.now(), silent)
    assert [line.split(":")[0] for line in refusal.value.lines] == ["line 24", "line 25", "line 27"]
    assert counted("round") == 0
    assert counted("person") == 0


def test_an_unknown_rule_is_asked_for(context: Flask, tmp_path: Path) -> None:
    path = write(tmp_path / "x.pb")
    path.write_text(path.read_text().replace("rule;greedy", "rule;unknown"))
    with pytest.raises(importing.UnusableFile):
        importing.import_election(SYSTEM, path, clock.now(), silent)
    assert importing.import_election(SYSTEM, path, clock.now(), silent, rule="greedy").winners


@pytest.mark.parametrize(
    ("kind", "more", "column", "rows", "winners"),
    [
        ("approval", "", "", None, {"1", "3"}),
        ("choose-1", "", "", ["1;1", "2;2", "3;2", "4;3", "5;4", "6;4"], {"2", "4", "3"}),
        ("ordinal", "max_length;3\n", "", ["1;1,2,3", "2;2,1", "3;2", "4;3", "5;4,3", "6;4"], {"2", "3", "4"}),
        (
            "cumulative", "", ";points",
            ["1;1,2;3,2", "2;1;5", "3;4;2.5", "4;3;1", "5;2,4;1,1", "6;;"], {"1", "4"},
        ),
    ],
)  # fmt: skip
def test_every_type_of_ballot_comes_in_and_goes_out_the_same(
    context: Flask,
    tmp_path: Path,
    kind: str,
    more: str,
    column: str,
    rows: list[str] | None,
    winners: set[str],
) -> None:
    path = write(tmp_path / "one.pb", kind, more, column, rows)
    imported = importing.import_election(SYSTEM, path, clock.now(), silent, slug="test")
    assert (imported.cast, imported.ballots) == (6, 6)
    assert set(imported.winners) >= winners
    round_ = round_queries.get_public_round("test")
    plan = round_queries.plan_of(round_)
    assert plan is not None
    out = io.StringIO(newline="")
    publication.write_pot(out, round_, plan, round_.pots[0].id, context.config["SETTINGS"].city)
    back = read_pabulib(io.StringIO(out.getvalue(), newline=""))
    with path.open("rb") as handle:
        first = read_pabulib(handle)
    assert back.profile == first.profile
    assert input_fingerprint(back.instance, back.profile).__len__() == 64
    assert counted("account") == 0
    assert counted("outbox_message") == 0


@pytest.mark.parametrize(
    ("language", "heading"), [("ro", "PLN pentru fiecare votant"), ("en", "PLN for each voter")]
)
def test_the_figures_of_a_round_are_in_its_own_currency(
    context: Flask, tmp_path: Path, language: str, heading: str
) -> None:
    importing.import_election(SYSTEM, write(tmp_path / "one.pb"), clock.now(), silent, slug="test")
    browser = PageClient(context)
    browser.speak(language)
    page = browser.get("voting.results", slug="test").main_text
    assert heading in page
    assert "Lei" not in page


def test_killed_halfway_it_goes_on_with_the_same_leaves(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "one.pb")
    real, casts = casting.cast_on, 0

    def cast_on(*args: object, **kwargs: object) -> casting.Receipt:
        nonlocal casts
        casts += 1
        if casts == 4:
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(casting, "cast_on", cast_on)
    with pytest.raises(KeyboardInterrupt):
        importing.import_election(SYSTEM, path, clock.now(), silent)
    db.session.rollback()
    leaves = set(db.session.scalars(text("SELECT leaf FROM cast_log")).all())
    assert len(leaves) == 3
    db.session.rollback()
    monkeypatch.undo()
    imported = importing.import_election(SYSTEM, path, clock.now(), silent)
    assert imported.cast == 3
    assert leaves <= set(db.session.scalars(text("SELECT leaf FROM closed_leaf")).all())
    assert counted("opened_ballot") == 6
    again = importing.import_election(SYSTEM, path, clock.now(), silent)
    assert (again.cast, again.winners) == (0, imported.winners)
    other = write(tmp_path / "two.pb", rows=["1;4", "2;4", "3;4", "4;4", "5;4", "6;4"])
    with pytest.raises(Conflict):
        importing.import_election(SYSTEM, other, clock.now(), silent)


def test_the_commands(context: Flask, tmp_path: Path) -> None:
    from civic.cli import Context
    from voting.cli import commands

    by_name = {command.name: command for command in commands}
    obj = Context(lambda _settings: context)
    obj.__dict__["settings"] = context.config["SETTINGS"]
    path, out = write(tmp_path / "one.pb"), tmp_path / "out.pb"
    result = CliRunner().invoke(by_name["import-election"], [str(path), "--slug", "unu"], obj=obj)
    assert result.exit_code == 0, result.output
    assert "winners: 1, 3" in result.output
    result = CliRunner().invoke(by_name["export-election"], ["unu", "-o", str(out)], obj=obj)
    assert result.exit_code == 0, result.output
    assert "num_votes;5" in out.read_text()
    result = CliRunner().invoke(by_name["export-election"], ["nimic"], obj=obj)
    assert result.exit_code == 2


OFFICIAL = [
    "Poland_Gdynia_2024_Srodmiescie__large.pb",
    "Poland_Warszawa_2026_Stary_Mokotow.pb",
    "Poland_Warszawa_2019_Brodno.pb",
    "Poland_Wroclaw_2017_Rejon_nr_4_250.pb",
    "Poland_Swiecie_2023.pb",
    "Poland_Katowice_2022_Koszutka.pb",
    "Poland_Czestochowa_2024_Dzbow.pb",
    "Poland_Krakow_2024_Krowodrza.pb",
]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", OFFICIAL)
def test_official_winners(context: Flask, shared_data: Path, name: str) -> None:
    path = shared_data / "pabulib" / name
    started = time.monotonic()
    imported = importing.import_election(SYSTEM, path, clock.now(), silent)
    seconds = time.monotonic() - started
    expected = json.loads((shared_data / "pabulib" / "expected.json").read_text())[name]
    official = next(one for one in expected if one["what"] == "official")
    assert sorted(imported.winners) == official["selected"]
    assert imported.ballots / seconds > 35
