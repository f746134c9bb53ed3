"""Purchases as open data: what the register shows, and nothing below the threshold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.opendata import bulk
from civic.purchases import ocds, service
from tests import factories
from tests.integration.purchases.purchasekit import buy, full
from tests.pageclient import PageClient


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


def asked(client: PageClient, path: str) -> Any:
    return client.ask("GET", f"/api/v1/{path}").get_json()["data"]


def test_a_purchase_says_all_that_is_known_and_null_for_the_rest(
    app: Flask, client: PageClient, staff: Any
) -> None:
    whole, bare = full(staff), buy(staff, categories=["works", "goods"])
    with app.test_request_context():
        name = ocds.ocid_of(whole)
    told = asked(client, f"purchases/{whole.id}")
    assert (told["ocid"], told["amount_net"], told["amount_gross"], told["amount"]) == (
        name, "1000000.10", "1190000.12", None,
    )  # fmt: skip
    assert (told["signed_on"], told["categories"]) == ("2024-05-06", ["works"])
    nothing = asked(client, f"purchases/{bare.id}")
    assert (nothing["amount_net"], nothing["signed_on"], nothing["delivery_id"]) == (None, None, None)
    assert nothing["categories"] == ["goods", "works"]
    changes = asked(client, f"purchase-amendments?purchase_id={whole.id}")
    assert [one["amount_after"] for one in changes] == ["1100000.00", None]


def test_below_the_threshold_nothing_is_there_nor_in_the_files(
    app: Flask, client: PageClient, staff: Any
) -> None:
    small = full(staff, title="Sub prag")
    large = buy(staff, title="Peste prag", amount=Decimal("5000000"))
    service.set_threshold(staff, date(2024, 1, 1), Decimal("2000000"), "HCL 1/2024", clock.now())
    db.session.commit()
    assert [one["id"] for one in asked(client, "purchases")] == [large.id]
    assert client.ask("GET", f"/api/v1/purchases/{small.id}").status_code == 404
    assert asked(client, "purchase-amendments") == []
    assert [one["amount"] for one in asked(client, "purchase-thresholds")] == ["2000000.00"]
    bulk.write_due(clock.now())
    for ending in ("csv", "jsonl"):
        text = client.ask("GET", f"/open-data/purchases.{ending}").get_data(as_text=True)
        assert "Peste prag" in text
        assert "Sub prag" not in text


def test_lists_are_narrowed_as_on_the_page(client: PageClient, staff: Any) -> None:
    first = buy(staff, year=2023, categories=["works", "goods"], procedure="open")
    second = buy(staff, year=2024, categories=["services"])
    for question, expected in (
        ("year=2023", [first.id]),
        ("category=services", [second.id]),
        ("category=goods&procedure=open", [first.id]),
        ("delivery_id=1", []),
    ):
        assert [one["id"] for one in asked(client, f"purchases?{question}")] == expected, question


def test_several_values_stand_in_one_cell_of_the_table(app: Flask, client: PageClient, staff: Any) -> None:
    buy(staff, categories=["works", "goods"])
    db.session.commit()
    bulk.write_due(clock.now())
    table = client.ask("GET", "/open-data/purchases.csv").get_data(as_text=True)
    assert "goods;works" in table
