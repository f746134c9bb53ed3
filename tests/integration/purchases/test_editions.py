"""What was published of a purchase stays as it was: corrections are releases after it, told on its page from what to what."""

import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.imports import service as imports
from civic.imports import work
from civic.purchases import ocds, queries, rules, service
from civic.purchases.models import Purchase, PurchaseEdition
from tests import factories
from tests.integration.imports.importkit import checked, counts, loaded, table
from tests.integration.purchases.purchasekit import buy, full
from tests.json_schemas import Schemas
from tests.pageclient import PageClient

HEAD = "nr,titlu,an,valoare fara tva,furnizor"


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


def whole(client: PageClient, path: str) -> Any:
    return json.loads(client.ask("GET", path).get_data(as_text=True), parse_float=Decimal)


def releases(app: Flask, purchase: Purchase) -> list[str]:
    with app.test_request_context():
        return ocds.texts_of(queries.get_purchase(purchase.id))


def correct(actor: Any, one: Purchase, **values: Any) -> None:
    service.edit_purchase(actor, one.id, one.version, values, clock.now())
    db.session.commit()


def amend(actor: Any, one: Purchase, day: int, amount: str | None = None) -> int:
    made = service.add_amendment(
        actor,
        one.id,
        date(2024, 8, day),
        Decimal(amount) if amount else None,
        f"Schimbarea {day}",
        clock.now(),
    )
    db.session.commit()
    return made.id


def merged(before: Any, after: Any) -> Any:
    """Two releases merged as the standard merges them: null removes, entries of lists are met by their id."""
    made = dict(before)
    for name, value in after.items():
        old = made.get(name)
        if isinstance(value, dict):
            made[name] = merged(old or {}, value)
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            entries = {one["id"]: one for one in old or []}
            for one in value:
                entries[one["id"]] = merged(entries.get(one["id"], {}), one)
            made[name] = list(entries.values())
        else:
            made[name] = value
        if made[name] in (None, {}, []):
            del made[name]
    return made


def unheaded(release: Any) -> Any:
    return {name: one for name, one in release.items() if name not in ("id", "date", "tag")}


def unlisted_tags(folder: Path, release: Any) -> set[str]:
    with (folder / "codelists" / "releaseTag.csv").open(encoding="utf-8", newline="") as file:
        return set(release["tag"]) - {row["Code"] for row in csv.DictReader(file)}


def every_kind(staff: Any) -> list[Purchase]:
    """Every procedure, with a supplier and a contract or without, of every kind of amount and of none."""
    amounts: list[dict[str, Any]] = [
        {}, {"amount": Decimal("0")}, {"amount_net": Decimal("0.01"), "amount_gross": Decimal("0.02")},
        {"amount_gross": Decimal("999999999999.99")}, {"amount": Decimal("7.10"), "currency": "EUR"},
    ]  # fmt: skip
    stages: list[dict[str, Any]] = [
        {}, {"supplier_code": "RO1"}, {"supplier": "X SRL", "contract_number": "1"}, {"signed_on": date(2024, 5, 6)},
    ]  # fmt: skip
    return [
        buy(
            staff,
            procedure=procedure,
            **amounts[place % 5],
            **stages[place % 4],
            note="Îndoială." * (place % 2),
        )
        for place, procedure in enumerate(rules.PROCEDURES)
    ]


#: Corrections one after another; the last gives back what the first ones took.
STEPS: tuple[dict[str, Any], ...] = (
    {"title": "Bănci și coșuri", "procedure": "unknown", "note": ""},
    {"supplier": "Y SRL", "supplier_code": "RO9", "categories": ["works"], "amount_net": Decimal("1"), "amount_gross": Decimal("1.19")},
    {"supplier_code": "", "contract_number": "9/2024", "categories": ["goods", "works"], "currency": "EUR"},
    {"supplier": "", "contract_number": "", "signed_on": None, "amount": None, "amount_net": None, "amount_gross": None, "categories": []},
    {"supplier": "Z SRL", "signed_on": date(2024, 7, 1), "project": "Parcul", "buyer": "Achiziții", "amount": Decimal("3.50")},
    {"project": "", "buyer": "", "procedure": "open"},
)  # fmt: skip


