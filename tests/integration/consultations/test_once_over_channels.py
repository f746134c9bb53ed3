"""One person, one answer, online or on paper; and what is said where nobody can know."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock
from civic.accounts import identity, verification
from civic.accounts.models import Account, Person
from civic.errors import NotAllowed
from civic.extensions import db
from consultations.questionnaires import answering, drafts, jobs, queries, rules
from consultations.questionnaires.models import Arrival, Begun, Questionnaire
from tests.factories import make_account, make_resident
from tests.integration.consultations.questionnairekit import answer, crowd, make_questionnaire, raw_of, work
from tests.pageclient import PageClient

BORN = date(1980, 1, 1)
FIRST = "Contează primele răspunsuri"


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, "questionnaire_id": one.id, **values}


def number(serial: int = 234) -> str:
    """A personal number of somebody born on BORN."""
    first = f"1800101{10:02d}{serial:03d}"
    return first + str(identity.cnp_check_digit(first))


def resident_with(cnp: str) -> Account:
    """Somebody the city hall has verified with a document of this number."""
    account = make_resident()
    person = db.session.get_one(Person, account.person_id)
    person.identity_hash = verification.hash_of(identity.read_cnp(cnp, BORN))
    db.session.commit()
    return account


def sheet(cnp: str, **more: str) -> dict[str, str]:
    """What a clerk types for a sheet."""
    return {
        "i2": "o1", "owner-kind": "cnp", "owner-cnp": cnp, "owner-birth_date": "1 1 1980", "version": "1",
        "form_id": f"sheet {cnp[-4:]}", **more,
    }  # fmt: skip


def enter(client: PageClient, one: Questionnaire, form: dict[str, str], expect: int = 303) -> str:
    """What the clerk reads after sending a sheet."""
    page = client.post("staff_questionnaire_sheet.paper", form, expect=expect, **at(one))
    return (client.follow(page) if expect == 303 else page).main_text


def waiting(one: Questionnaire) -> int:
    return queries.count_arrivals(one.id)


def test_who_answered_online_is_known_on_paper(client: PageClient, now: datetime) -> None:
    one, person = make_questionnaire(now), resident_with(number())
    answer(one, person, raw_of(), now)
    client.sign_in(make_account("clerk"))
    assert FIRST in enter(client, one, sheet(number()))
    assert waiting(one) == 1
    db.session.refresh(one)
    assert one.paper_twice == 1
    assert "foaia a fost introdusă" in enter(client, one, sheet(number(235))).lower()
    assert waiting(one) == 2


def test_who_answered_on_paper_is_known_online(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_account("clerk"))
    enter(client, one, sheet(number()))
    person = resident_with(number())
    client.sign_in(person)
    assert "Răspunsurile tale au fost primite" in client.get("questionnaires.show", **at(one)).main_text
    client.post("questionnaires.start", expect=403, **at(one))
    with pytest.raises(NotAllowed):
        answer(one, person, raw_of(), now)
    assert waiting(one) == 1


def test_it_holds_after_answers_were_let_through(client: PageClient, now: datetime) -> None:
    one, person = make_questionnaire(now), resident_with(number())
    answer(one, person, raw_of(), now)
    crowd(one, 9, now)
    work(now)
    client.sign_in(make_account("clerk"))
    assert FIRST in enter(client, one, sheet(number()))
    assert waiting(one) == 0


def test_the_same_sheet_sent_twice_is_one_and_not_a_second_answer(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_account("clerk"))
    for _twice in range(2):
        assert FIRST not in enter(client, one, sheet(number()))
    assert waiting(one) == 1
    assert FIRST in enter(client, one, sheet(number(), form_id="another sheet"))
    assert waiting(one) == 1


@pytest.mark.parametrize(("form", "said"), [
    ({"owner-cnp": "123"}, "13 cifre"),
    ({"owner-birth_date": "1 1 1981"}, "Data nașterii nu se potrivește"),
    ({"owner-birth_date": ""}, "data nașterii"),
    ({"i2": ""}, "Răspunde la această întrebare"),
    ({"i2": "", "owner-cnp": "123"}, "13 cifre"),
])  # fmt: skip
def test_what_is_wrong_is_said_and_answers_stay_typed(
    client: PageClient, now: datetime, form: dict[str, str], said: str
) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_account("clerk"))
    page = client.post(
        "staff_questionnaire_sheet.paper", {**sheet(number()), "i9": "Teiul", **form}, expect=422, **at(one)
    )
    assert said.lower() in page.main_text.lower()
    assert page.form("/paper")["i9"] == "Teiul"
    assert page.html.count("govuk-error-summary__title") == 1, "one list of what is wrong"
    assert number() not in page.html, "a personal number is never written back"
    assert waiting(one) == 0


def test_a_foreign_document_says_whose_sheet_it_is(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_account("clerk"))
    page = client.get("staff_questionnaire_sheet.paper", **at(one), document="foreign")
    assert page.find("#owner-country") is not None
    form = {
        **sheet(""),
        "owner-kind": "document",
        "owner-country": "MD",
        "owner-document": "AB123456",
        "form_id": "a",
    }
    enter(client, one, form)
    assert waiting(one) == 1
    assert FIRST in enter(client, one, {**form, "form_id": "b"})


def test_an_e_mail_address_answers_once_over_both_ways(client: PageClient, now: datetime) -> None:
    one, account = make_questionnaire(now, access="email"), make_account()
    answer(one, account, raw_of(), now)
    client.sign_in(make_account("clerk"))
    form = {"i2": "o1", "version": "1", "form_id": "a", "owner-email": account.email.upper()}
    assert FIRST in enter(client, one, form)
    enter(client, one, {**form, "form_id": "b", "owner-email": "noua@civic.example"})
    assert waiting(one) == 2
    later = make_account(email="noua@civic.example")
    with pytest.raises(NotAllowed):
        answer(one, later, raw_of(), now)
    enter(client, one, {**form, "form_id": "c", "owner-email": "nu e adresă"}, expect=422)


def test_nothing_stored_says_whose_sheet_it_was(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_account("clerk"))
    enter(client, one, sheet(number()))
    row = db.session.scalars(select(Arrival)).one()
    assert number().encode() not in row.sealed + row.who
    digest = verification.hash_of(identity.read_cnp(number(), BORN))
    assert row.who != digest, "the mark is the questionnaire's own"
    other = make_questionnaire(now)
    assert answering.marks_of_identity(other, digest, None) != answering.marks_of_identity(one, digest, None)


def test_results_tell_the_ways_and_the_rule(client: PageClient, now: datetime) -> None:
    one, person = make_questionnaire(now, results="open"), resident_with(number())
    answer(one, person, raw_of(), now)
    crowd(one, 10, now)
    client.sign_in(make_account("clerk"))
    enter(client, one, sheet(number()))
    enter(client, one, sheet(number(235)))
    work(now)
    page = client.get("questionnaire_results.show", **at(one))
    assert "12 seturi de răspunsuri: 11 pe site, 1 pe hârtie" in page.main_text
    assert "1 foaie de hârtie nu a fost numărată" in page.main_text
    client.speak("en")
    assert "11 online, 1 on paper" in client.get("questionnaire_results.show", **at(one)).main_text


# --- where anybody may answer ----------------------------------------------------------------------------


def test_where_anybody_answers_it_is_said_that_repeats_cannot_be_excluded(
    client: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now, access="anyone", results="open")
    assert "de mai multe ori" in client.get("questionnaires.show", **at(one)).main_text
    client.sign_in(make_account("clerk"))
    page = client.get("staff_questionnaire_sheet.paper", **at(one))
    assert "nu se poate vedea" in page.main_text
    assert page.find("#owner-title") is None
    enter(client, one, {"i2": "o1", "version": "1", "form_id": "a"})
    assert waiting(one) == 1


def test_one_device_and_network_begin_so_often_a_day(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, access="anyone")
    for _time in range(rules.MOST_BEGUN):
        client.post("questionnaires.start", **at(one))
        client.post("questionnaires.discard", **at(one))
    page = client.post("questionnaires.start", expect=403, **at(one))
    assert "mâine" in page.main_text
    marks = db.session.scalars(select(Begun.mark)).all()
    assert len(marks) == 1
    assert b"127.0.0.1" not in marks[0]
    sitting = drafts.sitting_of(one, make_account().as_actor(), drafts.new_code())
    assert sitting is not None
    assert marks[0] != sitting.key
    jobs.tidy(now + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Begun)) == 0


def test_going_on_is_not_beginning(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, access="anyone")
    for _time in range(rules.MOST_BEGUN + 2):
        client.post("questionnaires.start", **at(one))
    assert db.session.scalars(select(Begun.times)).all() == [1]
