"""Tables as town halls really keep them: what is read, what is refused, and what whoever brings them in is told."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.budget.models import BudgetChapter
from civic.errors import Invalid
from civic.extensions import db
from civic.imports import queries, service
from civic.purchases.models import Purchase
from civic.tracker.models import Delivery
from tests import factories
from tests.integration.imports.importkit import bring, checked, counts, loaded, table
from tests.pageclient import PageClient


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


def reasons(one: Any) -> dict[int, list[tuple[str, str]]]:
    """row -> (field, code) of why it is refused."""
    rows = queries.list_rows(one.id, "refused", 0)
    return {row.number: [(reason["field"], reason["code"]) for reason in row.reasons] for row in rows}


def purchases_workbook() -> bytes:
    """A register with a title, headings over two rows, numbered columns, sections, joined cells and totals."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Achiziții")
        sheet.merge_range("A1:G1", "Primăria – registrul achizițiilor")
        for place, name in {
            "A": "Nr. crt.",
            "B": "Obiect",
            "E": "Furnizor",
            "F": "Procedura",
            "G": "Data contractului",
        }.items():
            sheet.merge_range(f"{place}3:{place}4", name)
        sheet.merge_range("C3:D3", "Valoare")
        sheet.write_row("C4", ["fără TVA", "cu TVA"])
        sheet.write_row("A5", [0, 1, 2, 3, 4, 5, 6])
        sheet.merge_range("A6:G6", "CAPITOLUL I – LUCRĂRI")
        sheet.write_row("A7", [1, "Alee, lotul 1\u00a0", "1.234.567,89 lei"])
        sheet.write_row("A8", [2, "Alee, lotul 2", "2.000"])
        sheet.write_row("A9", [3, "Bănci", 100.5, 119.595, "Beta", "achiziţie directă", "martie 2024"])
        sheet.write_row(
            "A10", [4, "Coşuri de gunoi", 100.5, 119.6, "Beta", "achiziţie directă", "12.03.2024"]
        )
        sheet.write_row("A11", [5, "Coşuri, partea a doua"])
        sheet.merge_range("E7:E8", "Alfa\u00a0SRL")
        sheet.merge_range("F7:F8", "licitaţie deschisă")
        sheet.merge_range("G7:G8", "12 martie 2024")
        sheet.merge_range("C10:C11", 100.5)
        sheet.write_row("G11", ["12.03.2024"])
        sheet.write_row("A13", ["", "TOTAL GENERAL", 1_236_768.39])
        sheet.write_row("A14", ["Întocmit, Ionescu Maria"])
    return target.getvalue()


def test_a_register_of_a_town_hall(staff: Any, client: PageClient) -> None:
    one = loaded(staff, purchases_workbook(), dataset="purchases", name="registru.xlsx", without_refused=True)
    assert one.columns == [
        "Nr. crt.", "Obiect", "Valoare fără TVA", "Valoare cu TVA", "Furnizor", "Procedura", "Data contractului",
    ]  # fmt: skip
    assert reasons(one) == {
        5: [("", "numbering")],
        6: [("", "alone")],
        9: [("amount_gross", "decimals"), ("signed_on", "day")],
        11: [("amount_net", "joined")],
        13: [("", "total")],
        14: [("", "alone")],
    }
    rows = db.session.scalars(select(Purchase).order_by(Purchase.id)).all()
    assert [(row.import_key, row.title, row.supplier, row.procedure, row.signed_on) for row in rows] == [
        ("1", "Alee, lotul 1", "Alfa SRL", "open", date(2024, 3, 12)),
        ("2", "Alee, lotul 2", "Alfa SRL", "open", date(2024, 3, 12)),
        ("4", "Coșuri de gunoi", "Beta", "direct", date(2024, 3, 12)),
    ]
    assert [row.amount_net for row in rows] == [Decimal("1234567.89"), Decimal(2000), Decimal("100.50")]
    page = client.get("imports.show", import_id=one.id, outcome="refused")
    assert "celula este unită cu cea din rândul 10" in page.main_text
    assert "rotunjește coloana" in page.main_text
    client.speak("en")
    client.get("imports.show", import_id=one.id, outcome="refused")


def test_a_word_nobody_knows_is_refused_beside_those_that_are(staff: Any, client: PageClient) -> None:
    one = checked(
        staff, table("1,Parc,prin cumpărare,2024", head="nr,titlu,procedura,an"), dataset="purchases"
    )
    page = client.get("imports.show", import_id=one.id)
    assert (
        "nu este unul dintre cuvintele cunoscute aici; sunt cunoscute: licitatie deschisa," in page.main_text
    )