def test_whatever_is_corrected_what_was_published_stays_and_the_record_is_what_releases_amount_to(
    app: Flask, client: PageClient, staff: Any, shared_data: Path
) -> None:
    bought = [*every_kind(staff), full(staff)]
    told = {one.id: releases(app, one) for one in bought}
    wrong = amend(staff, bought[-1], 3, "1200000.05")
    for step in STEPS:
        for one in bought:
            correct(staff, one, **step)
            now = releases(app, one)
            assert now[: len(told[one.id])] == told[one.id]
            told[one.id] = now
    service.remove_amendment(staff, bought[-1].id, wrong, clock.now())
    amend(staff, bought[-1], 4, "1200000.50")
    db.session.commit()
    for kind, schema in (
        ("releases", "release-package-schema.json"),
        ("records", "record-package-schema.json"),
    ):
        package = whole(client, f"/purchases/ocds/{kind}.json")
        assert Schemas(shared_data / "ocds-1.1.5").problems(schema, json.loads(ocds.dumps(package))) == []
    ids = []
    for record in package["records"]:
        made: Any = {}
        for release in record["releases"]:
            assert unlisted_tags(shared_data / "ocds-1.1.5", release) == set()
            made = merged(made, unheaded(release))
        assert unheaded(record["compiledRelease"]) == made
        dates = [one["date"] for one in record["releases"]]
        assert dates == sorted(dates)
        ids += [one["id"] for one in record["releases"]]
    assert len(set(ids)) == len(ids) > len(bought) * len(STEPS) / 2
    last = package["records"][-1]
    assert last["releases"][-2]["tag"] == ["contractUpdate"]
    assert last["releases"][-1]["tag"] == ["contractAmendment"]
    changes = last["compiledRelease"]["contracts"][0]["amendments"]
    assert [one.get("description") for one in changes] == [
        "Lucrări în plus", "Lucrări în plus", None, "Schimbarea 4",
    ]  # fmt: skip
    assert whole(client, f"/purchases/{bought[-1].id}/ocds.json")["records"] == [last]


def test_a_release_is_called_what_it_is(app: Flask, staff: Any) -> None:
    one = buy(staff)
    correct(staff, one, title="Altele")
    correct(staff, one, supplier="X SRL")
    correct(staff, one, supplier="Y SRL")
    correct(staff, one, supplier="")
    correct(staff, one, title="Bănci")
    correct(staff, one, contract_number="1")
    correct(staff, one, contract_number="2")
    amend(staff, one, 1, "5")
    tags = [tag for text in releases(app, one) for tag in json.loads(text)["tag"]]
    assert tags == [
        "tender", "tenderUpdate", "award", "awardUpdate", "awardCancellation", "awardUpdate", "contract", "contractUpdate",
        "contractAmendment",
    ]  # fmt: skip


def test_what_no_release_says_makes_none_but_stands_on_the_page(
    app: Flask, client: PageClient, staff: Any
) -> None:
    one = full(staff)
    before = releases(app, one)
    correct(staff, one, amount_gross=Decimal("1190000.15"))
    assert releases(app, one) == before
    correct(
        staff, one, amount_net=Decimal("1000000.11"), department_id=factories.make_department("Parcuri").id
    )
    assert len(releases(app, one)) == len(before) + 1
    page = client.get("purchases.show", purchase_id=one.id).main_text
    for words in ("1.190.000,12 lei", "1.190.000,15 lei", "1.000.000,10 lei", "1.000.000,11 lei", "Parcuri"):
        assert words in page
    assert "Schimbarea contractului din 1 august 2024" in page
    assert page.index("1.000.000,11 lei") < page.rindex("Parcuri")
    client.speak("en")
    assert "What was changed" in client.get("purchases.show", purchase_id=one.id).main_text


def test_what_was_never_corrected_has_no_history(client: PageClient, staff: Any) -> None:
    assert (
        "Ce s-a schimbat de la publicare"
        not in client.get("purchases.show", purchase_id=buy(staff, amount=1).id).main_text
    )
    assert db.session.scalars(select(PurchaseEdition)).all() == []


