"""What residents read about the budget, and how it is tied to decisions: the picture says what the table says."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic.audit import AuditRecord
from civic.budget import queries
from civic.budget.models import BudgetChapter, BudgetDecision, BudgetLine
from civic.extensions import db
from tests import factories
from tests.integration.imports.importkit import decision, loaded, table
from tests.pageclient import Page, PageClient

CHAPTERS = "id,kind,chapter,approved,revised,executed,year"
LINES = "id,institution,level,budget_title,line_item,approved,executed,year,note"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


@pytest.fixture
def two_years(staff: Any) -> Any:
    rows = [
        "1,cheltuieli,Învățământ,100,120,110.50,2024",
        f"2,cheltuieli,Poliția Locală și {EVIL} {'x' * 200},50,,40.25,2024",
        "3,cheltuieli,Transporturi,,,,2024",
        "4,cheltuieli,Recuperări,,,-5.75,2024",
        "5,venituri,Impozite,,,150,2024",
        "6,cheltuieli,Învățământ,,,100,2023",
    ]
    loaded(staff, table(*rows, head=CHAPTERS), dataset="budget_chapters")
    lines = [
        "1,Poliția Locală,total,,,50,40.25,2024,Un total",
        "2,Poliția Locală,titlu,Personal,,30,35.25,2024,",
        "3,Poliția Locală,titlu,Bunuri,,20,6,2024,",
        "4,Poliția Locală,poziție,Bunuri,Hârtie,,4,2024,",
        "5,Poliția Locală,poziție,Bunuri,Apă,,2,2024,",
    ]
    loaded(staff, table(*lines, head=LINES), dataset="budget_lines")
    return staff


def chapter(name: str) -> BudgetChapter:
    return db.session.scalars(
        select(BudgetChapter).where(BudgetChapter.name.startswith(name), BudgetChapter.year == 2024)
    ).one()


def amounts(page: Page, tag: str) -> list[Decimal]:
    return [Decimal(found) for found in re.findall(rf'<{tag}[^>]*data-amount="([^"]*)"', page.html)]


def test_without_a_budget_the_page_says_so(client: PageClient) -> None:
    assert "Încă nu s-a publicat aici niciun buget" in client.get("budget.index").main_text
    client.get("budget.year", year=2024, expect=404)
    client.speak("en")
    assert "No budget has been published here yet" in client.get("budget.index").main_text


def test_a_year_says_what_is_stated_and_what_is_not(client: PageClient, two_years: Any) -> None:
    page = client.get("budget.index")
    text = page.main_text.replace("\u00a0", " ")
    assert "Bugetul orașului în 2024" in text
    assert "145 lei" in text, "110.50 + 40.25 - 5.75"
    assert "o precizează 3 din 4 capitole" in text
    assert "cu 10,50 lei (10,5 %) mai mult" in text
    assert "Plăți recuperate: micșorează totalul." in text
    assert EVIL in text
    assert "peste cheltuieli" not in text, "a chapter states nothing: nobody knows by how much"
    assert "150 lei" in client.get("budget.year", year=2024, kind="revenue").main_text.replace("\u00a0", " ")
    assert "Bugetul pe 2022 nu s-a publicat aici" in client.get("budget.year", year=2023).main_text
    client.get("budget.year", year=1999, expect=404)


def test_the_picture_says_what_the_table_says(client: PageClient, two_years: Any) -> None:
    page = client.get("budget.index")
    drawn, listed = amounts(page, "rect"), amounts(page, "span")
    above = sorted(one for one in listed if one > 0)
    assert sorted(drawn) == sorted(above * 2), "at two sizes"
    assert sorted(set(listed) - set(drawn)) == [Decimal("-5.75")]
    links = re.findall(r'<a href="(/budget/2024/chapters/[0-9]+)" aria-label', page.html)
    assert len(set(links)) == 2


def test_a_chapter_opens_down_to_the_items(client: PageClient, two_years: Any) -> None:
    one = chapter("Poliția Locală")
    page = client.get("budget.chapter", year=2024, chapter_id=one.id)
    text = page.main_text.replace("\u00a0", " ")
    assert "Un total" in text
    assert "Executat: sursa spune 40,25 lei, părțile însumează 41,25 lei, o diferență de 1 lei." in text
    assert "Aprobat: sursa" not in text
    line = next(
        found for found in queries.list_lines(one.id) if found.title == "Bunuri" and found.level == "title"
    )
    page = client.get("budget.line", line_id=line.id)
    assert "Hârtie" in page.main_text
    assert "Cifrele nu se potrivesc" not in page.main_text
    assert (
        "Nu s-a publicat aici din ce este alcătuit"
        in client.get("budget.chapter", year=2024, chapter_id=chapter("Transporturi").id).main_text
    )
    client.get("budget.chapter", year=2023, chapter_id=one.id, expect=308)
    client.get("budget.line", line_id=10**6, expect=404)
    client.speak("en")
    client.get("budget.chapter", year=2024, chapter_id=one.id)
    client.get("budget.line", line_id=line.id)


def test_the_department_of_an_institution_leads_on(client: PageClient, staff: Any) -> None:
    factories.make_department("Poliția Locală")
    loaded(staff, table("1,cheltuieli,Poliția Locală,,,5,2024", head=CHAPTERS), dataset="budget_chapters")
    loaded(staff, table("1,Poliția Locală,total,,,5,5,2024,", head=LINES), dataset="budget_lines")
    page = client.get("budget.chapter", year=2024, chapter_id=chapter("Poliția Locală").id)
    assert "Lucrări: Poliția Locală" in page.main_text
    assert "Achiziții: Poliția Locală" in page.main_text
    line = db.session.scalars(select(BudgetLine)).one()
    assert "Lucrări: Poliția Locală" in client.get("budget.line", line_id=line.id).main_text


def test_a_line_names_its_chapter_and_several_institutions_make_it(
    client: PageClient, two_years: Any
) -> None:
    head = "id,institution,capitol,level,executed,year"
    rows = ["6,Școala 1,învățământ,total,60,2024", "7,Școala 2,Învățământ,total,50,2024"]
    loaded(two_years, table(*rows, head=head), dataset="budget_lines", source="Școlile")
    page = client.get(f"/budget/2024/chapters/{chapter('Învățământ').id}")
    assert "Capitolul spune 110,50 lei, cele 2 instituții ale lui împreună 110 lei." in page.main_text


def test_decisions_are_tied_shown_and_untied(client: PageClient, two_years: Any) -> None:
    loaded(two_years, table(decision(47), decision(9, year=2010)))
    from civic.decisions.queries import find_decision

    own, old = find_decision("47", 2024), find_decision("9", 2010)
    assert own is not None
    assert old is not None
    one = chapter("Învățământ")
    sent = {"subject": f"chapter-{one.id}", "role": "revised", "decision_id": str(own.id), "amount": "120"}
    assert "Nicio hotărâre nu este legată" in client.get("budget_staff.index").main_text
    page = client.post("budget_staff.index", {**sent, "decision_id": str(old.id)}, expect=422)
    assert "Hotărârea este din alt an decât bugetul." in page.main_text
    client.post("budget_staff.index", {**sent, "amount": "mult"}, expect=422)
    client.post("budget_staff.index", sent)
    assert "Este deja trecut" in client.post("budget_staff.index", sent, expect=409).main_text
    client.post("budget_staff.index", {**sent, "subject": "", "role": "approved", "amount": ""})
    page = client.get("budget.chapter", year=2024, chapter_id=one.id)
    assert "Rectificat prin HCL 47/2024: 120 lei" in page.main_text.replace("\u00a0", " ")
    assert (
        "Aprobat prin HCL 47/2024: suma stabilită nu este precizată" in client.get("budget.index").main_text
    )
    page = client.get("decisions.show", decision_id=own.id)
    assert "A rectificat Învățământ (2024): 120 lei" in page.main_text.replace("\u00a0", " ")
    tie = db.session.scalars(select(BudgetDecision.id).filter_by(role="revised")).one()
    client.post("budget_staff.remove", tie_id=tie)
    assert "Rectificat prin" not in client.get("budget.chapter", year=2024, chapter_id=one.id).main_text
    client.post("budget_staff.remove", tie_id=tie, expect=404)
    kept = db.session.scalars(select(AuditRecord.subject_kind).where(AuditRecord.event.like("budget%"))).all()
    assert kept == [BudgetDecision.__tablename__] * 3


def test_others_do_not_tie_decisions(client: PageClient, app: Flask) -> None:
    client.sign_in(factories.make_account("auditor"))
    client.get("budget_staff.index", expect=403)
    client.post("budget_staff.index", {}, expect=403)


def test_a_year_costs_the_same_however_many_chapters(
    client: PageClient, staff: Any, statements: list[str]
) -> None:
    seen = []
    for count in (3, 30):
        rows = [f"{n},cheltuieli,Capitolul {n},,,{n},2024" for n in range(1, count + 1)]
        loaded(staff, table(*rows, head=CHAPTERS), dataset="budget_chapters")
        statements.clear()
        client.get("budget.index")
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 14


@pytest.mark.parametrize("kind", ["expenditure", "revenue"])
def test_the_picture_the_table_and_the_open_data_say_the_same(
    client: PageClient, two_years: Any, kind: str
) -> None:
    answer = client.ask("GET", f"/api/v1/budget?year=2024&kind={kind}").get_json()["data"]
    told = {one["name"]: one["executed"] and Decimal(one["executed"]) for one in answer}
    page = client.get("budget.year", year=2024, kind=kind)
    stated = [one for one in told.values() if one is not None]
    assert amounts(page, "span") == stated
    drawn = sorted((one for one in stated if one > 0), reverse=True)
    assert amounts(page, "rect") == (drawn * 2 if len(drawn) > 1 else []), "on a wide screen and on a phone"


def test_lines_of_the_open_data_are_those_of_the_chapters_page(client: PageClient, two_years: Any) -> None:
    paid = chapter("Poliția")
    answer = client.ask("GET", f"/api/v1/budget-lines?chapter_id={paid.id}").get_json()["data"]
    assert [one["level"] for one in answer] == ["total", "title", "title", "item", "item"]
    titles = [Decimal(one["executed"]) for one in answer if one["level"] == "title"]
    assert amounts(client.get("budget.chapter", year=2024, chapter_id=paid.id), "span") == titles
    assert all(one["note"] == "Un total" for one in answer if one["level"] == "total")


def test_two_sources_of_one_year_are_never_added_up(client: PageClient, two_years: Any) -> None:
    newer = ["1,cheltuieli,Poliția Locală,,,90,2024", "2,venituri,Impozite,,,95,2024"]
    loaded(two_years, table(*newer, head=CHAPTERS), dataset="budget_chapters", source="Contul de execuție")
    page = client.get("budget.index")
    text = page.main_text.replace("\u00a0", " ")
    assert "2 surse precizează acest buget" in text
    assert "Veniturile depășesc cheltuielile cu 5 lei." in text
    other = next(found for found in re.findall(r'href="([^"]*source=\d+)"', page.html))
    assert "145 lei" in client.get(other.replace("&amp;", "&")).main_text.replace("\u00a0", " ")
    assert queries.spent_by_year()[2024] == (Decimal(90), 1, 1)
    lines = ["1,Poliția Locală,total,,,50,90,2024,"]
    loaded(two_years, table(*lines, head=LINES), dataset="budget_lines", source="Contul de execuție")
    tied = db.session.scalars(select(BudgetLine).order_by(BudgetLine.id)).all()
    own = db.session.scalars(select(BudgetChapter).where(BudgetChapter.executed == 90)).one()
    assert tied[-1].chapter_id == own.id != tied[0].chapter_id == chapter("Poliția Locală și").id
    rows = client.ask("GET", "/api/v1/budget?year=2024&kind=revenue").get_json()["data"]
    assert [row["source"] for row in rows] == ["Raportul de activitate 2024", "Contul de execuție"]


def test_currencies_are_not_added_up_nor_compared(client: PageClient, staff: Any) -> None:
    head = "id,kind,chapter,executed,currency,year"
    rows = ["1,cheltuieli,A,10,EUR,2024", "2,cheltuieli,B,30,RON,2024", "3,cheltuieli,A,40,RON,2023"]
    loaded(staff, table(*rows, head=head), dataset="budget_chapters")
    page = client.get("budget.year", year=2024)
    text = page.main_text.replace("\u00a0", " ")
    assert "în mai multe monede, care nu se adună" in text
    assert "25 %" not in text
    assert "75 %" not in text
    assert "mai puțin" not in text


def test_the_newest_budget_is_none_of_a_far_year(client: PageClient, two_years: Any) -> None:
    far = "9,cheltuieli,Învățământ,,,1,2099"
    loaded(two_years, table(far, head=CHAPTERS), dataset="budget_chapters", source="Cu o greșeală")
    assert "Bugetul orașului în 2024" in client.get("budget.index").main_text
    assert "Bugetul orașului în 2099" in client.get("budget.year", year=2099).main_text
