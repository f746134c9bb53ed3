"""What staff see when they bring data in: every stage, every refusal, both languages, nobody else."""

import csv
import io
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select

from civic import clock, tasks
from civic.decisions.models import CouncilDecision
from civic.extensions import db
from civic.imports import queries, service
from tests import factories
from tests.integration.imports.importkit import bring, checked, decision, loaded, table
from tests.pageclient import PageClient

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


def send(
    client: PageClient, content: bytes = b"", name: str = "hotarari.csv", **changes: str
) -> dict[str, Any]:
    return {"dataset": "decisions", "source": "Raport", "as_of": "31 12 2024", "file": (io.BytesIO(content), name),
            **changes}  # fmt: skip


def test_from_an_empty_list_to_loaded_rows(client: PageClient, staff: Any) -> None:
    assert "Încă nu s-a adus niciun fișier" in client.get("imports.index").main_text
    client.get("imports.create")
    sent = client.post("imports.create", send(client, table(decision(1, f"Buget {EVIL} {'x' * 300}"))))
    page = client.follow(sent)
    assert "Ce conține fiecare coloană" in page.main_text
    client.submit(page, "/check")
    one = queries.list_imports(1)[0]
    assert "Verificarea rândurilor" in client.get("imports.show", import_id=one.id).main_text
    tasks.run_waiting(clock.now())
    page = client.get("imports.show", import_id=one.id)
    assert "1 noi" in " ".join(page.main_text.split())
    client.submit(page, "/load")
    assert "Încărcarea rândurilor" in client.get("imports.show", import_id=one.id).main_text
    tasks.run_waiting(clock.now())
    assert "Vezi-le cum le văd locuitorii" in client.get("imports.show", import_id=one.id).main_text
    assert EVIL in client.get("decisions.index").main_text
    assert "încărcat" in client.get("imports.index").main_text


def test_a_refused_upload_keeps_what_was_typed(client: PageClient, staff: Any) -> None:
    page = client.post("imports.create", send(client, b"x", "poza.png"), expect=422)
    assert page.title.startswith("Eroare: ")
    assert "Se pot citi numai fișiere .csv și .xlsx" in page.main_text
    assert 'value="Raport"' in page.html
    page = client.post("imports.create", send(client, table(decision(1)), as_of="azi", source=""), expect=422)
    assert "Scrie de unde vin datele." in page.main_text
    page = client.post(
        "imports.create", {"dataset": "decisions", "source": "R", "as_of": "1 1 2024"}, expect=422
    )
    assert "Alege un fișier." in page.main_text


def test_a_wrong_matching_is_kept_and_said(client: PageClient, staff: Any) -> None:
    one = bring(staff, table(decision(1)))
    page = client.post(
        "imports.check", {"column-import_key": "id", "column-title": "citation"}, expect=422, import_id=one.id
    )
    assert "Alege o coloană pentru: Numărul hotărârii." in page.main_text
    assert page.form("/check")["column-title"] == "citation"
    page = client.post("imports.check", {"column-number": "number"}, expect=422, import_id=one.id)
    assert "Un tabel ale cărui rânduri nu au număr" in page.main_text


def test_refused_rows_are_shown_with_their_reason_and_loading_asks(client: PageClient, staff: Any) -> None:
    one = checked(staff, table(decision(1), f"X-2,{EVIL},31.13.2024,2024,,fără zi,,,"))
    page = client.get("imports.show", import_id=one.id, outcome="refused")
    assert "Ziua adoptării: „31.13.2024” nu este o zi" in page.main_text
    assert "Rândul 3" in page.main_text
    assert "Rândul 2" not in page.text_of("#rows")
    page = client.post("imports.load", {}, expect=422, import_id=one.id)
    assert "alege să le încarci pe celelalte fără ele" in page.main_text
    client.post("imports.load", {"without_refused": "y"}, import_id=one.id)
    assert queries.get_import(one.id).state == "loading"


def test_the_report_as_a_table_has_every_row(client: PageClient, staff: Any) -> None:
    loaded(staff, table(decision(1, "Vechi")))
    one = checked(staff, table(decision(1, "Nou"), "=2+3,,,2024,,x,,,", decision(2)))
    text = (
        client.ask("GET", f"/staff/imports/{one.id}/report.csv").get_data(as_text=True).removeprefix("\ufeff")
    )
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows] == ["Rând", "2", "3", "4"]
    assert rows[1][4] == "Despre ce este: Vechi → Nou"
    assert rows[2][1] == "'=2+3"


def test_a_long_report_is_paged(client: PageClient, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "ROWS_A_PAGE", 2)
    one = checked(staff, table(*(decision(number) for number in range(1, 4))))
    page = client.get("imports.show", import_id=one.id)
    assert "Rândurile următoare" in page.main_text
    assert "Rândul 4" in client.get("imports.show", import_id=one.id, after=3).main_text


