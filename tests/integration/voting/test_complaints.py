"""Identity complaints: filed in time, answered by others with a reason, and no close while one is open."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from civic import clock
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.complaintskit import MINE, USED, decide, file, letters, one, running
from tests.integration.voting.verificationkit import change_json, resum, verified
from tests.integration.voting.votingkit import (
    approve,
    make_round,
    vote,
    voter_account,
)
from tests.pageclient import PageClient
from voting import closing, publication_set, round_queries, strikes
from voting.complaints import queries
from voting.complaints.models import IdentityComplaint
from voting.models import RollStrike

CNP, BORN = "1800101123450", date(1980, 1, 1)


# --- filing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_complaint_has_a_number_a_deadline_and_a_reasoned_answer(
    context: Flask, browser: PageClient, office: PageClient, language: str
) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    resident, staff = voter_account(voter), make_account("staff")
    address = resident.email
    for client in (browser, office):
        client.speak(language)
    vote(context, round_, voter, approve("P1"))
    browser.sign_in(resident)
    page = browser.get("voting_complaints.complaint", slug=slug)
    assert browser.submit(page, "/complaint", {"text": " "}, expect=422).form("/complaint")["text"] == " "
    browser.submit(page, "/complaint", MINE)
    made = one()
    number = made.id
    page = browser.get("voting_complaints.complaint", slug=slug)
    assert f"nr. {number}" in page.main_text or f"no. {number}" in page.main_text
    assert "Nu am votat eu." in page.main_text
    assert made.due_at > made.filed_at
    late = "Trebuia să primești răspuns" if language == "ro" else "You should have been answered"
    assert late not in page.main_text
    clock.travel(made.due_at - clock.now() + timedelta(minutes=1))
    assert late in browser.get("voting_complaints.complaint", slug=slug).main_text
    clock.travel(timedelta(0))
    # One at a time; what was written comes back.
    again = file(browser, slug, 409, **{**MINE, "text": "Încă o dată."})
    assert ("așteaptă răspuns" if language == "ro" else "waits for an answer") in again.main_text
    browser.get("staff_complaints.index", round_id=round_id, expect=403)

    office.sign_in(staff)
    listed = office.get("staff_complaints.index", round_id=round_id)
    assert f"/complaints/{number}" in listed.html
    assert ("1 reclamație" if language == "ro" else "1 complaint") in office.get("staff.home").main_text
    page = office.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    assert "Nu am votat eu." in page.main_text
    refused = office.submit(
        page, f"/complaints/{number}", {"outcome": "vote_again", "reason": " "}, expect=422
    )
    assert refused.form(f"/complaints/{number}")["outcome"] == "vote_again"
    decide(office, number, round_id, "void", 422)
    decide(office, number, round_id, "maybe", 422)
    decide(office, number, round_id, "vote_again", reason="Parola era cunoscută și altora.")
    page = browser.get("voting_complaints.complaint", slug=slug)
    assert "Parola era cunoscută și altora." in page.main_text
    decided = "Reclamația ta este admisă" if language == "ro" else "Your complaint is upheld"
    assert decided in page.main_text
    told = letters(address)
    assert len(told) == 2
    assert "Reclamația ta este admisă: votează din nou, chiar tu." in told[1]
    # About who somebody is, not about the name they chose to be shown by.
    assert all(one.startswith("Bună ziua,\n") for one in told)
    assert "Parola era cunoscută și altora." in told[1]
    assert f"/rounds/{slug}/vote" in told[1]
    # The new ballot replaces the one that was not theirs.
    second = vote(context, db.session.get(Round, round_id), voter, approve("P2"), b"\x02" * 16)
    assert second.outcome == "replaced"
    # Decided, another may be filed.
    file(browser, slug)
    assert queries.count_open(round_id) == 1


def test_nothing_is_taken_before_the_vote_nor_after_validation(browser: PageClient) -> None:
    early = make_round(opened_ago=timedelta(hours=-1), closes_in=timedelta(hours=2)).slug
    round_, [voter, *_rest] = running()
    slug = round_.slug
    browser.sign_in(voter_account(voter))
    assert "Votul nu s-a deschis încă" in file(browser, early, 403).main_text
    clock.travel(timedelta(days=6))
    page = browser.get("voting_complaints.complaint", slug=slug)
    clock.travel(timedelta(days=8))
    late = browser.submit(page, "/complaint", MINE, expect=403)
    assert "le poți contesta" in late.main_text
    assert "Nu am votat eu." in late.main_text, "what was written is not lost"
    assert "le poți contesta" in browser.get("voting_complaints.complaint", slug=slug).main_text
    assert db.session.scalar(select(IdentityComplaint.id)) is None


def test_no_ballot_is_in_the_name_of_an_unverified_account(browser: PageClient) -> None:
    round_, _people = running()
    slug = round_.slug
    browser.get("voting_complaints.complaint", slug=slug, expect=303)
    browser.sign_in(make_account())
    assert "neverificat" in file(browser, slug, 422).main_text
    file(browser, slug, **USED)
    assert one().person_id is None
    page = browser.get("voting_complaints.complaint", slug=slug)
    assert "Vino la ghișeu cu actul de identitate" in page.main_text


@pytest.mark.parametrize("role", ["clerk", "moderator", "administrator", None])
def test_complaints_are_closed_to_who_has_no_business_there(browser: PageClient, role: str | None) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    browser.sign_in(voter_account(voter))
    file(browser, slug)
    number = one().id
    browser.sign_in(make_account(*[role] if role else []))
    browser.get("staff_complaints.index", round_id=round_id, expect=403)
    browser.get("staff_complaints.show", round_id=round_id, complaint_id=number, expect=403)
    decide(browser, number, round_id, "dismissed", 403)
    if role != "clerk":
        browser.get("desk_complaints.new", expect=403)
        browser.get("desk_complaints.document", complaint_id=number, expect=403)


def test_the_auditor_reads_and_decides_nothing(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(voter_account(voter))
    file(browser, round_.slug)
    number = one().id
    browser.sign_in(make_account("auditor"))
    browser.get("staff_complaints.index", round_id=round_id)
    page = browser.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    assert "Doar personalul primăriei hotărăște" in page.main_text
    decide(browser, number, round_id, "dismissed", 403)


# --- deciding ----------------------------------------------------------------------------------------------


def test_nobody_decides_their_own_complaint(browser: PageClient, office: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    official = make_account("staff", person_id=voter)
    browser.sign_in(official)
    file(browser, slug)
    number = one().id
    page = decide(browser, number, round_id, "dismissed", 403)
    assert "nu a avut niciun amestec" in page.main_text
    with pytest.raises(IntegrityError, match="decided_by_another"):
        db.session.execute(
            text(
                "UPDATE identity_complaint SET outcome = 'dismissed', reason = 'x', decided_at = now(),"
                " decided_by_id = account_id"
            )
        )
    db.session.rollback()
    office.sign_in(make_account("staff"))
    decide(office, number, round_id, "dismissed")


def test_the_second_official_is_shown_what_the_first_decided(browser: PageClient, office: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(voter_account(voter))
    file(browser, round_.slug)
    number = one().id
    first, second = make_account("staff", display_name="Ana Pop"), make_account("staff")
    office.sign_in(second)
    page = office.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    browser.sign_in(first)
    decide(browser, number, round_id, "dismissed", reason="Ai votat la ghișeu marți.")
    late = office.submit(
        page, f"/complaints/{number}", {"outcome": "vote_again", "reason": "Votează din nou."}, expect=409
    )
    assert "Ana Pop a hotărât între timp" in late.main_text
    assert "Ai votat la ghișeu marți." in late.main_text
    assert "Votează din nou." in late.main_text
    assert one().outcome == "dismissed"


def test_voiding_takes_two_people_and_holds_the_close_up_until_then(
    context: Flask, browser: PageClient, office: PageClient, tmp_path: Path
) -> None:
    round_, [voter, other, *_rest] = running(3)
    round_id, slug = round_.id, round_.slug
    resident = voter_account(voter)
    address = resident.email
    first, second = make_account("staff", display_name="Ana Pop"), make_account("staff")
    vote(context, round_, voter, approve("P1"))
    vote(context, db.session.get(Round, round_id), other, approve("P2"), b"\x02" * 16)
    clock.travel(timedelta(hours=2))
    browser.sign_in(resident)
    file(browser, slug)
    number = one().id
    office.sign_in(first)
    decide(office, number, round_id, "vote_again", 422)
    page = office.follow(decide(office, number, round_id, "void", reason="Nu a fost în oraș."))
    assert "Ana Pop a cerut" in page.main_text
    assert "trebuie să confirme altă persoană" in decide(office, number, round_id, "void", 409).main_text
    assert one().outcome is None
    # Also after the end of validation, because the close waits for it.
    clock.travel(timedelta(days=8))
    with pytest.raises(Conflict):
        strikes_only(office, round_id, voter, second)
    plan = round_queries.plan_of(db.session.get(Round, round_id))
    assert "1 reclamație" in str(closing.closing_refusal(plan, clock.now()))
    office.sign_in(second)
    page = office.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    assert page.form(f"/complaints/{number}")["reason"] == "Nu a fost în oraș."
    office.submit(page, f"/complaints/{number}", {"outcome": "void"})
    assert "nu contează" in letters(address)[-1]
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    details = db.session.scalar(text("SELECT details FROM ceremony_step WHERE step = 'closed'"))
    assert details["complaints"] == {"filed": 1, "upheld": 1, "dismissed": 0}
    assert db.session.scalar(text("SELECT count(*) FROM opened_ballot")) == 1
    browser.sign_out()
    public = browser.get("voting.results", slug=slug)
    assert "înainte de închidere: 1; admise: 1; respinse: 0" in public.main_text
    assert "Nu a fost în oraș" not in public.html
    found = publication_set.find_set(db.session.get(Round, round_id), context.config["SETTINGS"].city)
    publication_set.write_folder(found, tmp_path)
    told = json.loads((tmp_path / "result.json").read_text())
    assert told["identity_complaints"] == {"filed": 1, "upheld": 1, "dismissed": 0}
    assert verified(tmp_path)[0] == 0
    change_json(tmp_path / "result.json", identity_complaints__upheld=0)
    resum(tmp_path)
    assert verified(tmp_path)[0] == 1
    events = db.session.scalars(select(AuditRecord.event).order_by(AuditRecord.id)).all()
    assert [one for one in events if one.startswith(("complaint.", "roll."))] == [
        "complaint.filed", "roll.struck", "roll.void_asked", "roll.void_confirmed", "complaint.decided",
    ]  # fmt: skip


def strikes_only(office: PageClient, round_id: int, voter: int, account: Account) -> None:
    """Voiding without a complaint still ends with validation: raise Conflict for the refusal of that."""
    round_ = db.session.get_one(Round, round_id)
    try:
        strikes.decide_void(account.as_actor(), round_, round_queries.plan_of(round_), voter, clock.now())
    except NotAllowed as refusal:
        raise Conflict(refusal.message) from refusal
    finally:
        db.session.rollback()


def test_a_void_asked_for_can_be_set_aside(context: Flask, browser: PageClient, office: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    vote(context, round_, voter, approve("P1"))
    clock.travel(timedelta(hours=2))
    browser.sign_in(voter_account(voter))
    file(browser, round_.slug)
    number = one().id
    for outcome in ("void", "dismissed"):
        office.sign_in(make_account("staff"))
        decide(office, number, round_id, outcome)
    clock.travel(timedelta(days=8))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    assert db.session.scalar(text("SELECT count(*) FROM opened_ballot")) == 1, "one word voids nothing"


# --- the database and lists --------------------------------------------------------------------------------


def test_the_database_keeps_one_open_complaint_and_loses_none(context: Flask, browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    browser.sign_in(voter_account(voter))
    file(browser, round_.slug)
    made = one()
    values = {
        name: getattr(made, name)
        for name in (
            "round_id",
            "kind",
            "account_id",
            "person_id",
            "text",
            "filed_at",
            "due_at",
            "deadline_id",
        )
    }
    for change, constraint in (
        ({}, "uq_identity_complaint_open_account"),
        ({"kind": "envy"}, "kind_known"),
        ({"text": ""}, "text_given"),
        ({"account_id": None}, "filer_known"),
        ({"person_id": None}, "ballot_has_person"),
        ({"outcome": "dismissed"}, "decided_with_outcome|decided_by_somebody|decided_with_reason"),
        (
            {"outcome": "perhaps", "decided_at": made.filed_at, "reason": "x"},
            "outcome_known|decided_by_somebody",
        ),
    ):
        with pytest.raises(IntegrityError, match=constraint), db.session.begin_nested():
            db.session.execute(insert(IdentityComplaint).values(**{**values, **change}))
    with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM identity_complaint"))
    db.session.rollback()


def test_no_row_says_whether_there_is_a_ballot(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    """The complaints of one who voted and of one who did not leave the same behind, and box and log untouched."""
    round_, [voter, silent] = running()
    round_id, slug = round_.id, round_.slug
    vote(context, round_, voter, approve("P1"))

    def traces() -> list[Any]:
        return [
            db.session.execute(text(f"SELECT ctid::text, xmin::text, * FROM {table} ORDER BY leaf")).all()
            for table in ("ballot_box", "cast_log")
        ]

    before = traces()
    office.sign_in(make_account("staff"))
    accounts = [voter_account(person) for person in (voter, silent)]
    pages = []
    for account in accounts:
        browser.sign_in(account)
        browser.get("voting_complaints.check", slug=slug)
        file(browser, slug)
    filed = db.session.scalars(select(IdentityComplaint.id).order_by(IdentityComplaint.id)).all()
    for made in filed:
        page = office.get("staff_complaints.show", round_id=round_id, complaint_id=made)
        pages.append([word for word in page.main_text.split() if not any(c.isdigit() for c in word)])
    for made in filed:
        decide(office, made, round_id, "vote_again")
    assert traces() == before
    assert pages[0] == pages[1]
    rows = db.session.execute(
        select(IdentityComplaint.kind, IdentityComplaint.text, IdentityComplaint.outcome)
    ).all()
    assert rows[0] == rows[1]
    kept = db.session.execute(
        select(AuditRecord.event, AuditRecord.details).where(AuditRecord.event.like("complaint.%"))
    ).all()
    assert {frozenset(details) for _event, details in kept} == {
        frozenset({"complaint", "kind"}), frozenset({"complaint", "outcome"}),
    }  # fmt: skip
    assert not db.session.scalars(select(RollStrike.id)).all()


def test_the_list_has_pages_and_costs_the_same_whatever_its_length(
    client: PageClient, statements: list[str]
) -> None:
    round_, _people = running()
    deadline = db.session.scalar(text("SELECT id FROM deadline_version WHERE key = 'complaint.answer'"))
    now = clock.now()

    def add(count: int) -> None:
        for _number in range(count):
            db.session.add(
                IdentityComplaint(
                    round_id=round_.id, kind="other", account_id=make_account().id, text="Altceva.", filed_at=now,
                    due_at=now, deadline_id=deadline,
                )
            )  # fmt: skip
        db.session.commit()

    client.sign_in(make_account("staff"))
    assert "Nu este nicio reclamație" in client.get("staff_complaints.index", round_id=round_.id).main_text
    costs = []
    for count in (2, 30):
        add(count)
        statements.clear()
        page = client.get("staff_complaints.index", round_id=round_.id)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert len(page.all("tr")) == 1 + queries.PER_PAGE
    second = client.get("staff_complaints.index", round_id=round_.id, page=2)
    assert len(second.all("tr")) == 1 + 32 - queries.PER_PAGE
