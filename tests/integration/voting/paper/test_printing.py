"""Sheets: numbers nobody has twice, the projects of one's own neighbourhood, files a reader program can read aloud."""

import io
import json
import re
import zipfile
import zlib
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from civic import audit, clock, tasks
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.files import jobs
from civic.files.storage import get_storage
from civic.rounds.models import Pot
from civic.unit_of_work import unit_of_work
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.paper.paperkit import PaperTeam
from tests.integration.voting.votingkit import make_round, make_voters, opened
from tests.pageclient import PageClient
from voting import project_queries, round_queries
from voting.paper import jobs as forgetting
from voting.paper import printing, queries
from voting.paper.models import PaperRun

DAY = timedelta(days=1)


def inside(pdf: bytes) -> bytes:
    """A PDF with its compressed parts unpacked."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_worker_prints_a_run(context: Flask, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    team = PaperTeam(context, sheets=1)
    printed: list[dict[str, Any]] = []
    real = printing.pdf_apart

    def noting(data: str) -> bytes:
        printed.append(json.loads(data))
        return real(data)

    monkeypatch.setattr(printing, "pdf_apart", noting)
    monkeypatch.setattr(printing, "PER_FILE", 40)
    with unit_of_work():
        kind = printing.list_kinds(team.plan)[0]
        run = printing.order_run(team.actor, team.round, team.plan, kind, 90, language, clock.now())
        run_id, first, last = run.id, run.first_serial, run.last_serial
    assert (first, last) == (2, 91)
    assert tasks.run_waiting(clock.now()) == 2
    numbers = [int(sheet["shown"]) for data in printed[1:] for sheet in data["sheets"]]
    assert sorted(numbers) == list(range(2, 92)), "every number once"
    assert numbers != sorted(numbers), "not in the order of the pile"
    db.session.expire_all()
    stored = db.session.get_one(PaperRun, run_id)
    assert stored.key is not None
    with get_storage().open(stored.key) as source:
        archive = zipfile.ZipFile(io.BytesIO(source.read()))
    assert len(archive.namelist()) == 3
    for name in archive.namelist():
        content = inside(archive.read(name))
        assert content.startswith(b"%PDF")
        assert b"/StructTreeRoot" in content
        assert b"pdfuaid:part" in content
        assert re.search(rb"/Lang\s?\((ro|en)\)", content), "the language is told"
        assert f"({language})".encode() in content
        assert b"/Alt" in content, "the QR code is said in words"
    words = json.dumps(printed[-1], ensure_ascii=False)
    assert ("Votează singur" in words) is (language == "ro")
    assert ("Vote alone" in words) is (language == "en")
    # The page offers the file, and the night's cleaning leaves it.
    browser = PageClient(context)
    browser.sign_in(team.staff)
    page = browser.get("staff_paper.index", round_id=team.round_id)
    assert f"/paper/sheets/{run_id}.zip" in page.html
    jobs.delete_orphans(clock.now() + clock.now().resolution * 10**12)
    got = browser.browser.get(f"/staff/rounds/{team.round_id}/paper/sheets/{run_id}.zip")
    assert got.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(got.get_data()))
    clerk = PageClient(context)
    clerk.sign_in(team.clerks[0])
    clerk.get(f"/staff/rounds/{team.round_id}/paper/sheets/{run_id}.zip", expect=403)


def test_a_task_done_again_prints_once(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    team = PaperTeam(context, sheets=1)
    calls: list[str] = []
    monkeypatch.setattr(printing, "pdf_apart", lambda data: calls.append(data) or b"%PDF")
    (run,) = queries.list_runs(team.round_id)
    params = {"run": run.id}
    for _ in range(2):
        assert printing.print_run(params, lambda done, total: None) == {"round": team.round_id}
    assert len(calls) == 1


def test_the_sheets_are_deleted_after_the_close_with_a_record(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "pdf_apart", lambda _data: b"%PDF")
    team, running = PaperTeam(context, sheets=1), PaperTeam(context, sheets=1)
    for one in (team, running):
        (run,) = queries.list_runs(one.round_id)
        printing.print_run({"run": run.id}, lambda _done, _total: None)
    with unit_of_work():
        team.round.closed_at = clock.now()

    def keys() -> list[str | None]:
        db.session.expire_all()
        return [queries.list_runs(one.round_id)[0].key for one in (team, running)]

    (key, other), storage = keys(), get_storage()
    assert key is not None
    assert other is not None
    # Killed after the file is gone and before that is written down: the next time does both.
    with monkeypatch.context() as patch:
        patch.setattr(audit, "record", lambda *_args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            forgetting.forget_sheets(clock.now())
    assert keys() == [key, other]
    for _ in range(2):
        forgetting.forget_sheets(clock.now())
        assert keys() == [None, other]
        assert not storage.exists(key)
        assert storage.exists(other)
    events = db.session.scalars(
        db.select(audit.AuditRecord.subject_id).where(audit.AuditRecord.event == "paper.sheets_deleted")
    ).all()
    assert list(events) == [team.round_id]
    # A task that was waiting prints nothing any more, and the page says so.
    (run,) = queries.list_runs(team.round_id)
    printing.print_run({"run": run.id}, lambda _done, _total: None)
    assert keys() == [None, other]
    browser = PageClient(context)
    browser.sign_in(team.staff)
    assert "șters după închidere" in browser.get("staff_paper.index", round_id=team.round_id).main_text
    browser.get(f"/staff/rounds/{team.round_id}/paper/sheets/{run.id}.zip", expect=404)


def test_a_file_of_a_worker_that_died_is_deleted(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    team = PaperTeam(context, sheets=1)
    monkeypatch.setattr(printing, "pdf_apart", lambda _data: b"%PDF")
    (run,) = queries.list_runs(team.round_id)
    params, storage = {"run": run.id}, get_storage()
    before = set(storage.keys_before(clock.now() + DAY))  # of other tests
    with monkeypatch.context() as patch:
        patch.setattr(printing, "unit_of_work", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            printing.print_run(params, lambda _done, _total: None)
    printing.print_run(params, lambda _done, _total: None)
    db.session.expire_all()
    (run,) = queries.list_runs(team.round_id)
    key = run.key
    assert key is not None
    mine = set(storage.keys_before(clock.now() + DAY)) - before
    assert len(mine) == 2
    forgetting.forget_sheets(clock.now())
    assert all(storage.exists(one) for one in mine), "it may be being written"
    forgetting.forget_sheets(clock.now() + 2 * DAY)
    assert [one for one in mine if storage.exists(one)] == [key]


def test_titles_are_never_markup(context: Flask) -> None:
    """What would be a command of the typesetter, in a title, is printed as it stands."""
    round_ = make_round(groups=[{"name": "Sectorul 2", "ballot_kind": "approval", "max_choices": 2}])
    nasty = '#panic("x") $ *_`<a> // #set page(width: 1cm) \\ "sfârșit" @x'
    project_queries.list_projects(round_.id)[0].title = nasty
    db.session.commit()
    make_voters(1)
    round_ = opened(round_)
    plan = round_queries.plan_of(round_)
    assert plan is not None
    run = PaperRun(
        round_id=round_.id,
        first_serial=1,
        last_serial=1,
        language="ro",
        label="x",
        codes=sorted(plan.projects),
    )
    data = printing.sheet_data(plan, run, '#panic("y")', "Oraș", [1])
    assert nasty in [project["title"] for part in json.loads(data)["parts"] for project in part["projects"]]
    assert printing.pdf_apart(data).startswith(b"%PDF")
    with pytest.raises(RuntimeError):
        printing.pdf_apart("{}")


def test_each_neighbourhood_has_its_sheets(context: Flask) -> None:
    mine, other = make_neighbourhood("Tei").id, make_neighbourhood("Obor").id
    round_ = make_round(groups=[{"name": "Sectorul 2", "ballot_kind": "approval", "max_choices": 2}])
    round_.pots.append(Pot(name="Cartierul Tei", amount=100, position=1, neighbourhood_id=mine))
    db.session.flush()
    project_queries.list_projects(round_.id)[0].pot_id = round_.pots[1].id
    db.session.commit()
    make_voters(2, neighbourhood_id=mine)
    make_voters(2, neighbourhood_id=other)
    plan = round_queries.plan_of(opened(round_))
    assert plan is not None
    kinds = printing.list_kinds(plan)
    assert [(kind.label, kind.codes) for kind in kinds] == [
        ("Oraș + Cartierul Tei", ("P1", "P2", "P3", "P4")),
        ("Oraș", ("P2", "P3", "P4")),
    ]


def test_who_orders_sheets_and_how_many(context: Flask) -> None:
    team = PaperTeam(context)
    kind = printing.list_kinds(team.plan)[0]
    for count in (0, 5_001):
        with pytest.raises(Invalid):
            printing.order_run(team.actor, team.round, team.plan, kind, count, "ro", clock.now())
    with pytest.raises(NotAllowed):
        printing.order_run(
            make_account("clerk").as_actor(), team.round, team.plan, kind, 5, "ro", clock.now()
        )
    before = queries.next_serial(team.round_id)
    with unit_of_work():
        printing.order_run(team.actor, team.round, team.plan, kind, 5, "ro", clock.now())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "next_serial", lambda round_id: before)
        with pytest.raises(Conflict):
            printing.order_run(team.actor, team.round, team.plan, kind, 5, "ro", clock.now())
    db.session.rollback()


def test_the_form_says_what_is_wrong(context: Flask) -> None:
    team = PaperTeam(context)
    browser = PageClient(context)
    browser.sign_in(team.staff)
    page = browser.get("staff_paper.index", round_id=team.round_id)
    for count in ("", "zece", "0", "6000"):
        wrong = browser.submit(page, "/sheets", {"count": count, "language": "ro"}, expect=422)
        assert wrong.find(".govuk-error-summary") is not None
    done = browser.follow(browser.submit(page, "/sheets", {"count": "30", "language": "en"}))
    assert "se pregătește" in done.main_text
    fresh = make_round()
    early = browser.get("staff_paper.index", round_id=fresh.id)
    assert "pregătește întâi votul" in early.main_text
