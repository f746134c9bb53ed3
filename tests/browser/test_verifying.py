"""A stranger votes: account, verification by declaration, ballot and receipt, on a phone without JavaScript."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.browser import road
from tests.browser.conftest import PHONE, Visitor
from voting.models import Project


@pytest.fixture
def town(real_app: Flask) -> Iterator[road.Town]:
    """A city whose vote runs, takes declarations by e-mail, and has one project."""
    town = road.Town(real_app)
    town.build()
    with real_app.app_context():
        round_ = db.session.get_one(Round, town.round_id)
        round_.remote_verification = ["declaration_email"]
        start, end = town.start - timedelta(days=1), town.start + timedelta(days=5)
        round_.phases = [one for one in round_.phases if one.kind == "voting"]
        round_.phases[0].starts_at, round_.phases[0].ends_at = start, end
        db.session.add(
            Project(
                round_id=round_.id,
                pot_id=round_.pots[0].id,
                group_id=round_.groups[0].id,
                code="P1",
                title="Umbră la Piața Obor",
                summary="Douăzeci de arbori.",
                cost=100_000,
                withdrawn=False,
            )  # fmt: skip
        )
        db.session.commit()
        db.session.remove()
    town.run_job("votes.prepare")
    yield town
    clock.travel(timedelta(0))


def test_a_stranger_is_verified_on_the_way_to_the_ballot(
    visitor: Callable[..., Visitor], town: road.Town
) -> None:
    someone = visitor(PHONE, javascript=False)
    page = someone.open("/rounds/editia/vote")
    someone.look("vote-stranger")
    with page.expect_navigation():
        page.get_by_role("link", name="Fă-ți cont și votează").click()
    page.get_by_label("Numele afișat").fill("Maria din Obor")
    page.get_by_label("Adresa de e-mail").fill(road.RESIDENT)
    page.get_by_label("Parola", exact=True).fill(road.RESIDENT_PASSWORD)
    road.send(page)
    page = someone.open(road.link_in(town.letter_to(road.RESIDENT)))
    page.get_by_label("Parola", exact=True).fill(road.RESIDENT_PASSWORD)
    road.send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Cum te verifici")
    someone.look("verification-ways")
    with page.expect_navigation():
        page.get_by_role("link", name="Începe, prin e-mail").click()
    someone.look("verification-declaration")
    page.get_by_label("Prenumele și numele").fill("Maria Popescu")
    page.locator("#cnp").fill("1800101123451")
    for part, value in zip(
        page.locator("main input[name=birth_date]").all(), ("1", "1", "1980"), strict=True
    ):
        part.fill(value)
    road.tick(page, "după cartea de identitate")
    page.get_by_label("Strada").fill("Șoseaua Colentina")
    page.locator("#number").fill("2")
    page.locator("main select[name=neighbourhood]").select_option(label=town.area)
    page.locator("main label[for=consent]").click()
    road.send(page)
    expect(page.locator("main")).to_contain_text("Cifra de control")
    expect(page.get_by_label("Strada")).to_have_value("Șoseaua Colentina")
    someone.look("verification-mistake")
    page.locator("#cnp").fill("1800101123450")
    road.send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Scrie codul")
    page.get_by_label("Cod", exact=True).fill("000000")
    road.send(page, "main form[action$='/code'] button")
    someone.look("verification-wrong-code")
    found = re.search(r"^(\d{6})$", town.letter_to(road.RESIDENT), re.MULTILINE)
    assert found
    page.get_by_label("Cod", exact=True).fill(found.group(1))
    road.send(page, "main form[action$='/code'] button")

    expect(page.locator("main")).to_contain_text("În cel mult un minut vei putea vota")
    someone.look("verification-done")
    town.run_job("votes.late_registration")
    with page.expect_navigation():
        page.get_by_role("link", name="Uită-te din nou").click()
    with page.expect_navigation():
        page.locator("main button[name=add]").first.click()
    page = someone.open("/rounds/editia/vote/review")
    road.send(page, "#cast")
    expect(page.locator(".tracking-code")).to_be_visible()