def test_work_that_stopped_can_go_on_and_a_file_be_given_up(client: PageClient, staff: Any) -> None:
    one = bring(staff, table(decision(1)))
    service.check(staff, one.id, one.mapping, clock.now())
    task = tasks.get_task(one.task_id or 0)
    task.state = "failed"
    db.session.commit()
    assert "Continuă de unde s-a oprit" in client.get("imports.show", import_id=one.id).main_text
    client.post("imports.go_on", import_id=one.id)
    tasks.run_waiting(clock.now())
    assert queries.get_import(one.id).state == "checked"
    client.post("imports.discard", import_id=one.id)
    assert "Din acest fișier nu s-a încărcat nimic" in client.get("imports.show", import_id=one.id).main_text
    client.post("imports.go_on", import_id=one.id, expect=409)


def test_the_pages_speak_english_too(client: PageClient, staff: Any) -> None:
    client.speak("en")
    one = checked(staff, table(decision(1), "X-2,,,2024,,,,,"))
    client.get("imports.index")
    client.get("imports.create")
    assert "every row needs it" in client.get("imports.show", import_id=one.id).main_text


def test_nobody_else_brings_data_in(client: PageClient, app: Flask) -> None:
    client.sign_in(factories.make_account("auditor"))
    client.get("imports.index", expect=403)
    client.post("imports.create", {}, expect=403)


def test_the_first_page_of_staff_says_what_waits_and_what_failed(client: PageClient, staff: Any) -> None:
    assert "Date aduse din tabele" not in client.get("staff.home").main_text
    waiting = checked(staff, table(decision(1), decision(2).replace(",2024,", ",doi,")))
    broken = bring(staff, table(decision(3)), source="Alt raport")
    service.check(staff, broken.id, broken.mapping, clock.now())
    task = tasks.get_task(broken.task_id or 0)
    task.state = "failed"
    loaded(staff, table(decision(4)), source="Terminat")
    db.session.commit()
    text = " ".join(client.get("staff.home").main_text.split())
    assert "verificat, încă neîncărcat 1 rând refuzat" in text
    assert "Alt raport nu a reușit" in text
    assert "Vezi toate cele 2 fișiere" in text
    assert "Terminat" not in text
    service.discard(staff, waiting.id, clock.now())
    db.session.commit()
    assert "Vezi fișierul care așteaptă pe cineva" in client.get("staff.home").main_text
    client.sign_in(factories.make_account("moderator"))
    assert "Date aduse din tabele" not in client.get("staff.home").main_text


def test_what_a_clerk_stumbles_over_is_said_with_its_row(client: PageClient, staff: Any) -> None:
    page = client.post("imports.create", send(client, table(decision(1), 'X,"2')), expect=422)
    assert "Rândul 3: acolo se deschide o ghilimea" in page.main_text
    page = client.post("imports.create", send(client, b"%PDF-1.4\n", "a.csv"), expect=422)
    assert "nu este un tabel de text" in page.main_text
    one = bring(staff, b"P-1,Ceva\nP-2,Altceva\n", source="Fără capete")
    assert "Aproape niciun cap de coloană" in client.get("imports.show", import_id=one.id).main_text


def test_a_workbook_says_which_sheet_is_read_and_another_can_be(client: PageClient, staff: Any) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Copertă").write(0, 0, "Raport")
        for name, number in (("Date", 7), ("Arhivă", 8)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id", "number" if name == "Date" else "Cod", "year"])
            sheet.write_row(1, 0, ["1", number, 2024])
    page = client.follow(client.post("imports.create", send(client, content.getvalue(), "a.xlsx")))
    assert "Se citește numai foaia „Date”." in page.main_text
    one = queries.list_imports(1)[0]
    page = client.post("imports.check", {"sheet": "Copertă"}, expect=422, import_id=one.id)
    assert "Sub capetele de coloană ale acestui tabel nu este niciun rând." in page.main_text
    client.post("imports.check", {"sheet": "Altceva"}, expect=422, import_id=one.id)
    page = client.follow(client.post("imports.check", {"sheet": "Arhivă"}, import_id=one.id))
    assert "Se citește numai foaia „Arhivă”." in page.main_text
    mapping = {"import_key": "id", "number": "Cod", "year": "year"}
    service.check(staff, one.id, mapping, clock.now())
    db.session.commit()
    tasks.run_waiting(clock.now())
    service.load(staff, one.id, False, clock.now())
    db.session.commit()
    tasks.run_waiting(clock.now())
    assert db.session.scalars(select(CouncilDecision.number)).all() == ["8"]
    client.post("imports.check", {"sheet": "Date"}, expect=409, import_id=one.id)
    again = client.follow(client.post("imports.create", send(client, content.getvalue(), "a.xlsx")))
    assert "Exact acest fișier a fost încărcat" not in again.main_text


def test_a_new_name_of_a_source_is_pointed_out(client: PageClient, staff: Any) -> None:
    loaded(staff, table(decision(1)), source="Raportul 2024")
    one = bring(staff, table(decision(1)), source="Raport 2024 v2")
    assert "Raportul 2024; nu le vor înlocui" in client.get("imports.show", import_id=one.id).main_text
    one = checked(staff, table(decision(1), decision(2)), source="Raport 2024 v2")
    text = client.get("imports.show", import_id=one.id).main_text
    assert "Un rând nou are un număr care stă deja sub altă sursă" in text
    again = bring(staff, table(decision(1)), source="Raportul 2024")
    assert "nu le vor înlocui" not in client.get("imports.show", import_id=again.id).main_text
