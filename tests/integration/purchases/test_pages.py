"""What residents read and staff enter about purchases: every state, both languages, nobody else's doing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.purchases import queries, service
from civic.purchases.models import Purchase
from tests import factories
from tests.integration.purchases.purchasekit import buy, full
from tests.pageclient import PageClient

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


def test_an_empty_register_says_so(client: PageClient) -> None:
    assert "Încă nu s-a publicat aici nicio achiziție" in client.get("purchases.index").main_text


def test_the_register_is_narrowed_and_paged_by_key(
    client: PageClient, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    full(staff)
    for number in range(3):
        buy(staff, title=f"Bancă {number} {EVIL} {'x' * 300}", year=2023)
    page = client.get("purchases.index")
    assert "4 rezultate" in page.main_text
    assert "Bancă 0" not in page.main_text
    further = [one.get("href", "") for one in page.all("a") if "after=" in one.get("href", "")]
    assert "Bancă 0" in client.get(further[0]).main_text
    assert "1 rezultat" in client.get("purchases.index", procedure="open").main_text
    assert "1 rezultat" in client.get("purchases.index", category="works", year=2024).main_text
    assert "1 rezultat" in client.get("purchases.index", q="constructor").main_text
    assert "Nimic nu se potrivește" in client.get("purchases.index", q="avion").main_text


def test_a_purchase_says_what_is_not_stated(client: PageClient, staff: Any) -> None:
    page = client.get("purchases.show", purchase_id=buy(staff).id)
    assert "neprecizat" in page.main_text
    assert "Nu s-a publicat nicio schimbare." in page.main_text
    page = client.get("purchases.show", purchase_id=full(staff).id)
    assert "1.190.000,12 lei" in page.main_text
    assert "Lucrări în plus" in page.main_text
    assert "Îndoială." in page.main_text
    client.speak("en")
    client.get("purchases.index")
    assert "How the contract changed" in client.get("purchases.show", purchase_id=full(staff).id).main_text
    client.get("purchases.show", purchase_id=10**6, expect=404)


def typed(**values: str) -> dict[str, str]:
    return {
        "title": "Bănci",
        "procedure": "direct",
        "currency": "RON",
        "year": "2024",
        "categories": "goods",
        **values,
    }


def test_entering_and_correcting_one(client: PageClient, staff: Any) -> None:
    client.get("purchases_staff.create")
    page = client.post("purchases_staff.create", typed(title="", amount_net="mult"), expect=422)
    assert 'value="mult"' in page.html
    assert page.title.startswith("Eroare: ")
    page = client.post("purchases_staff.create", typed(amount_net="100", amount_gross="99"), expect=422)
    assert "Valoarea cu TVA este mai mică decât cea fără TVA." in page.main_text
    page = client.post("purchases_staff.create", typed(delivery="12345"), expect=422)
    assert "Nu există nicio lucrare cu acest număr." in page.main_text
    client.post("purchases_staff.create", typed(year=""), expect=422)
    client.post("purchases_staff.create", typed(amount_net="100,50"))
    one = db.session.query(Purchase).one()
    assert (one.amount_net, one.categories, one.published) == (Decimal("100.50"), ["goods"], True)
    page = client.get("purchases_staff.edit", purchase_id=one.id)
    assert 'value="100,50"' in page.html
    sent = typed(version="1", amount_net="100,50", supplier=f"Firmă {EVIL}")
    client.post("purchases_staff.edit", sent, purchase_id=one.id)
    db.session.expire_all()
    assert (one.supplier, one.amount_net, one.version) == (f"Firmă {EVIL}", Decimal("100.50"), 2)
    client.post("purchases_staff.edit", typed(version="1", title="Vechi"), expect=409, purchase_id=one.id)
    assert one.title == "Bănci"


def test_amendments_come_and_go(client: PageClient, staff: Any) -> None:
    one = buy(staff, signed_on=date(2024, 5, 6))
    day = {"amendment-signed_on": ["1", "5", "2024"], "amendment-reason": "De ce"}
    page = client.post("purchases_staff.amend", day, expect=422, purchase_id=one.id)
    assert "Contractul a fost semnat după această zi." in page.main_text
    assert "De ce" in page.html
    client.post(
        "purchases_staff.amend", {**day, "amendment-signed_on": ["7", "5", "2024"]}, purchase_id=one.id
    )
    made = queries.get_purchase(one.id).amendments
    assert [change.reason for change in made] == ["De ce"]
    client.post(
        "purchases_staff.remove_amendment", purchase_id=buy(staff).id, amendment_id=made[0].id, expect=404
    )
    client.post("purchases_staff.remove_amendment", purchase_id=one.id, amendment_id=made[0].id)
    assert queries.get_purchase(one.id).amendments == []


def test_the_threshold_is_set_with_its_day_and_its_reason(client: PageClient, staff: Any) -> None:
    small = buy(staff, amount=Decimal("10"))
    assert "Nu este stabilit niciun prag" in client.get("purchases_staff.threshold").main_text
    client.post("purchases_staff.threshold", {"amount": "500", "since": ["1", "1", "2024"]}, expect=422)
    client.post(
        "purchases_staff.threshold", {"amount": "500", "since": ["1", "1", "2024"], "basis": "HCL 1/2024"}
    )
    db.session.expire_all()
    assert not small.published
    assert "sub prag" in client.get("purchases_staff.index").main_text
    assert (
        "Nu apare în registrul public." in client.get("purchases_staff.edit", purchase_id=small.id).main_text
    )
    page = client.get("purchases.index")
    assert "Se publică achizițiile de la 500 lei în sus" in page.main_text
    service.edit_purchase(staff, small.id, 1, {"amount": Decimal("900")}, clock.now())
    assert small.published


def test_a_mistyped_year_is_told_and_what_was_typed_stays(client: PageClient, staff: Any) -> None:
    day = {"since": ["1", "1", "0202"], "amount": "500", "basis": "HCL 1/2024"}
    page = client.post("purchases_staff.threshold", day, expect=422)
    assert (
        "Verifică anul: ai scris 202. Scrie o zi între 1 ianuarie 1900 și 31 decembrie 2100."
        in page.main_text
    )
    assert 'value="0202"' in page.html
    assert 'value="HCL 1/2024"' in page.html
    client.get("purchases.index")
    assert queries.list_thresholds() == []
    sent = typed(**{"signed_on": ["6", "5", "21024"], "title": "Bănci noi"})  # type: ignore[arg-type]
    page = client.post("purchases_staff.create", sent, expect=422)
    assert "Verifică anul: ai scris 21024." in page.main_text
    assert 'value="Bănci noi"' in page.html


def test_others_do_not_enter_purchases(client: PageClient, app: Flask) -> None:
    client.sign_in(factories.make_account("evaluator", department=factories.make_department()))
    client.get("purchases_staff.index", expect=403)
    client.post("purchases_staff.threshold", {}, expect=403)
