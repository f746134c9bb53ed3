"""Codes by SMS: a gateway that may be down, twice the same message, numbers that serve few people."""

import dataclasses
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, sms
from civic.accounts.jobs import erase_released
from civic.accounts.models import Account, Person
from civic.accounts.verifying import rules
from civic.accounts.verifying.models import Declaration
from civic.app import create_app
from civic.extensions import db
from civic.places.models import Neighbourhood
from tests.factories import TEST_PASSWORD, make_account, make_neighbourhood
from tests.integration.accounts.test_own_account import everything
from tests.integration.verifying.declaring import accepting, another_cnp, code_by_sms, declare
from tests.pageclient import PageClient

PHONE = "0722 123 456"


class Gateway(BaseHTTPRequestHandler):
    """Answers as it is told and remembers what it was sent."""

    answers: list[int] = []
    seen: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(
            {**body, "key": self.headers["Idempotency-Key"], "who": self.headers["Authorization"]}
        )
        code = self.answers.pop(0) if self.answers else 202
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(app: Flask) -> Iterator[type[Gateway]]:
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = app.config["SETTINGS"]
    url = f"http://127.0.0.1:{server.server_port}/send"
    app.config["SETTINGS"] = dataclasses.replace(before, sms_url=url, sms_token="t" * 32)
    Gateway.answers, Gateway.seen = [], []
    yield Gateway
    app.config["SETTINGS"] = before
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def clock_is_put_back():
    yield
    clock.travel(timedelta(0))


@pytest.fixture
def place(app: Flask) -> Neighbourhood:
    return make_neighbourhood("Obor")


@pytest.fixture
def resident(client: PageClient, place: Neighbourhood) -> Account:
    accepting("declaration_sms", "declaration_email")
    account = make_account()
    client.sign_in(account)
    return account


def test_verified_by_a_code_on_the_phone(app, client, resident, place):
    page = client.follow(declare(client, place, "sms", phone=PHONE))
    assert "07•• ••• 456" in page.main_text
    assert "SMS-ul este pe drum" in page.main_text
    code = code_by_sms(app)
    assert "SMS-ul este pe drum" not in client.get("verifying.code").main_text
    client.post("verifying.code", {"code": f" {code[:3]} {code[3:]}"})
    person = db.session.get_one(Person, resident.person_id)
    assert person.proof == "declaration_sms"
    for trace in ("722123456", code):
        assert trace not in everything()


@pytest.mark.parametrize("phone", ["", "0212345678", "+39 333 1234567", "0722 12", "abc", "07221234567"])
def test_only_romanian_mobile_numbers(client, resident, place, phone):
    page = declare(client, place, "sms", phone=phone, expect=422)
    assert "număr de mobil din România" in page.main_text
    assert db.session.scalars(select(sms.SmsMessage)).all() == []


def test_a_number_serves_three_people(app, client, resident, place):
    for serial in range(4):
        account = make_account()
        client.sign_in(account)
        # Another hour each, so that the number's own count of codes is no matter here.
        clock.travel(timedelta(minutes=10 * serial))
        declare(client, place, "sms", phone=PHONE, cnp=another_cnp(serial + 1))
        code = code_by_sms(app)
        page = client.post("verifying.code", {"code": code}, expect=303 if serial < 3 else 409)
    assert "pentru câți oameni poate servi un număr" in page.main_text
    assert account.person_id is None


def test_whoever_leaves_does_not_free_the_number(app, client, place):
    """Else one phone would verify ever new people, each by an account that is deleted after the vote."""
    accepting("declaration_sms")
    app.config["SETTINGS"] = dataclasses.replace(before := app.config["SETTINGS"], people_per_phone=1)
    try:
        for serial, expect in ((1, 303), (2, 409)):
            client.sign_in(make_account())
            declare(client, place, "sms", phone=PHONE, cnp=another_cnp(serial))
            page = client.post("verifying.code", {"code": code_by_sms(app)}, expect=expect)
            if serial == 1:
                client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    finally:
        app.config["SETTINGS"] = before
    assert "pentru câți oameni poate servi un număr" in page.main_text
    kept = db.session.scalars(select(Declaration)).one()
    assert (kept.sealed, kept.sms_id) == (None, None)
    clock.travel(timedelta(days=2))
    erase_released(clock.now())
    assert db.session.scalars(select(Declaration)).all() == [], "it goes with the identity of the person"


def test_a_code_that_no_longer_works_is_not_sent_after_the_one_that_does(client, resident, place, gateway):
    gateway.answers = [503]
    declare(client, place, "sms", phone=PHONE)
    sms.deliver_due(clock.now())
    clock.travel(rules.RESEND_AFTER)
    client.post("verifying.again")
    declare(client, place, "sms", phone="0722 999 888")
    clock.travel(rules.RESEND_AFTER + timedelta(seconds=30))
    sms.deliver_due(clock.now())
    assert [one["to"] for one in gateway.seen] == ["+40722123456", "+40722999888"]


