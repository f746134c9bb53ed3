"""The way from "I want to vote" to a cast ballot, with the verification inside it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from civic import clock
from civic.accounts.models import Person
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account, make_neighbourhood, make_person
from tests.integration.verifying.declaring import accepting, code_by_mail, declare
from tests.integration.voting.votingkit import opened
from tests.pageclient import PageClient
from voting import opening, round_queries
from voting.models import RollEntry


@pytest.fixture
def context(real_app: Flask) -> Iterator[Flask]:
    with real_app.app_context():
        yield real_app
        clock.travel(timedelta(0))


def test_from_wanting_to_vote_to_the_receipt(context: Flask) -> None:
    place = make_neighbourhood("Obor")
    round_ = opened(accepting("declaration_email"))
    browser = PageClient(context)
    gate = browser.get("voting.ballot", slug=round_.slug)
    assert "aici, în câteva minute" in gate.main_text
    towards = [a.get("href") or "" for a in gate.all("a")]
    assert any(
        f"/register?next=/account/verification?round%3D{round_.slug}"
        in one.replace("%2F", "/").replace("%3F", "?")
        for one in towards
    )
    account = make_account()
    browser.sign_in(account)
    gate = browser.get("voting.ballot", slug=round_.slug)
    assert "Vreau să votez" in gate.main_text
    declare(browser, place, slug=round_.slug)
    back = browser.post("verifying.code", {"code": code_by_mail(account)})
    waiting = browser.follow(back)
    assert "În cel mult un minut vei putea vota" in waiting.main_text
    assert f"/rounds/{round_.slug}/vote/soon" in waiting.html
    assert "În cel mult un minut" in browser.get("voting.soon", slug=round_.slug, hx=True).html
    opening.register_late(clock.now())
    assert browser.get("voting.soon", slug=round_.slug, hx=True).headers["HX-Refresh"] == "true"
    assert browser.get("voting.soon", slug=round_.slug, expect=303).headers["Location"].endswith("/vote")
    assert "Nu ai ales încă niciun proiect" in browser.get("voting.ballot", slug=round_.slug).main_text
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    receipt = browser.submit(browser.get("voting.review", slug=round_.slug), "/vote/cast", expect=200)
    assert "Codul" in receipt.main_text or "cod" in receipt.main_text


def test_a_weak_proof_is_not_on_the_roll_of_a_round_that_asks_for_more(context: Flask) -> None:
    place = make_neighbourhood("Obor")
    round_ = opened(accepting("letter"))
    person = make_person(place, method="declaration", confirmed_by="email")
    opening.register_late(clock.now())
    assert db.session.get(RollEntry, (round_.id, person.id)) is None
    browser = PageClient(context)
    browser.sign_in(make_account(person_id=person.id))
    gate = browser.get("voting.ballot", slug=round_.slug)
    assert "cere o verificare a identității mai sigură" in gate.main_text
    assert "Vreau să votez" in gate.main_text
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug, expect=403)
    ways = browser.get("verifying.index", round=round_.slug)
    assert "Acest vot cere o verificare mai sigură" in ways.main_text
    assert "La ghișeul primăriei" in ways.main_text
    db.session.get_one(Person, person.id).method = "desk"
    db.session.get_one(Person, person.id).confirmed_by = None
    db.session.commit()
    opening.register_late(clock.now())
    assert "Nu ai ales încă niciun proiect" in browser.get("voting.ballot", slug=round_.slug).main_text


def test_where_the_list_is_closed_the_page_says_so(context: Flask) -> None:
    round_ = opened(accepting("declaration_email", late_registration=False))
    browser = PageClient(context)
    browser.sign_in(make_account(person_id=make_person(make_neighbourhood()).id))
    assert "votul următor" in browser.get("voting.ballot", slug=round_.slug).main_text


def test_the_accepted_ways_stand_in_the_frozen_plan(context: Flask) -> None:
    round_ = opened(accepting("declaration_email", "letter"))
    frozen = db.session.get_one(Round, round_.id).frozen
    assert frozen is not None
    assert frozen["eligibility"]["verification"] == ["desk", "roeid", "declaration_email", "letter"]
    assert round_queries.plan_of(db.session.get_one(Round, round_.id)) is not None
