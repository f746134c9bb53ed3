"""The whole road of a debate, walked by its people on phones: from a resident's question to a delivery."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from tests.browser import agora_walk as walk
from tests.browser.conftest import PHONE, Visitor
from tests.browser.consultation_road import says
from tests.browser.road import sign_in

pytestmark = pytest.mark.shared_data


@pytest.fixture
def town(real_app: Flask) -> Iterator[walk.Town]:
    """A city with its people; the clock is put right afterwards."""
    town = walk.Town(real_app)
    town.build()
    yield town
    clock.travel(timedelta(0))


@pytest.mark.parametrize(
    ("javascript", "conversation", "stable"),
    [(True, "canadian-electoral-reform", True), (False, "bg2050-volunteers", False)],
    ids=["with-script", "without-script"],
)
def test_from_a_question_to_a_delivery(
    visitor: Callable[..., Visitor],
    town: walk.Town,
    shared_data: Path,
    javascript: bool,
    conversation: str,
    stable: bool,
) -> None:
    """A small debate has no groups; joined by a real conversation it has those that are there, or says there are none."""

    def somebody() -> Visitor:
        return visitor(PHONE, javascript=javascript)

    author, neighbour, staff = somebody(), somebody(), somebody()
    place = walk.ask(author)
    walk.let_through(somebody())

    walk.second(author, place)
    sign_in(neighbour, walk.NEIGHBOUR)
    walk.second(neighbour, place)
    expect(neighbour.page.locator("#seconding")).to_contain_text("Primăria răspunde până")
    walk.argue(author, place, "for", 1, walk.FOR)
    walk.argue(neighbour, place, "against", -1, walk.AGAINST)
    walk.judge(neighbour, place)
    walk.add_statement(author, place)
    for one in (author, neighbour):
        walk.agree(one, place)
    town.count_opinions()
    says(neighbour.open(place + "/statements"), "Au votat prea puțini oameni")

    clock.travel(timedelta(days=1))
    many = town.replay(shared_data, conversation, walk.number_of(place))
    town.count_opinions()
    page = walk.vote_enough(neighbour, place)
    says(page, f"date de {many + 2} ")
    groups = page.get_by_role("heading", name="Grupul")
    if stable:
        expect(page.get_by_role("heading", name="Ce au în comun toate grupurile")).to_be_visible()
        expect(groups.first).to_contain_text("Grupul A")
        expect(groups.nth(1)).to_contain_text("Grupul B")
        expect(page.locator("main")).not_to_contain_text("Încă nu există grupuri stabile")
    else:
        says(page, "Încă nu există grupuri stabile")
        says(page, "ies alte grupuri")
        expect(groups).to_have_count(0)

    clock.travel(timedelta(days=32))
    sign_in(staff, walk.STAFF)
    walk.sum_up(staff, place)
    walk.object_to(neighbour, place)

    clock.travel(timedelta(days=41))
    walk.answer(staff, place, town.begin_delivery())
    says(walk.led_to(somebody(), place), walk.QUESTION)
