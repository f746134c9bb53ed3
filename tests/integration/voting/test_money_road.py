"""The picture of a round's money says what open data says, and nothing of what nobody knows."""

from decimal import Decimal

from flask import Flask

from civic import clock
from civic.actor import SYSTEM
from civic.extensions import db
from civic.format import money
from civic.rounds.models import Round
from civic.tracker import queries as deliveries
from civic.tracker import service
from tests.integration.voting.test_other_methods import published
from tests.pageclient import PageClient
from voting import money_road, results_page


def test_the_road_of_the_money_is_that_of_open_data(context: Flask) -> None:
    round_id, slug = published(context)
    api, browser = context.test_client(), PageClient(context)
    won = [
        one
        for one in api.get(f"/api/v1/projects?round_id={round_id}").get_json()["data"]
        if one["standing"] == "winner"
    ]
    assert len(won) >= 2
    for one in won:
        if deliveries.find_by_origin("project", one["id"]) is None:
            service.create_delivery(
                title=one["title"], budget=Decimal(one["cost"]), currency="RON", neighbourhood_id=None,
                category_id=None, origin=("project", one["id"]), actor=SYSTEM, now=clock.now(),
            )  # fmt: skip
    first = deliveries.find_by_origin("project", won[0]["id"])
    assert first is not None
    service.record_spent(SYSTEM, first.id, Decimal("120.50"), clock.now())
    db.session.commit()

    round_ = db.session.get_one(Round, round_id)
    road = money_road.road_of(
        results_page.pot_results(round_, *results_page.published(round_)), round_.currency
    )
    assert road is not None
    pots = api.get(f"/api/v1/pots?round_id={round_id}").get_json()["data"]
    assert road["budget"] == sum(Decimal(pot["amount"]) for pot in pots)
    drawn = [project for pot in road["pots"] for project in pot["projects"]]
    assert {one["code"]: one["amount"] for one in drawn} == {one["code"]: Decimal(one["cost"]) for one in won}
    item = api.get(f"/api/v1/deliveries/{first.id}").get_json()["data"]
    assert [one["paid"] for one in drawn if one["stated"]] == [Decimal(item["spent"])]

    other = money_road.road_of(results_page.pot_results(round_, *results_page.published(round_)), "EUR")
    assert other is not None
    assert not any(one["stated"] for pot in other["pots"] for one in pot["projects"]), "lei are no euros"

    page = browser.get("voting.results", slug=slug)
    assert "Unde ajung banii" in page.main_text
    assert money(Decimal(item["spent"])) in page.html
    assert "nespecificat" in page.main_text


def test_nothing_is_drawn_while_nothing_is_carried_out(context: Flask) -> None:
    round_id, slug = published(context)
    for one in deliveries.list_by_ids(range(1, 1000)):
        db.session.delete(one)
    db.session.commit()
    assert "Unde ajung banii" not in PageClient(context).get("voting.results", slug=slug).main_text