def test_below_a_threshold_earlier_editions_are_hidden_too_and_come_back_with_it(
    app: Flask, client: PageClient, staff: Any
) -> None:
    one = buy(staff, amount=Decimal("10"))
    correct(staff, one, supplier="Prima")
    public = releases(app, one)
    first = clock.now()
    service.set_threshold(staff, date(2024, 1, 1), Decimal("500"), "HCL 1/2024", first)
    correct(staff, one, supplier="Ascunsa")
    correct(staff, one, supplier="A treia")
    assert whole(client, "/purchases/ocds/records.json")["records"] == []
    assert client.ask("GET", f"/purchases/{one.id}/ocds.json").status_code == 404
    service.set_threshold(staff, date(2024, 1, 1), Decimal("5"), "HCL 2/2024", first + timedelta(1))
    db.session.commit()
    now = releases(app, one)
    assert now[:-1] == public
    assert "A treia" in now[-1]
    assert "Ascunsa" not in client.get("purchases.show", purchase_id=one.id).main_text
    small = buy(staff, amount=Decimal("1"))
    correct(staff, small, supplier="Nepublicata")
    correct(staff, small, amount=Decimal("6"))
    assert len(releases(app, small)) == 1


def test_a_table_brought_in_again_keeps_each_edition_once_however_often_it_is_killed(
    app: Flask, staff: Any, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    monkeypatch.setattr(work, "STEP", 4)
    service.set_threshold(staff, date(2024, 1, 1), Decimal("5"), "HCL 1/2024", clock.now())

    def rows(supplier: str, count: int = 12) -> bytes:
        return table(*(f"{one},Bancă {one},2024,{one},{supplier}" for one in range(count)), head=HEAD)

    loaded(staff, rows("A"), dataset="purchases")
    assert db.session.scalars(select(PurchaseEdition)).all() == []
    one = checked(staff, rows("B"), dataset="purchases")
    killed_halfway(staff, one.id, 8)
    for _twice in range(2):
        work.go_through(one.id, clock.now())
    again = loaded(staff, rows("B"), dataset="purchases")
    assert counts(again) == (0, 0, 12, 0)
    kept = db.session.scalars(select(PurchaseEdition).order_by(PurchaseEdition.purchase_id)).all()
    assert [(edition.number, edition.facts["supplier"]) for edition in kept] == [(1, "A")] * 7
    assert db.session.query(Purchase).filter_by(never_shown=True).count() == 5
    statements.clear()
    loaded(staff, rows("C", 4), dataset="purchases")
    inserted = [one for one in statements if "INSERT INTO purchase_edition" in one]
    assert len(inserted) == 0
    statements.clear()
    loaded(staff, rows("D"), dataset="purchases")
    inserted = [one for one in statements if "INSERT INTO purchase_edition" in one]
    assert len(inserted) == 2
    suppliers = {one.id: [json.loads(text)["awards"][0]["suppliers"][0]["name"] for text in releases(app, one)]
                 for one in db.session.query(Purchase).filter_by(published=True)}  # fmt: skip
    assert set(map(tuple, suppliers.values())) == {("A", "B", "D")}


def killed_halfway(staff: Any, import_id: int, rows: int) -> None:
    """The loading of a file that ends after so many rows, as if the worker were killed."""

    def dies(done: int, _total: int) -> None:
        if done >= rows:
            raise KeyboardInterrupt

    imports.load(staff, import_id, False, clock.now())
    db.session.commit()
    with pytest.raises(KeyboardInterrupt):
        work.go_through(import_id, clock.now(), dies)
    db.session.rollback()


def test_nothing_below_the_threshold_is_public_while_a_table_is_being_brought_in(
    app: Flask, staff: Any
) -> None:
    service.set_threshold(staff, date(2024, 1, 1), Decimal("5"), "HCL 1/2024", clock.now())
    one = checked(staff, table("1,Bancă,2024,1,A", "2,Alee,2024,9,A", head=HEAD), dataset="purchases")
    killed_halfway(staff, one.id, 2)
    assert [row.title for row in db.session.query(Purchase).filter_by(published=True)] == ["Alee"]


def test_a_package_asks_as_many_questions_for_many_corrected_purchases_as_for_one(
    client: PageClient, staff: Any, statements: list[str]
) -> None:
    counted = []
    for wanted in (1, 12):
        while db.session.query(Purchase).count() < wanted:
            made = buy(staff)
            correct(staff, made, title="Corectat")
            correct(staff, made, title="Iar corectat")
        statements.clear()
        assert len(whole(client, "/purchases/ocds/releases.json")["releases"]) == 3 * wanted
        counted.append(len(statements))
    assert counted[0] == counted[1]
