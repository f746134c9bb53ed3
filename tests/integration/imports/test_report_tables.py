"""The tables of the city's report load as they are, twice, and nothing in them is added up or hidden."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.budget import presenters as budget
from civic.budget.models import BudgetChapter, BudgetLine
from civic.extensions import db
from civic.purchases.models import Purchase
from civic.tracker.models import Delivery
from civic.volumes.models import ServiceVolume
from tests import factories
from tests.integration.imports.importkit import counts, loaded
from tests.pageclient import PageClient

TABLES = {
    "deliveries": ("investment_projects", 237),
    "purchases": ("procurement", 35),
    "budget_chapters": ("budget_chapters", 17),
    "budget_lines": ("budget_execution", 26),
    "service_volumes": ("service_volumes", 100),
}


@pytest.fixture
def report(shared_data: Path) -> dict[str, bytes]:
    return {
        key: (shared_data / "municipal" / f"{name}.csv").read_bytes() for key, (name, _rows) in TABLES.items()
    }


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


@pytest.mark.parametrize("key", TABLES)
def test_a_table_of_the_report_loads_as_it_is_and_once(
    staff: Any, report: dict[str, bytes], key: str
) -> None:
    rows = TABLES[key][1]
    assert counts(loaded(staff, report[key], dataset=key)) == (rows, 0, 0, 0)
    assert counts(loaded(staff, report[key], dataset=key)) == (0, 0, rows, 0)


def test_works_keep_their_umbrellas_doubles_and_doubts(
    client: PageClient, staff: Any, report: dict[str, bytes]
) -> None:
    one = loaded(staff, report["deliveries"], dataset="deliveries")
    from civic.imports.queries import list_remarked

    assert list_remarked(one.id), "without departments each row says which one it lost"
    assert db.session.scalar(select(func.count()).where(Delivery.budget.is_(None))) == 154
    both = db.session.scalars(select(Delivery).where(Delivery.same_as_key != "")).all()
    assert both
    assert all(work.same_as_id is not None for work in both)
    parts = db.session.scalars(select(Delivery).where(Delivery.parent_key != "")).all()
    assert parts
    assert all(work.parent_id is not None for work in parts)
    urban = db.session.scalars(select(Delivery).filter_by(import_key="INV-001")).one()
    assert (urban.budget, urban.own_share, urban.currency) == (
        Decimal("599750.00"),
        Decimal("192500.00"),
        "EUR",
    )
    page = client.get("tracker.show", delivery_id=urban.id)
    assert "citită ca 192 500" in page.main_text
    assert "Partea proprie a orașului: 192.500 EUR." in page.main_text


def test_the_budget_of_the_report_is_told_to_the_last_ban(
    client: PageClient, staff: Any, report: dict[str, bytes]
) -> None:
    factories.make_department("Poliția Locală Sector 2")
    # Lines first: they are tied when their chapter comes.
    loaded(staff, report["budget_lines"], dataset="budget_lines")
    loaded(staff, report["budget_chapters"], dataset="budget_chapters")
    page = client.get("budget.index")
    assert "1.851.791.599,92 lei" in page.main_text
    assert "1.798.523.993,90 lei" in page.main_text
    assert "Cheltuielile depășesc veniturile cu 53.267.606,02 lei." in page.main_text
    chapter = db.session.scalars(
        select(BudgetChapter).where(BudgetChapter.name.contains("Poliția Locală"))
    ).one()
    page = client.get("budget.chapter", year=2024, chapter_id=chapter.id)
    assert "-783.801,26" in page.main_text.replace("\u2212", "-")
    assert "Plăți recuperate: micșorează totalul." in page.main_text
    assert "Cifrele nu se potrivesc" not in page.main_text
    assert "Calculat de cel care a introdus datele" in page.main_text
    title = db.session.scalars(select(BudgetLine).filter_by(level="title", derived=True)).one()
    assert len(budget.line_context(title)["rows"]) == 19
    assert "673.341,78 lei" in client.get("budget.line", line_id=title.id).main_text


def test_a_changed_figure_no_longer_adds_up_and_the_page_says_so(
    client: PageClient, staff: Any, report: dict[str, bytes]
) -> None:
    loaded(staff, report["budget_chapters"], dataset="budget_chapters")
    loaded(staff, report["budget_lines"].replace(b"54854407.00", b"54854408.00"), dataset="budget_lines")
    chapter = db.session.scalars(
        select(BudgetChapter).where(BudgetChapter.name.contains("Poliția Locală"))
    ).one()
    page = client.get("budget.chapter", year=2024, chapter_id=chapter.id)
    assert "o diferență de 1 lei" in page.main_text.replace("\u00a0", " ")


def test_purchases_keep_their_mixed_kinds_and_the_works_they_serve(
    client: PageClient, staff: Any, report: dict[str, bytes]
) -> None:
    loaded(staff, report["deliveries"], dataset="deliveries")
    loaded(staff, report["purchases"], dataset="purchases")
    mixed = db.session.scalars(select(Purchase).filter_by(import_key="ACH-29")).one()
    assert mixed.categories == ["goods", "services", "works"]
    assert (mixed.amount, mixed.amount_net, mixed.amount_gross) == (Decimal("368502.00"), None, None)
    page = client.get("purchases.show", purchase_id=mixed.id)
    assert "nu se poate împărți suma" in page.main_text
    assert "Valoare, TVA neprecizat" in page.main_text
    served = db.session.scalars(select(Purchase).filter_by(import_key="ACH-35")).one()
    assert served.delivery is not None
    page = client.get("purchases.show", purchase_id=served.id)
    assert served.delivery.title in page.main_text
    assert "Ce s-a cumpărat pentru ea" in client.get("tracker.show", delivery_id=served.delivery_id).main_text


def test_counts_stand_with_their_doubts(client: PageClient, staff: Any, report: dict[str, bytes]) -> None:
    assert "Încă nu s-au publicat aici cifre" in client.get("volumes.index").main_text
    loaded(staff, report["service_volumes"], dataset="service_volumes")
    page = client.get("volumes.index")
    assert "20.897" in page.main_text
    assert "cu 1.000 mai puțin" in page.main_text
    assert db.session.scalar(select(func.count(ServiceVolume.id))) == 100
    client.speak("en")
    assert "do not add them up" in client.get("volumes.index").main_text
