"""Entering contributions: numbers without gaps, lateness at the very moment, identical letters."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.contributions import queries, service, telling
from consultations.contributions.models import Contribution
from consultations.contributions.service import Author
from consultations.models import Consultation
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account

ANA = Author("Ana Popescu", contact="ana@civic.example")
TEXT = "Vă rog să lărgiți trotuarul din dreptul școlii."


def test_numbers_follow_each_other_and_name_the_consultation(app):
    one = make_consultation()
    entries = [service.register(one, "form", f"{TEXT} {n}", ANA, OPENED) for n in range(3)]
    assert [entry.number for entry in entries] == [1, 2, 3]
    assert entries[2].reference == f"3/C{one.id}-2026"


def test_two_at_once_and_a_failed_one_leave_no_gap(real_app):
    with real_app.app_context():
        one_id = make_consultation().id
    gate, errors = threading.Barrier(2), []

    def enter(failing: bool) -> None:
        with real_app.app_context():
            try:
                gate.wait()
                for n in range(6):
                    one = db.session.get(Consultation, one_id)
                    service.register(one, "form", f"{TEXT} {failing} {n}", ANA, OPENED)
                    db.session.rollback() if failing and n % 2 else db.session.commit()
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=enter, args=(failing,)) for failing in (False, True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    with real_app.app_context():
        numbers = db.session.scalars(select(Contribution.number).order_by(Contribution.number)).all()
        assert list(numbers) == list(range(1, 10))


def test_what_arrives_at_the_end_is_late_and_what_arrives_before_is_not(app):
    one = make_consultation()
    before = service.register(one, "form", f"{TEXT} 1", ANA, one.closes_at - timedelta(microseconds=1))
    at = service.register(one, "form", f"{TEXT} 2", ANA, one.closes_at)
    assert (before.late, at.late) == (False, True)
    assert (
        "după încheiere"
        in db.session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id)).all()[-1]
    )


def test_a_paper_counts_from_the_day_it_came(app):
    one, clerk = make_consultation(), make_account("clerk")
    came = one.closes_at - timedelta(hours=3)
    entry = service.register(
        one, "post", TEXT, ANA, one.closes_at + timedelta(days=2), received_at=came, clerk=clerk.as_actor()
    )
    assert (entry.late, entry.received_at, entry.registered_by_id) == (False, came, clerk.id)


def test_after_the_report_nothing_is_received_but_an_earlier_paper(app):
    one = make_consultation("reported")
    with pytest.raises(Conflict):
        service.register(one, "form", TEXT, ANA, OPENED)
    early = one.closes_at - timedelta(days=1)
    assert service.register(one, "post", TEXT, ANA, OPENED, received_at=early).number == 1


@pytest.mark.parametrize("state", ["draft", "announced"])
def test_nothing_is_received_before_the_opening(app, state):
    with pytest.raises((Invalid, Conflict)):
        service.register(make_consultation(state), "form", TEXT, ANA, OPENED)


def test_identical_letters_meet_whatever_their_case_and_spaces(app):
    one = make_consultation()
    first = service.register(one, "form", TEXT, ANA, OPENED)
    twin = service.register(
        one, "mail", f"  {TEXT.upper()}\r\n\r\n", Author("Ion Ionescu", contact="i@civic.example"), OPENED
    )
    third = service.register(one, "post", TEXT.replace("ș", "ş"), Author("Maria"), OPENED)
    other = service.register(one, "form", f"{TEXT} Și la grădiniță.", ANA, OPENED)
    assert (twin.same_as_id, third.same_as_id, other.same_as_id) == (first.id, first.id, None)
    assert queries.unanswered(one.id) == 4


def test_a_form_sent_twice_is_registered_once(app):
    one = make_consultation()
    twice = [service.register(one, "form", TEXT, ANA, OPENED, form_key="k1") for _ in range(2)]
    assert twice[0].id == twice[1].id
    assert (
        db.session.scalar(select(OutboxMessage.id).where(OutboxMessage.dedup_key.like("%receipt")))
        is not None
    )
    assert len(db.session.scalars(select(OutboxMessage.id)).all()) == 1


def test_initials_are_shown_and_the_name_and_address_are_sealed(app):
    one = make_consultation()
    author = Author("Ana-Maria Popescu", contact="ana@civic.example", shown_as="initials")
    entry = service.register(one, "form", TEXT, author, OPENED)
    assert entry.author_name == "A.-M. P."
    assert b"ana@" not in entry.contact
    assert service.contact_of(entry) == ("Ana-Maria Popescu", "ana@civic.example")


def test_an_organisation_is_shown_in_full(app):
    author = Author("Asociația Parcul Viu", shown_as="initials", organisation=True)
    entry = service.register(make_consultation(), "form", TEXT, author, OPENED)
    assert (entry.author_name, entry.by_organisation) == ("Asociația Parcul Viu", True)


def test_the_receipt_says_the_number_in_the_language_of_the_account(app):
    account = make_account(locale="en")
    entry = service.register(make_consultation(), "form", TEXT, Author("Ana", account_id=account.id), OPENED)
    message = db.session.scalars(select(OutboxMessage)).one()
    assert (message.address, message.subject) == (account.email, f"Registered: {entry.reference}")


@pytest.mark.parametrize("body", ["", "  \n ", "a" * 50_001])
def test_no_text_and_too_much_text_are_refused(app, body):
    with pytest.raises(Invalid):
        service.register(make_consultation(), "form", body, ANA, OPENED)


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("Ana@Civic.example", "ana@civic.example"),
        ("a@civic.example,b@civic.example", ""),
        ("a@civic.example\nBcc: b@civic.example", ""),
        ("str. Teiul Doamnei nr. 3, ap. 4", ""),
    ],
)
def test_a_contact_is_written_to_when_it_is_one_address_and_nothing_else(app, contact, address):
    entry = service.register(make_consultation(), "post", TEXT, Author("Ana", contact=contact), OPENED)
    assert telling.address_for(entry) == address
