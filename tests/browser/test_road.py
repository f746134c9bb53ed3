"""The whole road of a city, walked by its people: from an idea to what was built."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from tests.browser import road
from tests.browser.conftest import DESK, PHONE, Visitor


@pytest.fixture
def town(real_app: Flask) -> Iterator[road.Town]:
    """A city with its staff and a published edition; the clock is put right afterwards."""
    town = road.Town(real_app)
    town.build()
    yield town
    clock.travel(timedelta(0))


@pytest.mark.parametrize(
    ("size", "javascript"), [(PHONE, False), (DESK, True)], ids=["phone-without-script", "desk"]
)
def test_from_an_idea_to_what_was_built(
    visitor: Callable[..., Visitor], town: road.Town, size: dict[str, int], javascript: bool
) -> None:
    def person() -> Visitor:
        return visitor(size, javascript=javascript)

    resident, staff = person(), person()
    road.register(resident, town)
    road.verify_at_desk(person(), town)
    proposal = road.propose(resident, town)
    road.publish(person())
    road.join_round(resident, proposal)
    clock.travel(timedelta(days=2))
    road.hand_to_department(staff, town)
    road.evaluate(person())
    page = person().open(proposal)
    expect(page.locator("main")).to_contain_text("Eligibilă")
    road.put_on_the_ballot(staff, town)

    clock.travel(timedelta(days=11))
    town.run_job("votes.prepare")
    town.run_job("votes.late_registration")
    code = road.vote(resident)
    stranger = person()
    page = stranger.open("/rounds/editia/results")
    expect(page.locator("main")).not_to_contain_text("130.000")

    clock.travel(timedelta(days=14))
    town.run_job("votes.close")
    page = stranger.open("/rounds/editia/results")
    expect(page.locator("main")).not_to_contain_text("Câștigător")
    road.close(staff, person(), town)
    page = stranger.open("/rounds/editia/results")
    expect(page.locator("main")).to_contain_text("Umbră la Piața Obor")
    expect(page.locator("main")).to_contain_text("Câștigător")
    expect(page.locator("main")).to_contain_text("provizorii")
    page = stranger.open("/rounds/editia/results/code")
    page.locator("#code").fill(code.lower())
    road.send(page)
    stranger.look("results-code-found")
    expect(page.locator("main")).to_contain_text("a fost numărat")

    road.adopt(staff, town)
    town.run_job("votes.deliver")
    road.build(staff)
    page = resident.open(proposal)
    page.locator("main a[href^='/deliveries/']").first.click()
    page.wait_for_url("**/deliveries/*")
    resident.look("delivery")
    expect(page.locator("main")).to_contain_text("În execuție")
    expect(page.locator("main a[href^='/proposals/']").first).to_be_visible()
    expect(page.locator("main a[href*='/projects/']").first).to_be_visible()
