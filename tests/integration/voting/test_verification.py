"""A round closed and published for real is verified by the program that travels with it; what the set must not say."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from pabutools.election import parse_pabulib

from civic import clock
from civic.actor import SYSTEM
from civic.cli import Context
from civic.extensions import db
from civic.files import jobs as file_jobs
from civic.rounds.models import Pot, Round
from civic.text import plain_cell
from tests.integration.voting.verificationkit import (
    CHANGED_MIND,
    VOIDED,
    exported,
    verified,
    vote_and_close,
)
from tests.integration.voting.votingkit import approve, closed, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import (
    archives,
    checkpoints,
    closing,
    importing,
    project_queries,
    publication,
    publication_set,
    result_queries,
    round_queries,
    sorted_rows,
)
from voting.cli import export_publication_command
from voting.models import PublicationArchive, checkpoint
from voting.turnout import LEAST_CELL


@pytest.mark.parametrize("mode", ["open", "inclusion_only"])
def test_a_published_round_verifies_in_both_languages(context: Flask, tmp_path: Path, mode: str) -> None:
    round_, _codes = vote_and_close(context, mode)
    folder = exported(context, round_, tmp_path / "set")
    for language, sentence in (
        ("en", "All that could be checked holds"),
        ("ro", "Tot ce s-a putut verifica e în regulă"),
    ):
        status, said = verified(folder, language=language)
        assert status == 0, said
        assert "!!" not in said
        assert sentence in said
        assert re.search("winners are P1, P2|câștigă P1, P2", said)
        assert ("UNCHECKED" in said or "NEVERIFICAT" in said) == (mode == "inclusion_only")
        assert result_queries.find_result(round_.id) is not None
    minutes = json.loads((folder / "minutes.json").read_text())
    assert [step["step"] for step in minutes["steps"]] == list(closing.STEPS)
    assert json.loads((folder / "result.json").read_text())["leaves"] == {
        "live": 15, "replaced_or_voided": 2, "voids": 2, "voided_by_two_people": 1,
    }  # fmt: skip


@pytest.mark.parametrize("mode", ["open", "inclusion_only"])
def test_a_voter_finds_their_code(context: Flask, tmp_path: Path, mode: str) -> None:
    round_, codes = vote_and_close(context, mode)
    folder = exported(context, round_, tmp_path / "set")
    status, said = verified(folder, "--code", codes[2].lower().replace("-", " "))
    assert status == 0
    assert f"The code {codes[2]} is in the list and its ballot was counted." in said
    assert ("The ballot chooses: P1 Proiectul 1, P2 Proiectul 2." in said) == (mode == "open")
    assert "replaced by a newer one or voided" in verified(folder, "--code", codes[VOIDED])[1]
    assert "was counted" in verified(folder, "--code", codes[CHANGED_MIND])[1]
    status, said = verified(folder, "--code", "0000-0000-0000-0000-0000", language="ro")
    assert status == 1
    assert "NU e în listă" in said


def test_the_default_set_puts_no_code_and_no_nonce_beside_choices(context: Flask, tmp_path: Path) -> None:
    round_, codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    files = {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}
    assert "ballots.txt" not in files
    for name, content in files.items():
        if name not in ("verify.py", "README.txt"):
            assert "nonce" not in content, name
        if name != "leaves.csv":
            assert not [code for code in codes if code in content], name
    rows = files[f"pot-{round_.pots[0].id}.pb"].split("VOTES\n")[1].splitlines()
    assert rows[0] == "voter_id;vote"
    assert [row.split(";")[1] for row in rows[1:]] == sorted(row.split(";")[1] for row in rows[1:])
    assert [row.split(";")[0] for row in rows[1:]] == [str(at) for at in range(1, 16)]
    assert files["leaves.csv"].splitlines()[0] == "leaf,kind,target,code,batch"
    assert sorted(files["leaves.csv"].splitlines()[1:]) == files["leaves.csv"].splitlines()[1:]
    # People: nothing but how many there are.
    assert set(json.loads(files["roll.json"])["close"]) == {"areas", "fingerprint", "people"}
    assert "actor" not in files["minutes.json"]
    cells = [line.split(",") for line in files["turnout.csv"].splitlines()]
    assert cells[1:3] == [["total", "roll", "18"], ["total", "ballots", "15"]]
    assert all(int(people) >= LEAST_CELL for _table, _cell, people in cells[1:])
    assert not [cell for cell in cells if cell[1] == "Tei" and cell[2] == "13"], (
        "the rest follows by subtraction"
    )


def test_exporting_twice_gives_the_same_bytes_and_the_zip_holds_the_folder(
    context: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, _codes = vote_and_close(context, "open")
    one = exported(context, round_, tmp_path / "one")
    # Sorted on disk in pieces, the ballots come out in the same order.
    monkeypatch.setattr(sorted_rows, "CHUNK", 4)
    two = exported(context, round_, tmp_path / "two")
    files = {p.relative_to(one).as_posix(): p.read_bytes() for p in one.rglob("*") if p.is_file()}
    assert files == {p.relative_to(two).as_posix(): p.read_bytes() for p in two.rglob("*") if p.is_file()}
    found = publication_set.find_set(round_, context.config["SETTINGS"].city)
    packed = []
    for _again in range(2):
        buffer = io.BytesIO()
        publication_set.write_zip(found, buffer)
        packed.append(buffer.getvalue())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(io.BytesIO(packed[0])) as archive:
        top = f"{round_.slug}-publication/"
        assert {name.removeprefix(top): archive.read(name) for name in archive.namelist()} == files


SHAPES: dict[str, dict[str, Any]] = {
    "points, equal shares": {
        "groups": [{"name": "Toate", "ballot_kind": "points", "points_total": 10, "points_each": 5}],
        "rule": {"version": 1, "name": "equal-shares", "completion": "add1u", "satisfaction": "points"},
        "ballots": [{"P1": 5, "P2": 3}, {"P1": 1, "P3": 4}, {"P4": 5}, {"P2": 5, "P4": 5}],
    },
    "ranking": {
        "groups": [{"name": "Toate", "ballot_kind": "ordinal", "max_choices": 3}],
        "rule": {"version": 1, "name": "greedy-custom", "top_up_share": "0.5", "rank_scores": "5,3"},
        "ballots": [{"P2": 1, "P1": 2, "P3": 3}, {"P3": 1}, {"P1": 1, "P2": 2}],
    },
    "two parts, one winner each first": {
        "groups": [{"name": name, "ballot_kind": "approval", "max_choices": 2} for name in ("Verde", "Drumuri")],
        "rule": {"version": 1, "name": "greedy", "group_winners_first": True, "max_winners": 2},
        "ballots": [approve("P1", "P3"), approve("P1", "P3", "P4"), approve("P1", "P3"), approve("P2")],
    },
    "one choice": {
        "groups": [{"name": "Toate", "ballot_kind": "choose_one"}],
        "rule": {"version": 1, "name": "greedy-no-skip", "min_score": "1"},
        "ballots": [approve("P1"), approve("P2"), approve("P2"), approve("P4")],
    },
}  # fmt: skip


@pytest.mark.parametrize("mode", ["open", "inclusion_only"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_ballot_verifies(context: Flask, tmp_path: Path, shape: str, mode: str) -> None:
    wanted = SHAPES[shape]
    round_ = make_round(
        groups=[dict(one) for one in wanted["groups"]], rule=wanted["rule"], publication_mode=mode
    )
    ballots = [{code: Decimal(value) for code, value in one.items()} for one in wanted["ballots"]]
    folder = exported(context, closed(context, round_, *ballots), tmp_path / "set")
    status, said = verified(folder)
    assert status == 0, said
    assert "the winners are" in said


def test_budgets_counted_as_one_sum_verify(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(400, 300, 200), amount=450, pot_counting="combined")
    round_.pots.append(Pot(name="Cartier", amount=Decimal(150), position=1))
    db.session.commit()
    folder = exported(context, closed(context, round_, approve("P1", "P3"), approve("P1")), tmp_path / "set")
    status, said = verified(folder)
    assert status == 0, said
    assert "Oraș + Cartier: the winners are P1, P3." in said


def test_an_election_of_the_past_verifies(context: Flask, tmp_path: Path) -> None:
    path = tmp_path / "old.pb"
    path.write_text(
        "META\nkey;value\ninstance;2020\nunit;Oraș\nbudget;100\nvote_type;approval\nrule;greedy\ncurrency;RON\n"
        "max_length;2\nPROJECTS\nproject_id;cost;name\n1;60;Unu\n2;50.50;Doi; trei\n".replace(
            "Doi; trei", '"Doi; trei"'
        )
        + "VOTES\nvoter_id;vote\na;1,2\nb;1\nc;\n"
    )
    imported = importing.import_election(SYSTEM, path, clock.now(), lambda _done, _total: None)
    folder = exported(context, db.session.get_one(Round, imported.round_id), tmp_path / "set")
    status, said = verified(folder)
    assert status == 0, said
    assert "3 leaves: 3 live ballots" in said
    assert "the winners are 1." in said
    assert not (folder / "turnout.csv").exists()


def test_a_rule_it_does_not_count_is_said_to_be_unchecked(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(rule={"version": 1, "name": "phragmen"})
    folder = exported(context, closed(context, round_, approve("P1"), approve("P2")), tmp_path / "set")
    status, said = verified(folder, language="ro")
    assert status == 0
    assert "NEVERIFICAT: câștigătorii Oraș; regula phragmen" in said


def test_without_openssl_the_signature_is_said_to_be_unchecked(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "open")
    folder = exported(context, round_, tmp_path / "set")
    status, said = verified(folder, environment={"PATH": str(tmp_path)})
    assert status == 0
    assert "UNCHECKED: the signature in checkpoints/" in said


def test_what_is_no_publication_is_unusable(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "inclusion_only")
    folder = exported(context, round_, tmp_path / "set")
    (folder / "plan.json").unlink()
    status, said = verified(folder)
    assert status == 2
    assert "plan.json is missing" in said
    (folder / "plan.json").write_text("{")
    assert verified(folder, language="ro")[0] == 2


def test_other_software_reads_the_ballots(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "open")
    folder = exported(context, round_, tmp_path / "set")
    instance, profile = parse_pabulib(str(folder / f"pot-{round_.pots[0].id}.pb"))
    assert len(profile) == 15
    assert int(instance.budget_limit) == 600
    assert {project.name for project in instance} == {"P1", "P2", "P3", "P4"}


# --- the checkpoint ------------------------------------------------------------------------------------------------


def test_the_checkpoint_is_signed_once_and_public_after_the_results(context: Flask) -> None:
    settings = context.config["SETTINGS"]
    round_, _codes = vote_and_close(context, "inclusion_only")
    row = db.session.execute(checkpoint.select()).one()
    assert row.size == 19
    assert row.signed_note.startswith(f"localhost/rounds/{round_.slug}\n19\n")
    assert checkpoints.is_signed_by(row.signed_note, checkpoints.public_pem(settings))
    assert not checkpoints.is_signed_by(
        row.signed_note.replace("\n19\n", "\n18\n"), checkpoints.public_pem(settings)
    )
    browser = PageClient(context).browser
    assert browser.get(f"/rounds/{round_.slug}/checkpoint").text == row.signed_note
    shown = browser.get("/log-key").text
    assert shown.startswith("-----BEGIN PUBLIC KEY-----\n")
    assert checkpoints.is_signed_by(row.signed_note, shown)
    assert hashlib.sha256(checkpoints.public_der(settings)).hexdigest() in shown


def test_a_round_closed_before_there_were_checkpoints_gets_one(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "inclusion_only")
    round_id = round_.id
    from civic import database

    owner = database.owner_engine(context.config["SETTINGS"])
    with owner.begin() as connection:
        connection.execute(db.text("DELETE FROM ceremony_step WHERE step = 'checkpoint'"))
        connection.execute(checkpoint.delete())
    owner.dispose()
    assert archives.pack_due(clock.now()) == 0
    assert closing.sign_unsigned(clock.now()) == 1
    assert closing.sign_unsigned(clock.now()) == 0
    round_ = db.session.get_one(Round, round_id, populate_existing=True)
    assert verified(exported(context, round_, tmp_path / "set"))[0] == 0


# --- the command, the .zip and the page -----------------------------------------------------------------------------


def export(app: Flask, slug: str, folder: Path) -> Result:
    context = Context(lambda _settings: app)
    context.__dict__["settings"] = app.config["SETTINGS"]
    return CliRunner().invoke(export_publication_command, [slug, str(folder)], obj=context)


def test_the_command_writes_the_set_and_refuses_before_publication(real_app: Flask, tmp_path: Path) -> None:
    with real_app.app_context():
        voter = make_voters(1)[0]
        waiting = opened(make_round())
        vote(real_app, waiting, voter, approve("P1"))
        slug, folder = waiting.slug, tmp_path / "early"
    refused = export(real_app, slug, folder)
    assert refused.exit_code == 2
    assert f"no public result of a round '{slug}'" in refused.output
    assert not folder.exists()
    with real_app.app_context():
        ready = vote_and_close(real_app, "open")[0].slug
        clock.travel(timedelta(0))
    done = export(real_app, ready, tmp_path / "set")
    assert done.exit_code == 0, done.output
    assert verified(tmp_path / "set")[0] == 0
    again = export(real_app, ready, tmp_path / "set")
    assert again.exit_code == 2
    assert "is not empty" in again.output


def test_the_worker_packs_the_set_and_the_page_tells_how_to_verify(context: Flask, tmp_path: Path) -> None:
    round_, _codes = vote_and_close(context, "inclusion_only")
    round_id, slug = round_.id, round_.slug
    browser = PageClient(context)
    page = browser.get("voting.results", slug=slug)
    assert "Verifică singur" in page.main_text
    assert "se pregătește" in page.main_text
    browser.get(f"/rounds/{slug}/results/publication.zip", expect=404)
    assert archives.pack_due(clock.now()) == 1
    assert archives.pack_due(clock.now()) == 0
    stored = db.session.get_one(PublicationArchive, round_id)
    page = browser.get("voting.results", slug=slug)
    assert "se pregătește" not in page.main_text
    assert stored.sha256 in page.main_text
    assert "python3 verify.py" in page.main_text
    answer = browser.browser.get(f"/rounds/{slug}/results/publication.zip")
    assert hashlib.sha256(answer.data).hexdigest() == stored.sha256
    assert answer.headers["Content-Length"] == str(stored.size)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path)
    assert verified(tmp_path / f"{slug}-publication")[0] == 0
    # Stray uploads are swept; what was packed stays.
    file_jobs.delete_orphans(clock.now() + timedelta(days=9))
    assert browser.browser.get(f"/rounds/{slug}/results/publication.zip").status_code == 200
    browser.speak("en")
    assert "Verify it yourself" in browser.get("voting.results", slug=slug).main_text


def test_no_cell_of_the_table_is_a_formula(context: Flask) -> None:
    """A spreadsheet runs what begins with these signs, whoever wrote the name of a budget or of a project."""
    round_ = make_round()
    round_.pots[0].name = '=HYPERLINK("https://rau.example")'
    titles = ("+1", "-1+1", "@SUM(1)", "=1")
    for project, title in zip(project_queries.list_projects(round_.id), titles, strict=True):
        project.title = title
    db.session.commit()
    round_ = closed(context, round_, approve("P1"), approve("P2"))
    plan = round_queries.plan_of(round_)
    assert plan is not None
    rows = list(csv.reader(io.StringIO(publication.outcome_csv(round_, plan))))
    assert len(rows) == 5
    assert {row[4] for row in rows[1:]} == {f"'{title}" for title in titles}
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    assert plain_cell("\t=1") == "'\t=1"
