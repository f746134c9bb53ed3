"""Complaints as weapons and as files: who lost an identity voids nobody's ballot, and no contact is kept for ever."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from civic import clock
from civic.accounts import verification
from civic.accounts.identity import read_cnp
from civic.accounts.verification import Checked
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account, make_neighbourhood, make_person
from tests.integration.voting.complaintskit import DOCUMENT, MINE, USED, decide, file, letters, one, running
from tests.integration.voting.votingkit import approve, vote, voter_account
from tests.pageclient import PageClient
from voting import closing, round_queries, strikes
from voting.complaints import jobs
from voting.complaints.models import IdentityComplaint

CNP, BORN = "1800101123450", date(1980, 1, 1)


@pytest.fixture
def office(context: Flask) -> PageClient:
    client = PageClient(context)
    client.sign_in(make_account("staff"))
    return client


# --- a rival's ballot --------------------------------------------------------------------------------------


def test_who_lost_an_identity_at_the_desk_does_not_have_its_holders_ballot_voided(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    """Somebody declares to be a neighbour, complains while they hold the record, and the neighbour takes it back."""
    place = make_neighbourhood("Obor")
    checked = Checked(read_cnp(CNP, BORN), BORN, place.id, "domicile")
    holder = make_person(
        place, identity_hash=verification.hash_of(checked.identity), birth_date=BORN, method="declaration",
        confirmed_by="email",
    ).id  # fmt: skip
    round_, _people = running(remote_verification=["declaration_email"])
    round_id, slug = round_.id, round_.slug
    browser.sign_in(voter_account(holder))
    file(browser, slug)
    number = one().id
    with unit_of_work():
        verification.verify_at_desk(make_account("clerk").as_actor(), make_account(), checked, clock.now())
    vote(context, db.session.get_one(Round, round_id), holder, approve("P1"))
    decide(office, number, round_id, "vote_again", 422)
    clock.travel(timedelta(hours=2))
    shown = office.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    assert "a pierdut identitatea" in shown.main_text
    decide(office, number, round_id, "void", 422)
    decide(office, number, round_id, "dismissed")
    clock.travel(timedelta(days=8))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    assert db.session.scalar(text("SELECT count(*) FROM opened_ballot")) == 1


def test_the_document_settles_whose_ballot_it_is(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    """Whoever complained and then deleted the account is known again by the document."""
    place = make_neighbourhood("Obor")
    digest = verification.hash_of(read_cnp(CNP, BORN))
    holder = make_person(place, identity_hash=digest, birth_date=BORN).id
    round_, _people = running()
    round_id = round_.id
    account = voter_account(holder)
    browser.sign_in(account)
    file(browser, round_.slug)
    number = one().id
    account.person_id = None
    db.session.commit()
    clock.travel(timedelta(hours=2))
    decide(office, number, round_id, "void", 422)
    browser.sign_in(make_account("clerk"))
    browser.submit(browser.get("desk_complaints.document", complaint_id=number), "/document", DOCUMENT)
    decide(office, number, round_id, "void")
    assert one().void_asked_by_id is not None


def test_nobody_struck_is_told_to_vote_again(context: Flask, browser: PageClient, office: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(voter_account(voter))
    file(browser, round_.slug)
    number = one().id
    with unit_of_work():
        round_ = db.session.get_one(Round, round_id)
        actor = make_account("staff").as_actor()
        strikes.strike(actor, round_, round_queries.plan_of(round_), voter, "Declarație falsă.", clock.now())
    page = decide(office, number, round_id, "vote_again", 409)
    assert "este suspendată" in page.main_text
    assert one().outcome is None


def test_accounts_with_invented_addresses_do_not_hold_the_close_up(
    context: Flask, browser: PageClient
) -> None:
    round_, _people = running()
    slug = round_.slug
    browser.sign_in(make_account(confirmed=False))
    assert "Confirmă-ți mai întâi adresa" in browser.get("voting_complaints.complaint", slug=slug).main_text
    refused = file(browser, slug, 403, **USED)
    assert "Confirmă-ți mai întâi adresa" in refused.main_text
    assert "Mi s-a spus" in refused.main_text, "what was written is not lost"
    assert db.session.scalars(select(IdentityComplaint.id)).all() == []


def test_a_sheet_of_paper_is_lifted_before_anybody_votes_again(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    resident = voter_account(voter)
    address = resident.email
    browser.sign_in(resident)
    file(browser, slug, **MINE)
    number = one().id
    assert (
        "adusă nefolosită"
        in office.get("staff_complaints.show", round_id=round_id, complaint_id=number).main_text
    )
    decide(office, number, round_id, "vote_again")
    assert "foaie de hârtie" in browser.get("voting_complaints.complaint", slug=slug).main_text
    assert "foaie de hârtie" in letters(address)[-1]


# --- what is kept of who complained ------------------------------------------------------------------------


def complaints_at_the_desk(round_: Round, count: int, decided: datetime | None) -> list[int]:
    """Complaints of people without an account, decided then or open."""
    deadline = db.session.scalar(text("SELECT id FROM deadline_version WHERE key = 'complaint.answer'"))
    clerk, staff, now = make_account("clerk").id, make_account("staff").id, clock.now()
    made = [
        IdentityComplaint(
            round_id=round_.id, kind="other", clerk_id=clerk, contact="Maria Ionescu, 0722 000 000",
            text="Altceva.", filed_at=now, due_at=now, deadline_id=deadline, decided_at=decided,
            outcome="dismissed" if decided else None, reason="Nu." if decided else "",
            decided_by_id=staff if decided else None,
        )
        for _number in range(count)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.commit()
    return [one.id for one in made]


def contacts() -> list[str]:
    statement = select(IdentityComplaint.contact).order_by(IdentityComplaint.id)
    return list(db.session.scalars(statement))


def settle(round_id: int, now: datetime) -> None:
    """The council adopted the results."""
    round_ = db.session.get_one(Round, round_id)
    round_.closed_at = round_.results_at = round_.adopted_at = now
    round_.adopted_by = "HCL 12/2027"
    db.session.commit()


def test_a_contact_is_erased_once_nobody_can_contest_the_results(context: Flask, office: PageClient) -> None:
    round_, _people = running()
    round_id, now = round_.id, clock.now()
    decided = complaints_at_the_desk(round_, 2, now)
    complaints_at_the_desk(round_, 1, None)
    assert jobs.erase_contacts(now) == 0, "the results can still be contested"
    settle(round_id, now)
    assert jobs.erase_contacts(now) == 2
    assert jobs.erase_contacts(now) == 0, "twice is the same as once"
    assert contacts() == ["", "", "Maria Ionescu, 0722 000 000"], "who waits is answered first"
    shown = office.get("staff_complaints.show", round_id=round_id, complaint_id=decided[0])
    assert "contactul a fost șters" in shown.main_text
    assert "Altceva." in shown.main_text, "the case itself is the record"
    with pytest.raises(Exception, match="filer_known"), db.session.begin_nested():
        db.session.execute(text("UPDATE identity_complaint SET contact = '' WHERE decided_at IS NULL"))


def test_a_contact_does_not_outlive_a_vote_that_is_never_closed(context: Flask) -> None:
    round_, _people = running()
    now = clock.now()
    complaints_at_the_desk(round_, 1, now)
    assert jobs.erase_contacts(now + jobs.MOST_KEPT - timedelta(minutes=1)) == 0
    assert jobs.erase_contacts(now + jobs.MOST_KEPT + timedelta(minutes=1)) == 1


def test_killed_halfway_the_rest_is_erased_the_next_time(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_, _people = running()
    round_id, now = round_.id, clock.now()
    complaints_at_the_desk(round_, 5, now)
    settle(round_id, now)
    lock, asked = jobs.queries.lock_with_contact, []

    class Killed(BaseException):
        """What ends a process without asking."""

    def dying(*given: object) -> object:
        asked.append(given)
        found = lock(*given)  # type: ignore[arg-type]
        if len(asked) == 2:
            found[0].contact = ""
            db.session.flush()
            raise Killed
        return found

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "BATCH", 2)
        patched.setattr(jobs.queries, "lock_with_contact", dying)
        with pytest.raises(Killed):
            jobs.erase_contacts(now)
    assert contacts().count("") == 2, "what was begun was rolled back"
    assert jobs.erase_contacts(now) == 3
    assert set(contacts()) == {""}