def test_a_worker_killed_after_sending_sends_the_same_message_again(
    client, resident, place, gateway, monkeypatch
):
    """At least once: the gateway knows the key of the first time."""
    declare(client, place, "sms", phone=PHONE)

    class Killed(BaseException):
        """What ends a process without asking."""

    def die(*_given: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", die)
        with pytest.raises(Killed):
            sms.deliver_due(clock.now())
    db.session.rollback()
    assert sms.deliver_due(clock.now()) == 1
    assert sms.deliver_due(clock.now()) == 0
    first, second = gateway.seen
    assert first["key"] == second["key"]


def test_a_number_gets_few_codes_whoever_asks(client, resident, place):
    for serial in range(rules.PHONE_THROTTLE.free):
        client.sign_in(make_account())
        declare(client, place, "sms", phone=PHONE, cnp=another_cnp(serial + 1))
    client.sign_in(make_account())
    page = declare(client, place, "sms", phone="+40722123456", cnp=another_cnp(9), expect=422)
    assert "prea multe încercări" in page.main_text


def test_the_gateway_is_told_who_sends_and_what(client, resident, place, gateway):
    declare(client, place, "sms", phone=PHONE)
    assert sms.deliver_due(clock.now()) == 1
    (sent,) = gateway.seen
    assert sent["to"] == "+40722123456"
    assert sent["who"] == "Bearer " + "t" * 32
    assert len(sent["text"]) <= 70
    message = db.session.scalars(select(sms.SmsMessage)).one()
    assert (message.state, message.sealed) == ("sent", None)


def test_a_second_try_is_the_same_message(client, resident, place, gateway):
    gateway.answers = [503, 429, 200]
    declare(client, place, "sms", phone=PHONE)
    now = clock.now()
    assert [sms.deliver_due(now + timedelta(seconds=after)) for after in (0, 6, 22)] == [0, 0, 1]
    assert len({one["key"] for one in gateway.seen}) == 1
    assert len(gateway.seen) == 3


@pytest.mark.parametrize("answer", [400, 401, 302])
def test_what_is_refused_for_good_is_given_up_and_said(client, resident, place, gateway, answer):
    gateway.answers = [answer]
    declare(client, place, "sms", phone=PHONE)
    sms.deliver_due(clock.now())
    message = db.session.scalars(select(sms.SmsMessage)).one()
    assert (message.state, message.sealed) == ("failed", None)
    page = client.get("verifying.code")
    assert "SMS-ul nu a plecat" in page.main_text
    assert "Alege altă cale" in page.main_text


def test_a_gateway_that_is_down_delays_and_is_not_asked_for_ever(app, client, resident, place, gateway):
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], sms_url="http://127.0.0.1:9/")
    declare(client, place, "sms", phone=PHONE)
    sms.deliver_due(clock.now())
    message = db.session.scalars(select(sms.SmsMessage)).one()
    assert (message.state, message.attempts) == ("waiting", 1)
    sms.deliver_due(clock.now() + rules.CODE_LIFE)
    assert message.state == "failed"


def test_a_token_that_cannot_be_sent_stops_no_other_work(app, client, resident, place, gateway):
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], sms_token="ț" * 32)
    declare(client, place, "sms", phone=PHONE)
    assert sms.deliver_due(clock.now()) == 0
    assert db.session.scalars(select(sms.SmsMessage.attempts)).one() == 1


def test_without_a_gateway_production_offers_no_sms(app, client, resident, place):
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(before, env="production")
    try:
        assert "prin SMS" not in client.get("verifying.index").main_text
        declare(client, place, "sms", phone=PHONE, expect=403)
    finally:
        app.config["SETTINGS"] = before


def test_a_phone_is_not_needed_for_a_code_by_mail(client, resident, place):
    declare(client, place, "email")
    assert db.session.scalars(select(Declaration)).one().phone_mark is None


def test_old_messages_are_forgotten(client, resident, place):
    declare(client, place, "sms", phone=PHONE)
    sms.deliver_due(clock.now())
    sms.prune(clock.now() + sms.KEPT - timedelta(minutes=1))
    assert db.session.scalars(select(sms.SmsMessage)).all() != []
    sms.prune(clock.now() + sms.KEPT + timedelta(minutes=1))
    assert db.session.scalars(select(sms.SmsMessage)).all() == []


def test_the_development_inbox_shows_messages_and_production_has_none(app, client):
    for old in app.config["SETTINGS"].sms_folder.glob("*.json"):
        old.unlink()
    assert "Încă niciun mesaj" in client.get("dev_sms.index").main_text
    sms.send("+40722000111", "<b>111222</b> e codul tău", "k1", clock.now())
    page = client.get("dev_sms.index")
    assert "<b>111222" not in page.html
    assert "+40722000111" in page.main_text
    client.speak("en")
    client.get("dev_sms.index")
    settings = dataclasses.replace(app.config["SETTINGS"], env="production")
    endpoints = {rule.endpoint for rule in create_app(settings).url_map.iter_rules()}
    assert not [one for one in endpoints if one.startswith("dev_sms")]
