"""Verified by a declaration and a code: who may, what is said, what is kept, and what nobody can find out."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.accounts.jobs import erase_released
from civic.accounts.models import Account, Person
from civic.accounts.verifying import rules, service
from civic.accounts.verifying.jobs import forget_declared
from civic.accounts.verifying.models import Declaration
from civic.audit import AuditRecord
from civic.errors import Conflict
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.places.models import Neighbourhood
from civic.rounds.models import Round
from tests.factories import TEST_PASSWORD, make_account, make_neighbourhood, make_person
from tests.integration.accounts.test_own_account import everything
from tests.integration.verifying.declaring import (
    CNP,
    accepting,
    another_cnp,
    code_by_mail,
    declare,
    declared,
    wrong,
)
from tests.pageclient import PageClient

TAKEN = "Această persoană este deja verificată cu alt cont"


@pytest.fixture
def place(app: Flask) -> Neighbourhood:
    return make_neighbourhood("Obor")


@pytest.fixture
def round_(app: Flask) -> Round:
    return accepting("declaration_email")


@pytest.fixture
def resident(client: PageClient, place: Neighbourhood) -> Account:
    account = make_account()
    client.sign_in(account)
    return account


@pytest.fixture(autouse=True)
def clock_is_put_back():
    yield
    clock.travel(timedelta(0))


def confirm(client: PageClient, code: str, expect: int = 303):
    return client.post("verifying.code", {"code": code}, expect=expect)


# -- the ways ------------------------------------------------------------------------------------
def test_a_round_that_accepts_the_desk_alone_offers_the_desk_alone(client, resident, place):
    round_ = accepting()
    page = client.get("verifying.index", round=round_.slug)
    assert "La ghișeul primăriei" in page.main_text
    assert "declarație" not in page.main_text
    client.get("verifying.declare", way="email", expect=403)
    client.get("verifying.declare", way="pigeon", expect=404)
    declare(client, place, expect=403)


def test_ways_come_in_order_of_ease_with_what_is_needed(client, resident):
    round_ = accepting("letter", "declaration_sms", "declaration_email")
    text = client.get("verifying.index", round=round_.slug).main_text
    places = [text.index(words) for words in ("cod prin e-mail", "cod prin SMS", "La ghișeul primăriei")]
    assert places == sorted(places)
    assert "cartea de identitate sau pașaportul" in text
    assert "Cam trei minute" in text


def test_an_unconfirmed_address_comes_first(client, round_, place):
    client.sign_in(make_account(confirmed=False))
    assert "Întâi adresa ta de e-mail" in client.get("verifying.index", round=round_.slug).main_text
    declare(client, place, expect=403)


def test_in_english(client, resident, round_, place):
    client.speak("en")
    assert "About three minutes" in client.get("verifying.index", round=round_.slug).main_text
    assert "article 326" in client.get("verifying.declare", way="email", round=round_.slug).main_text
    declare(client, place, slug=round_.slug)
    assert "Enter the code" in client.get("verifying.code").title


# -- the declaration -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cnp": "1800101123451"}, "Cifra de control"),
        ({"cnp": ""}, "13 cifre"),
        ({"birth_date": ["2", "1", "1980"]}, "Data nașterii nu se potrivește"),
        ({"birth_date": ["1", "1", "2180"]}, "nu este posibilă"),
        ({"neighbourhood": ""}, "Alege cartierul"),
        ({"full_name": " "}, "Scrie-ți numele"),
        ({"street": ""}, "Scrie strada"),
        ({"number": ""}, "Scrie numărul casei"),
        ({"area_basis": ""}, "Alege ce te leagă"),
        ({"consent": ""}, "fără declarație"),
        ({"kind": "document"}, "Alege țara"),
    ],
)
def test_a_mistake_keeps_everything_but_the_number(client, resident, round_, place, changes, sentence):
    page = declare(client, place, slug=round_.slug, expect=422, **changes)
    assert sentence in page.main_text
    assert CNP not in page.html
    if "street" not in changes:
        assert page.form("verification")["street"] == "Strada Zmeurei"
    assert db.session.scalars(select(Declaration)).all() == []


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [("cnp", ["13 cifre"]), ("document", ["Alege țara", "între 5 și 20"])],
)
def test_an_empty_form_names_everything_at_once(client, resident, round_, kind, sentences):
    page = client.post("verifying.declare", {"kind": kind}, way="email", round=round_.slug, expect=422)
    for words in ("Scrie-ți numele", "Scrie data nașterii", "Scrie strada", "fără declarație", *sentences):
        assert words in page.main_text, words


def test_from_the_declaration_to_the_ballot(client, resident, round_, place):
    page = declare(client, place, slug=round_.slug)
    page = client.follow(page)
    assert resident.email in page.main_text
    assert 'autocomplete="one-time-code"' in page.html
    assert 'inputmode="numeric"' in page.html
    back = confirm(client, code_by_mail(resident))
    assert back.headers["Location"].endswith(f"/rounds/{round_.slug}/vote")
    person = db.session.get_one(Person, resident.person_id)
    assert (person.method, person.confirmed_by, person.proof) == ("declaration", "email", "declaration_email")
    assert (person.neighbourhood_id, person.area_basis) == (place.id, "domicile")
    assert person.verified_by_id is None
    # Two sentences, with a space between them, and a way on.
    page = client.get("verifying.index", round=round_.slug)
    assert ". Nu mai trebuie să faci nimic." in page.main_text


def test_whoever_came_from_no_ballot_is_told_the_way_to_one(client, resident, round_, place):
    declare(client, place)
    page = client.follow(confirm(client, code_by_mail(resident)))
    assert "Ca să votezi, apasă „Votează”" in page.main_text
    assert "locuiești acolo, după cartea de identitate" in page.main_text


def test_a_foreign_document_is_declared_with_its_country(client, resident, round_, place):
    assert (
        "Numărul documentului" in client.get("verifying.declare", way="email", document="foreign").main_text
    )
    declare(client, place, kind="document", country="MD", document="AB 123456", cnp="")
    confirm(client, code_by_mail(resident))
    assert resident.person_id is not None


def test_nothing_typed_stands_anywhere_in_the_clear(client, resident, round_, place):
    declare(client, place, slug=round_.slug)
    confirm(client, code_by_mail(resident))
    dump = everything()
    for secret in (CNP, "Zenovia", "Zmeurei", "7bis", "021234"):
        assert secret not in dump
    details = [str(record.details) for record in db.session.scalars(select(AuditRecord))]
    assert not any("birth" in one for one in details)


def test_contacts_are_erased_when_no_sample_can_need_them(client, resident, round_, place):
    declare(client, place, slug=round_.slug)
    confirm(client, code_by_mail(resident))
    forget_declared(clock.now())
    row = db.session.scalars(select(Declaration)).one()
    assert row.sealed is not None
    clock.travel(timedelta(hours=2))  # the vote is over, and was never prepared
    forget_declared(clock.now())
    db.session.refresh(row)
    assert row.sealed is None
    assert row.confirmed_at is not None


def test_a_declaration_nobody_confirms_is_gone_after_a_day(client, resident, round_, place):
    declare(client, place, slug=round_.slug)
    forget_declared(clock.now() + rules.WAITING_KEPT - timedelta(minutes=1))
    assert db.session.scalars(select(Declaration)).all() != []
    forget_declared(clock.now() + rules.WAITING_KEPT + timedelta(minutes=1))
    assert db.session.scalars(select(Declaration)).all() == []


def test_a_code_confirms_what_it_was_sent_for_and_nothing_that_took_its_place(
    client, resident, round_, place
):
    """Between the right code and the confirmation another tab may declare somebody else."""
    declare(client, place)
    code = code_by_mail(resident)
    attempt = service.count_try(resident.id, "declaration", code, clock.now())
    assert attempt.right
    assert attempt.declaration is not None
    db.session.commit()
    declare(client, place, cnp=another_cnp(7))
    with pytest.raises(Conflict):
        service.confirm(resident, attempt.declaration, clock.now())
    db.session.rollback()
    db.session.refresh(resident)
    assert resident.person_id is None
    service.drop(resident.id, attempt.declaration)
    assert db.session.scalars(select(Declaration.id)).one() != attempt.declaration, "the new one waits"


def test_pressed_twice_the_second_press_is_no_refusal(client, resident, round_, place, monkeypatch):
    """Both presses found the code right; one has confirmed when the other goes on."""
    declare(client, place)
    code = code_by_mail(resident)
    count = service.count_try

    def meanwhile(account_id: int, method: str, typed: str, now: Any) -> service.Attempt:
        attempt = count(account_id, method, typed, now)
        assert attempt.declaration is not None
        service.confirm(resident, attempt.declaration, now)
        return attempt

    monkeypatch.setattr(service, "count_try", meanwhile)
    page = client.follow(confirm(client, code))
    assert "Ești verificat" in page.main_text
    assert db.session.scalars(select(Person)).one().id == resident.person_id


def test_whoever_leaves_takes_the_declaration_along(client, resident, round_, place):
    declare(client, place, slug=round_.slug)
    confirm(client, code_by_mail(resident))
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    assert db.session.scalars(select(Declaration)).all() == []
    clock.travel(timedelta(days=1))
    erase_released(clock.now())
    person = db.session.scalars(select(Person)).one()
    db.session.refresh(person)
    assert (person.method, person.confirmed_by, person.identity_hash) == ("recorded", None, None)


# -- the code ------------------------------------------------------------------------------------
def test_five_wrong_codes_end_the_right_one(client, resident, round_, place):
    declare(client, place)
    code = code_by_mail(resident)
    for left in (4, 3, 2, 1):
        page = confirm(client, wrong(code), expect=422)
        assert "Nu este codul" in page.main_text
        assert (f"de {left} ori" if left > 1 else "1 dată") in page.main_text
    assert "de prea multe ori" in confirm(client, wrong(code), expect=422).main_text
    assert "de prea multe ori" in confirm(client, code, expect=422).main_text
    assert resident.person_id is None


def test_a_code_lives_ten_minutes(client, resident, round_, place):
    declare(client, place)
    code = code_by_mail(resident)
    clock.travel(rules.CODE_LIFE)
    assert "prea vechi" in confirm(client, code, expect=422).main_text
    assert "nu mai este bun" in client.get("verifying.code").main_text


def test_another_code_comes_after_a_minute_and_ends_the_first(client, resident, round_, place):
    declare(client, place)
    first = code_by_mail(resident)
    assert "Poți cere altul peste" in client.follow(client.post("verifying.again")).main_text
    clock.travel(rules.RESEND_AFTER)
    assert "Am trimis alt cod" in client.follow(client.post("verifying.again")).main_text
    second = code_by_mail(resident)
    if first != second:
        confirm(client, first, expect=422)
    confirm(client, second)
    assert resident.person_id is not None


def test_codes_are_not_sent_without_end(client, resident, round_, place):
    declare(client, place)
    for number in range(1, rules.CODE_THROTTLE.free + 1):
        clock.travel(rules.RESEND_AFTER * number)
        page = client.follow(client.post("verifying.again"))
    assert "prea multe încercări" in page.main_text


def test_a_code_is_good_for_its_own_account_alone(client, resident, round_, place):
    declare(client, place)
    code = code_by_mail(resident)
    client.sign_in(make_account())
    assert confirm(client, code).headers["Location"].endswith("/account/verification")
    assert resident.person_id is None


def test_the_stored_code_does_not_say_itself(client, resident, round_, place):
    declare(client, place)
    code = code_by_mail(resident)
    row = db.session.scalars(select(Declaration)).one()
    assert len(row.code_hash or b"") == 32
    db.session.execute(OutboxMessage.__table__.delete())
    assert code not in everything()


# -- one human being, one vote -------------------------------------------------------------------
def test_known_or_not_the_answer_is_the_same_until_the_code(client, resident, round_, place, statements):
    declare(client, place)
    confirm(client, code_by_mail(resident))

    def ask(account: Account, cnp: str):
        client.sign_in(account)
        statements.clear()
        page = declare(client, place, cnp=cnp)
        return page.headers["Location"], list(statements)

    third = make_account()
    ask(make_account(), another_cnp(1))  # what is read once is read
    unknown, known = ask(make_account(), another_cnp(2)), ask(third, CNP)
    assert known == unknown
    assert not any("FROM person" in one for one in known[1])
    page = confirm(client, code_by_mail(third), expect=409)
    assert TAKEN in page.main_text
    assert resident.email not in page.html
    assert third.person_id is None
    assert db.session.scalars(select(Declaration).where(Declaration.account_id == third.id)).all() == []


def test_an_account_tries_few_identities(client, resident, round_, place):
    for serial in range(rules.ACCOUNT_THROTTLE.free):
        declare(client, place, cnp=another_cnp(serial + 1))
    page = declare(client, place, cnp=another_cnp(99), expect=422)
    assert "prea multe încercări" in page.main_text


def test_mistyped_numbers_count_for_nothing(client, resident, round_, place):
    for _ in range(rules.ACCOUNT_THROTTLE.free + 2):
        declare(client, place, cnp="1800101123451", expect=422)
    declare(client, place)


def test_what_was_proved_with_the_document_is_not_taken_up_by_a_declaration(client, resident, round_, place):
    declare(client, place)
    row = db.session.scalars(select(Declaration)).one()
    make_person(place, identity_hash=row.identity_hash, method="desk", released_at=clock.now())
    page = confirm(client, code_by_mail(resident), expect=409)
    assert "vino cu el la ghișeu" in page.main_text
    assert resident.person_id is None


def test_the_desk_raises_a_declared_person_and_keeps_the_record(client, resident, round_, place):
    declare(client, place)
    confirm(client, code_by_mail(resident))
    person_id = resident.person_id
    client.sign_in(make_account("clerk"))
    page = client.get("desk.show", account_id=resident.id)
    assert "Verificat de la distanță" in page.main_text
    client.post("desk.verify", {**declared(place), "seen": "y"}, account_id=resident.id)
    person = db.session.get_one(Person, person_id)
    assert (resident.person_id, person.method, person.confirmed_by) == (person_id, "desk", None)
    page = client.post("desk.verify", {**declared(place), "seen": "y"}, account_id=resident.id, expect=422)
    assert "deja verificat" in page.main_text


def test_the_desk_does_not_turn_an_account_into_somebody_else(client, resident, round_, place):
    declare(client, place)
    confirm(client, code_by_mail(resident))
    person_id = resident.person_id
    client.sign_in(make_account("clerk"))
    data = {**declared(place, cnp=another_cnp(5)), "seen": "y"}
    page = client.post("desk.verify", data, account_id=resident.id, expect=422)
    assert "Nu aceasta este identitatea declarată" in page.main_text
    assert resident.person_id == person_id


def test_the_document_decides_when_somebody_else_had_declared_to_be_that_person(
    client, resident, round_, place
):
    declare(client, place)
    confirm(client, code_by_mail(resident))
    person_id, owner = resident.person_id, make_account()
    client.sign_in(make_account("clerk"))
    client.post("desk.verify", {**declared(place), "seen": "y"}, account_id=owner.id)
    db.session.refresh(resident)
    assert (owner.person_id, resident.person_id) == (person_id, None)
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == resident.email)).all()
    assert "Contul tău nu mai este verificat" in [one.subject for one in told]
    assert not any(owner.email in one.body for one in told)


def test_nobody_is_verified_twice(client, resident, round_, place):
    declare(client, place)
    confirm(client, code_by_mail(resident))
    page = client.get("verifying.index", round=round_.slug)
    assert "Mergi la buletinul de vot" in page.main_text
    declare(client, place, expect=403)
    assert "prin declarație, cu un cod prin e-mail" in client.get("accounts.show").main_text
