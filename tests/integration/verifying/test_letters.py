"""A letter with a code: asked for, printed by a clerk, typed by who has it, readable nowhere afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, sealing
from civic.accounts.models import Account, Person
from civic.accounts.verifying import letters, rules
from civic.accounts.verifying.jobs import forget_declared
from civic.accounts.verifying.models import Declaration
from civic.extensions import db
from civic.places.models import Neighbourhood
from tests.factories import make_account, make_neighbourhood
from tests.integration.accounts.test_own_account import everything
from tests.integration.verifying.declaring import accepting, declare
from tests.pageclient import PageClient


@pytest.fixture
def place(app: Flask) -> Neighbourhood:
    return make_neighbourhood("Obor")


@pytest.fixture
def resident(client: PageClient, place: Neighbourhood) -> Account:
    accepting("letter")
    account = make_account()
    client.sign_in(account)
    return account


@pytest.fixture(autouse=True)
def clock_is_put_back():
    yield
    clock.travel(timedelta(0))


def printed(client: PageClient) -> tuple[str, int]:
    """A clerk makes a batch; the code on paper and the batch's number."""
    client.sign_in(make_account("clerk"))
    client.post("letters.make")
    row = db.session.scalars(select(Declaration)).one()
    assert row.sealed_code is not None
    assert row.batch_id is not None
    return sealing.unseal(letters.PURPOSE, row.sealed_code)["code"], row.batch_id


def test_the_letter_greets_by_the_declared_name(client, resident, place):
    resident.display_name = "Zorro din Obor"
    declare(client, place, "letter")
    row = db.session.scalars(select(Declaration)).one()
    row.sealed_code = sealing.seal(letters.PURPOSE, {"code": "abcd1234"})
    page = letters._letter(row, {}, "București")
    assert page["address"][0] in page["hello"]
    assert "Zorro" not in str(page)


def test_from_the_request_to_a_verified_person(client, resident, place):
    declare(client, place, "letter")
    assert "Ai cerut o scrisoare" in client.get("verifying.index").main_text
    client.get("verifying.letter_code", expect=303)
    code, batch = printed(client)
    page = client.get("letters.index")
    assert "1 scrisoare" in page.main_text
    sheet = client.browser.post(f"/staff/letters/{batch}/pdf", data={"csrf_token": client.csrf_token()})
    assert sheet.status_code == 200
    assert sheet.data.startswith(b"%PDF")
    assert sheet.headers["Cache-Control"] == "no-store"
    client.post("letters.sent", batch_id=batch)
    assert db.session.scalars(select(Declaration)).one().sealed_code is None
    assert code not in everything()
    client.post("letters.pdf", batch_id=batch, expect=409)
    client.post("letters.sent", batch_id=batch, expect=409)
    client.sign_in(resident)
    assert "Scrie codul din scrisoare" in client.get("verifying.index").main_text
    typed = f" {code[:4].lower()}-{code[4:]} "
    client.post("verifying.letter_code", {"code": typed})
    person = db.session.get_one(Person, resident.person_id)
    assert person.proof == "letter"
    assert db.session.scalars(select(Declaration)).one().sealed is None


def test_what_somebody_writes_is_never_read_as_markup(client, resident, place):
    nasty = '#panic("x") $a$ *b* `c` \\ ] [ "'
    declare(client, place, "letter", full_name=nasty, street='#read("/etc/passwd")')
    _code, batch = printed(client)
    sheet = client.browser.post(f"/staff/letters/{batch}/pdf", data={"csrf_token": client.csrf_token()})
    assert sheet.data.startswith(b"%PDF")


def test_five_tries_and_thirty_days(client, resident, place):
    declare(client, place, "letter")
    code, batch = printed(client)
    client.post("letters.sent", batch_id=batch)
    client.sign_in(resident)
    until = client.get("verifying.letter_code").main_text
    assert "Este bun până" in until
    assert "până la ora" not in until
    clock.travel(rules.LETTER_LIFE)
    page = client.post("verifying.letter_code", {"code": code}, expect=422)
    assert "prea vechi" in page.main_text
    clock.travel(rules.LETTER_LIFE - timedelta(minutes=5))
    for _ in range(rules.CODE_TRIES):
        client.post("verifying.letter_code", {"code": "00000000"}, expect=422)
    page = client.post("verifying.letter_code", {"code": code}, expect=422)
    assert "de prea multe ori" in page.main_text
    assert resident.person_id is None
    client.speak("en")
    client.get("verifying.letter_code")


def test_an_unused_letter_is_forgotten_and_a_waiting_one_is_not(client, resident, place):
    declare(client, place, "letter")
    forget_declared(clock.now() + timedelta(days=29))
    assert db.session.scalars(select(Declaration)).all() != []
    _code, batch = printed(client)
    client.post("letters.sent", batch_id=batch)
    forget_declared(clock.now() + rules.LETTER_LIFE + timedelta(days=2))
    assert db.session.scalars(select(Declaration)).all() == []


def test_a_letter_nobody_prints_is_not_kept_for_ever(client, resident, place):
    """Name and address of a request wait for a month, or as long as a vote takes letters."""
    declare(client, place, "letter")
    later = clock.now() + timedelta(days=31)
    running = accepting("letter", closes_in=timedelta(days=40))
    forget_declared(later)
    assert db.session.scalars(select(Declaration)).all() != []
    running.remote_verification = []
    db.session.commit()
    forget_declared(later)
    assert db.session.scalars(select(Declaration)).all() == []


def test_nobody_but_clerks_prints(client, resident):
    client.get("letters.index", expect=403)
    client.sign_in(make_account("staff"))
    client.post("letters.make", expect=403)
    client.sign_in(make_account("clerk"))
    assert "Nicio scrisoare" in client.get("letters.index").main_text
    client.post("letters.make", expect=409)
    client.speak("en")
    client.get("letters.index")
