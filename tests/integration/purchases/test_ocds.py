"""Purchases as open contracting data: valid by the standard's own schemas, exact, and written as they are read."""

import html
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.purchases import ocds, queries, service
from tests import factories
from tests.integration.imports.importkit import loaded
from tests.integration.purchases.purchasekit import buy, full
from tests.json_schemas import Schemas
from tests.pageclient import PageClient

KINDS = {"releases": "release-package-schema.json", "records": "record-package-schema.json"}


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


@pytest.fixture
def schemas(shared_data: Path) -> Schemas:
    return Schemas(shared_data / "ocds-1.1.5")


def package(client: PageClient, kind: str, **values: Any) -> Any:
    year = f"?year={values['year']}" if values else ""
    text = client.ask("GET", f"/purchases/ocds/{kind}.json{year}").get_data(as_text=True)
    return json.loads(text, parse_float=Decimal)


def floats(value: Any) -> Any:
    return json.loads(ocds.dumps(value)) if not isinstance(value, str) else json.loads(value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_report_and_what_is_entered_by_hand_are_valid(
    client: PageClient, staff: Any, schemas: Schemas, shared_data: Path, kind: str
) -> None:
    loaded(staff, (shared_data / "municipal" / "procurement.csv").read_bytes(), dataset="purchases")
    full(staff)
    buy(staff, title="\u202eȘ\U0001f600 \\u0000 „citat”", amount_gross=Decimal("0.01"), supplier="X")
    buy(staff, categories=["goods", "services"], procedure="other", currency="EUR", amount=Decimal("5"))
    made = package(client, kind)
    assert schemas.problems(KINDS[kind], floats(made)) == []
    assert len(made[kind]) == (40 if kind == "releases" else 38)
    if kind == "records":
        assert [len(one["releases"]) for one in made["records"]].count(3) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_register_is_a_package_without_anything(client: PageClient, staff: Any, kind: str) -> None:
    assert package(client, kind)[kind] == []


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("ocid", 7),
        ("tag", ["unheard"]),
        ("tag", []),
        ("date", "ieri"),
        ("tender", {"title": "fără număr"}),
        ("language", 5),
    ],
)
def test_what_the_standard_forbids_is_noticed(
    staff: Any, app: Flask, schemas: Schemas, where: str, value: Any
) -> None:
    with app.test_request_context():
        release = floats(ocds.dumps(ocds.releases_of(full(staff))[0]))
    assert schemas.problems("release-schema.json", release) == []
    release[where] = value
    assert schemas.problems("release-schema.json", release) != []


def test_amounts_are_exact_and_changes_of_the_contract_are_releases(client: PageClient, staff: Any) -> None:
    full(staff)
    made = package(client, "releases")["releases"]
    assert [one["tag"] for one in made] == [["contract"], ["contractAmendment"], ["contractAmendment"]]
    values = [one["contracts"][0]["value"]["amount"] for one in made]
    assert values == [Decimal("1000000.10"), Decimal("1100000.00"), Decimal("1100000.00")]
    assert made[0]["tender"]["value"] == {"amount": Decimal("1000000.10"), "currency": "RON"}
    assert len({one["id"] for one in made}) == 3
    assert made[2]["contracts"][0]["amendments"][1]["description"] == "Lucrări în plus"
    text = client.ask("GET", "/purchases/ocds/releases.json").get_data(as_text=True)
    assert '"amount": 1000000.10' in text


def test_what_is_not_known_is_left_out(client: PageClient, staff: Any) -> None:
    buy(staff)
    release = package(client, "releases")["releases"][0]
    assert release["tag"] == ["tender"]
    assert "awards" not in release
    assert "value" not in release["tender"]
    assert "procurementMethod" not in release["tender"]


def test_an_amount_of_unknown_vat_says_so(client: PageClient, staff: Any) -> None:
    buy(staff, amount=Decimal("10"))
    tender = package(client, "releases")["releases"][0]["tender"]
    assert tender["description"] == "Sursa nu precizează dacă valoarea cuprinde TVA."


def test_below_the_threshold_nothing_is_said_anywhere(client: PageClient, staff: Any) -> None:
    from datetime import date

    small, large = buy(staff, amount=Decimal("10")), buy(staff, amount=Decimal("1000"))
    service.set_threshold(staff, date(2024, 1, 1), Decimal("500"), "HCL 1/2024", clock.now())
    db.session.commit()
    small_id, large_id = small.id, large.id
    assert [one["ocid"][-len(str(large_id)) :] for one in package(client, "records")["records"]] == [
        str(large_id)
    ]
    assert client.ask("GET", f"/purchases/{small_id}").status_code == 404
    assert client.ask("GET", f"/purchases/{small_id}/ocds.json").status_code == 404
    lines = client.ask("GET", "/purchases/purchases.csv").get_data(as_text=True).splitlines()
    assert len(lines) == 2


def test_a_contract_that_grows_over_the_threshold_is_published(client: PageClient, staff: Any) -> None:
    from datetime import date

    service.set_threshold(staff, date(2024, 1, 1), Decimal("500"), "HCL 1/2024", clock.now())
    small = buy(staff, amount=Decimal("499.99"))
    for amount, shown in ((Decimal("499"), False), (Decimal("500"), True), (Decimal("80"), True)):
        service.add_amendment(staff, small.id, date(2024, 5, 6), amount, "Lucrări în plus", clock.now())
        assert small.published == shown
    service.set_threshold(staff, date(2024, 1, 1), Decimal("500"), "HCL 2/2024", clock.now())
    db.session.commit()
    assert client.ask("GET", f"/purchases/{small.id}").status_code == 200
    assert len(package(client, "records")["records"]) == 1
    small = queries.get_purchase(small.id)
    for number in [one.id for one in small.amendments]:
        service.remove_amendment(staff, small.id, number, clock.now())
    assert not small.published


def test_a_year_is_exported_alone(client: PageClient, staff: Any) -> None:
    buy(staff, year=2023)
    buy(staff, year=2024)
    assert len(package(client, "releases", year=2023)["releases"]) == 1


def test_a_narrowed_list_is_downloaded_as_it_is_narrowed(client: PageClient, staff: Any) -> None:
    buy(staff, title="Plopi în șir", procedure="direct")
    buy(staff, title="Plopi")
    buy(staff, title="Bănci", procedure="direct")
    page = client.get("purchases.index", q="plopi", procedure="direct")
    (address,) = re.findall(r'href="(/purchases/purchases.csv\?[^"]+)"', page.html)
    lines = client.ask("GET", html.unescape(address)).get_data(as_text=True).splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["Plopi în șir"]


def test_one_purchase_at_a_time_is_held(
    client: PageClient, staff: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 3)
    for number in range(10):
        buy(staff, title=f"Bancă {number}")
    held = []
    for one in queries.stream_published():
        held.append(sum(isinstance(thing, type(one)) for thing in db.session.identity_map.values()))
    assert len(held) == 10
    assert max(held) <= 3