def test_amounts_under_a_heading_that_says_euro_are_not_taken_for_lei(staff: Any) -> None:
    one = bring(staff, table("1,Parc,100,EUR", head="nr,titlu,Suma (euro),Moneda"), dataset="purchases")
    wanted = {"import_key": "nr", "title": "titlu", "amount": "Suma (euro)"}
    with pytest.raises(Invalid, match="nu este în lei"):
        service.check(staff, one.id, wanted, clock.now())
    assert service.check(staff, one.id, {**wanted, "currency": "Moneda"}, clock.now()).state == "checking"


def test_amounts_in_thousands_are_guessed_chosen_and_remembered(staff: Any, client: PageClient) -> None:
    rows = ("Nr;Capitol;Fel;An;Executat", "1;Învățământ;cheltuieli;2024;1.234,5", "2;Taxe;venituri;2024;-3")
    titled = b";;;;- mii lei -\n" + "\n".join(rows).encode()
    one = bring(staff, titled, dataset="budget_chapters")
    assert one.unit == 1000
    page = client.get("imports.show", import_id=one.id)
    assert "Sumele sunt numărate în: mii" in page.main_text
    assert "1,5 se citește 1.500." in page.main_text
    one = loaded(staff, titled, dataset="budget_chapters")
    amounts = db.session.scalars(select(BudgetChapter.executed).order_by(BudgetChapter.id)).all()
    assert amounts == [Decimal(1_234_500), Decimal(-3_000)]
    assert bring(staff, "\n".join(rows).encode(), dataset="budget_chapters").unit == 1000
    said = "\n".join(rows).replace("Executat", "Plăți (mii lei)").encode()
    one = bring(staff, said, dataset="budget_chapters", source="Alt cont")
    wanted = {f"column-{name}": column for name, column in one.mapping.items()}
    wanted["column-executed"] = "Plăți (mii lei)"
    page = client.post("imports.check", {**wanted, "unit": "1"}, expect=422, import_id=one.id)
    assert "spune că sumele din ea sunt mii sau milioane" in page.main_text
    client.post("imports.check", {**wanted, "unit": "7"}, expect=422, import_id=one.id)
    client.post("imports.check", {**wanted, "unit": "1000"}, import_id=one.id)
    assert queries.get_import(one.id).unit == 1000


def test_what_the_table_refuses_of_a_changed_row_is_told_before_the_loading(staff: Any) -> None:
    head = "id,title,started_on,value"
    loaded(staff, table("A,Parc,,", "B,Alee,,", head=head), dataset="deliveries")
    park = db.session.scalars(select(Delivery).filter_by(import_key="A")).one()
    park.done_on = date(2024, 3, 1)
    db.session.commit()
    changed = table("A,Parc,2024-04-01,", "B,Alee,2024-04-01,7", head=head)
    one = checked(staff, changed, dataset="deliveries")
    assert (counts(one), reasons(one)) == ((0, 1, 0, 1), {2: [("import_key", "database")]})
    assert db.session.scalars(select(Delivery.budget).order_by(Delivery.id)).all() == [None, None]
    one = loaded(staff, changed, dataset="deliveries", without_refused=True)
    assert counts(one) == (0, 1, 0, 1)


def test_what_a_file_leaves_as_it_is_or_takes_back_is_told(staff: Any, client: PageClient) -> None:
    head = "Nr. crt.,titlu,an"
    first = loaded(staff, table("1,Parc,2024", "2,Alee,2024", "3,Bănci,2024", head=head), dataset="purchases")
    assert first.absent == 0
    first.as_of = date(2100, 1, 1)
    db.session.commit()
    one = checked(staff, table("1,Parc,2024", "3,Bănci,", head=head), dataset="purchases")
    assert (one.absent, counts(one)) == (1, (0, 0, 1, 1))
    page = client.get("imports.show", import_id=one.id)
    assert (
        "Un rând adus mai demult din această sursă nu este în acest fișier. Rămâne așa cum este."
        in page.main_text
    )
    assert "Este încărcat deja un fișier mai nou" in page.main_text
    assert "Coloana „Nr. crt.” doar numără rândurile." in page.main_text
    client.get("imports.show", import_id=first.id)


def test_rows_that_a_workbook_hides_are_told(staff: Any, client: PageClient) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["id", "number", "year"], ["1", "7", 2024], ["2", "8", 2024]]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
    content.seek(0)
    sent = {"dataset": "decisions", "source": "Raport", "as_of": "31 12 2024", "file": (content, "a.xlsx")}
    page = client.follow(client.post("imports.create", sent))
    assert "Se citește și un rând pe care registrul de calcul îl ascunde." in page.main_text
