"""`civic import-election` as an operator runs it: killed, fed nonsense, and beside a vote that runs."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import create_engine, text

from civic.cli import Context
from civic.extensions import db
from tests.integration.voting.votingkit import make_round, opened
from tests.support import ROOT
from voting import importing, opening
from voting.cli import commands

HEAD = """META
key;value
description;Testing
country;Poland
unit;Undeva
instance;2023
num_projects;4
num_votes;{count}
budget;600
vote_type;approval
rule;greedy
date_begin;01.03.2023
date_end;12.03.2023
currency;PLN
PROJECTS
project_id;cost;name
1;400;Unu
2;300;Doi
3;200;Trei
4;100;Patru
VOTES
voter_id;vote
"""


def election(count: int) -> str:
    """Approval ballots; project 1 gets the most votes, then 2, 3 and 4."""
    choices = ("1", "1,2", "1,2,3", "2,4", "1,3")
    return HEAD.format(count=count) + "".join(f"{at};{choices[at % 5]}\n" for at in range(count))


def counted(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def every_count() -> dict[str, int]:
    with db.engine.connect() as connection:
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        ).all()
    return {name: counted(name) for name in names}


def environment(app: Flask) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")},
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "CIVIC_DATA_DIR": str(settings.data_dir),
    }


def run(app: Flask, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "civic", "import-election", str(path)],
        env=environment(app), cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_killed_it_goes_on_without_losing_or_doubling_a_ballot(context: Flask, tmp_path: Path) -> None:
    path = tmp_path / "one.pb"
    path.write_text(election(300))
    first = run(context, path)
    give_up = time.monotonic() + 60
    while counted("cast_log") < 60:
        assert first.poll() is None, first.communicate()
        assert time.monotonic() < give_up, "no ballot was cast within a minute"
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    kept = counted("ballot_box")
    assert 60 <= kept < 300
    assert counted("cast_log") == kept
    with db.engine.connect() as connection:
        leaves = set(connection.scalars(text("SELECT leaf FROM cast_log")))
    second = run(context, path)
    said, errors = second.communicate(timeout=120)
    assert second.returncode == 0, errors
    assert f"300 ballots ({300 - kept} cast now), 2 winners: 1, 3" in said
    # No bar where nobody watches.
    assert "Casting" not in said + errors
    assert counted("opened_ballot") == counted("closed_leaf") == counted("participation") == 300
    assert counted("person") == counted("roll_entry") == 300
    with db.engine.connect() as connection:
        assert leaves <= set(connection.scalars(text("SELECT leaf FROM opened_ballot")))


GOOD = election(3)
HOSTILE = {
    "cut short": (GOOD[:-8].encode(), "line 8: num_votes is 3 but"),
    "cut within the projects": (GOOD[: GOOD.index("3;200")].encode(), "ends without a VOTES section"),
    "a cell too many": (GOOD.replace("1;1,2", "1;1,2;9").encode(), "line 24: 3 cells"),
    "an unknown project": (GOOD.replace("2;1,2,3", "2;1,7").encode(), "line 25: unknown project '7'"),
    "a negative cost": (GOOD.replace("2;300;", "2;-300;").encode(), "line 18:"),
    "a negative budget": (GOOD.replace("budget;600", "budget;-600").encode(), "line 9:"),
    "a NUL byte": (GOOD.replace("Doi", "D\0i").encode(), "line 18: a NUL byte"),
    "not UTF-8": (GOOD.encode().replace(b"Doi", b"D\xffi"), "line 18: not UTF-8"),
    "a voter twice": (GOOD.replace("2;1,2,3", "1;1,2,3").encode(), "line 25:"),
    "nothing": (b"", "line"),
    "an executable": (b"\x7fELF" + bytes(2000), "line 1: a binary file"),
    "a currency that is none": (GOOD.replace("PLN", "zloty").encode(), "currency 'zloty'"),
}


def invoke(app: Flask, path: Path) -> tuple[int, str]:
    obj = Context(lambda _settings: app)
    obj.__dict__["settings"] = app.config["SETTINGS"]
    command = next(one for one in commands if one.name == "import-election")
    result = CliRunner().invoke(command, [str(path)], obj=obj)
    return result.exit_code, result.output


def test_what_is_no_election_is_refused_by_line_and_leaves_nothing(context: Flask, tmp_path: Path) -> None:
    before = every_count()
    files = dict(HOSTILE)
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
        archive.writestr("one.pb", GOOD)
    files["a zip"] = ((tmp_path / "made.zip").read_bytes(), "line 1: a zip archive")
    for what, (content, sentence) in files.items():
        path = tmp_path / "bad.pb"
        path.write_bytes(content)
        code, output = invoke(context, path)
        assert code == 2, f"{what}: {output}"
        assert sentence in output, f"{what}: {output}"
        assert "Traceback" not in output, what
    assert every_count() == before


def test_a_file_far_too_large_is_refused_without_being_read(context: Flask, tmp_path: Path) -> None:
    path = tmp_path / "large.pb"
    with path.open("wb") as handle:
        handle.write(GOOD.encode())
        handle.truncate(300_000_000)
    started = time.monotonic()
    code, output = invoke(context, path)
    assert (code, time.monotonic() - started < 5) == (2, True)
    assert f"larger than {importing.MAX_BYTES // 1024 // 1024} MB" in output
    assert counted("round") == 0


def test_a_vote_is_prepared_while_ballots_are_cast_elsewhere(context: Flask) -> None:
    """Somebody is in the middle of a cast; making another round's partitions waits for nobody."""
    round_ = opened(make_round())
    engine = create_engine(
        context.config["SETTINGS"].database_owner_url, connect_args={"options": "-c lock_timeout=1000"}
    )
    with db.engine.connect() as casting:
        for table in ("cast_log", "ballot_box"):
            casting.execute(text(f"SELECT 1 FROM {table} WHERE round_id = {round_.id}"))
        opening.create_partitions(engine, 987)
        casting.rollback()
    with engine.connect() as owner:
        made = owner.execute(
            text(
                "SELECT i.tablename, count(*) FROM pg_indexes i WHERE i.tablename LIKE '%\\_round\\_987'"
                " GROUP BY i.tablename ORDER BY i.tablename"
            )
        ).all()
        like = owner.execute(
            text(
                "SELECT i.tablename || '_round_987', count(*) FROM pg_indexes i"
                " WHERE i.tablename IN ('ballot_box', 'cast_log') GROUP BY i.tablename ORDER BY i.tablename"
            )
        ).all()
    engine.dispose()
    assert made == like
