"""The whole road of a draft decision, walked by its people: from its announcement to the act and what it answered."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from civic import clock
from tests.browser import consultation_road as road
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.road import RESIDENT, sign_in


@pytest.fixture
def town(real_app: Flask) -> Iterator[road.Town]:
    """A city with its staff, a mailbox and a resident; the clock is put right afterwards."""
    town = road.Town(real_app)
    town.build()
    yield town
    clock.travel(timedelta(0))


def test_from_an_announcement_to_the_act_and_its_answers(
    visitor: Callable[..., Visitor], town: road.Town
) -> None:
    """Residents on phones without script, the city hall at desks with it; what everyone reads at both widths."""
    staff = visitor(DESK)
    resident, neighbour = visitor(PHONE, javascript=False), visitor(PHONE, javascript=False)
    stranger = visitor(DESK, also=PHONE)

    lead = road.prepare(staff, town)
    road.announce(staff)
    place = lead.removeprefix("/staff")
    road.bring_in_text(staff, lead)
    road.ask(staff, lead)
    stranger.open(place)

    road.remark(resident, place)
    road.moderate(visitor(DESK))
    road.answer_questions(resident, place)
    receipt = road.contribute(neighbour, town, place)
    town.receive(road.letter(int(place.rpartition("/")[2])))

    clock.travel(timedelta(days=16))
    road.refuse_report(staff, lead)
    road.group(staff, lead)
    road.group_texts(staff, town, lead)
    road.write_answers(visitor(DESK), lead)
    road.sign_answers(visitor(DESK), lead)
    town.work()
    road.publish_report(staff, lead)

    page = stranger.open(place + "/report")
    for words in ("programul de investiții", "Liniștea de noapte", "Articolul 2 se completează", "D. I."):
        road.says(page, words)
    page = stranger.open(place + "/contributions")
    road.follow(page, "Țarc pentru câini")
    stranger.look("contribution")
    road.says(page, "programul de investiții")
    road.adopt(staff, lead)
    staff.look("staff-adopted-early")
    road.says(staff.page, "legea îngăduie adoptarea începând cu")

    clock.travel(timedelta(days=70))
    staff = visitor(DESK)
    sign_in(staff, "staff@civic.example")
    road.adopt(staff, lead)
    staff.look("staff-adopted")
    page = stranger.open(place)
    road.says(page, road.ACT)
    page = neighbour.open(receipt)
    road.says(page, "programul de investiții")
    page = resident.open("/account/contributions")
    road.says(page, "Preluată")
    for address in (road.NEIGHBOUR, road.WRITER, RESIDENT):
        assert "a primit răspuns" in town.letter_to(address)
