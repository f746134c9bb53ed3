"""An identity that goes back to its holder, complaints from the desk, and a close that waits for every complaint."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from civic import clock, database
from civic.accounts import verification
from civic.accounts.identity import read_cnp
from civic.accounts.models import Account, Person
from civic.audit import AuditRecord
from civic.errors import Invalid, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.ceremonykit import agree, recorded, two_people
from tests.integration.voting.complaintskit import DOCUMENT, USED, decide, file, letters, one, running
from tests.integration.voting.votingkit import (
    approve,
    vote,
    voter_account,
)
from tests.pageclient import PageClient
from voting import closing, round_queries
from voting.ceremony import service as ceremony
from voting.ceremony import work
from voting.ceremony.models import StageWord
from voting.ceremony.rules import BY_NAME
from voting.complaints import service, views
from voting.complaints.models import IdentityComplaint

CNP, BORN = "1800101123450", date(1980, 1, 1)


# --- the identity goes back --------------------------------------------------------------------------------


def holder_of_the_document(context: Flask) -> int:
    """A person verified with the document of these tests."""
    person = Person(
        identity_hash=verification.hash_of(read_cnp(CNP, BORN)), birth_date=BORN, area_basis="domicile",
        method="desk", verified_at=clock.now(),
    )  # fmt: skip
    db.session.add(person)
    db.session.commit()
    return person.id


@pytest.mark.parametrize("phase", ["voting", "validation"])
def test_a_used_identity_goes_back_to_its_holder(
    context: Flask, browser: PageClient, office: PageClient, phase: str
) -> None:
    holder = holder_of_the_document(context)
    round_, _people = running()
    round_id, slug = round_.id, round_.slug
    db.session.execute(
        update(Person).where(Person.id == holder).values(method="declaration", confirmed_by="email")
    )
    thief, victim, clerk = voter_account(holder), make_account(), make_account("clerk")
    addresses = thief.email, victim.email
    vote(context, round_, holder, approve("P1"))
    if phase == "validation":
        clock.travel(timedelta(hours=2))
    browser.sign_in(victim)
    file(browser, slug, **USED)
    number, victim_id, thief_id, clerk_id = one().id, victim.id, thief.id, clerk.id
    office.sign_in(make_account("staff"))
    decide(office, number, round_id, "vote_again", 422)
    office.sign_in(clerk)
    panel = office.get("desk.show", account_id=victim_id)
    assert f"/staff/desk/complaints/{number}/document" in panel.html
    page = office.get("desk_complaints.document", complaint_id=number)
    wrong = office.submit(page, "/document", {**DOCUMENT, "cnp": "1800101123451"}, expect=422)
    assert "1800101123451" not in wrong.html
    office.submit(page, "/document", DOCUMENT)
    assert one().person_id == holder
    steps = ["vote_again"] if phase == "voting" else ["void", "void"]
    for outcome in steps:
        office.sign_in(make_account("staff"))
        decide(office, number, round_id, outcome)
    linked = dict(db.session.execute(select(Account.id, Account.person_id)).all())
    assert (linked[victim_id], linked[thief_id]) == (holder, None)
    assert "nu mai poate vota" in letters(addresses[0])[-1]
    assert any("ți-a verificat documentul" in one for one in letters(addresses[1]))
    proved = db.session.get_one(Person, holder)
    assert (proved.method, proved.confirmed_by, proved.verified_by_id) == ("desk", None, clerk_id)
    given = db.session.scalars(select(AuditRecord).where(AuditRecord.event == "person.given_back")).one()
    assert given.details == {"from": thief_id, "to": victim_id}
    if phase == "voting":
        again = vote(context, db.session.get(Round, round_id), holder, approve("P2"), b"\x02" * 16)
        assert again.outcome == "replaced"


def test_who_has_no_account_complains_at_the_desk(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    holder = holder_of_the_document(context)
    round_, _people = running()
    round_id = round_.id
    thief = voter_account(holder)
    thief_id, address = thief.id, thief.email
    clerk = make_account("clerk")
    office.sign_in(clerk)
    page = office.get("desk_complaints.new")
    said = {**DOCUMENT, "round_id": str(round_id), "complaint": "identity_used", "text": "Nu am cont."}
    assert "unde vrea să primească" in office.submit(page, "/complaints/new", said, expect=422).main_text
    bad = office.submit(page, "/complaints/new", {**said, "email": "nimeni@civic.example"}, expect=422)
    assert "Niciun cont nu are această adresă" in bad.main_text
    contact = {"contact": "Maria Ionescu, 0722 000 000"}
    office.submit(page, "/complaints/new", {**said, **contact})
    made = one()
    assert (made.person_id, made.account_id, made.clerk_id) == (holder, None, clerk.id)
    number = made.id
    again = office.submit(page, "/complaints/new", {**said, **contact}, expect=422)
    assert "deja o reclamație" in again.main_text
    browser.sign_in(make_account("staff"))
    shown = browser.get("staff_complaints.show", round_id=round_id, complaint_id=number)
    assert "Maria Ionescu" in shown.main_text
    shown = browser.follow(decide(browser, number, round_id, "vote_again"))
    assert "nu are cont" in shown.main_text
    assert db.session.scalar(select(Account.person_id).where(Account.id == thief_id)) is None
    assert "nu mai poate vota" in letters(address)[-1]
    # The record waits for its holder: verified at the desk they are the same person, without a second vote.
    assert db.session.get(Person, holder).released_at is not None


def test_the_desk_asks_for_a_vote_that_takes_complaints(office: PageClient) -> None:
    office.sign_in(make_account("clerk"))
    page = office.get("desk_complaints.new")
    assert "nu se primesc reclamații" in page.main_text
    for language in ("ro", "en"):
        office.speak(language)
        running()
        assert office.get("desk_complaints.new").form("/complaints/new")
        assert office.get("desk_complaints.new", document="foreign").form("/complaints/new")


def test_a_refused_declaration_leads_to_the_complaint(context: Flask) -> None:
    """Whoever declares an identity that another account holds is told the way, while there is one."""
    round_, _people = running()
    slug, other = round_.slug, running()[0].slug
    with context.test_request_context("/"):
        context.preprocess_request()
        panel = views.refused_panel({"round": round_})
        assert panel is not None
        assert f"/rounds/{slug}/complaint" in panel.html
        latest = views.refused_panel({"round": None})
        assert latest is not None
        assert f"/rounds/{other}/complaint" in latest.html
        clock.travel(timedelta(days=8))
        assert views.refused_panel({"round": round_}) is None


# --- the close ---------------------------------------------------------------------------------------------


def test_a_complaint_and_the_close_never_pass_each_other(context: Flask, browser: PageClient) -> None:
    """The complaint is in, uncommitted, when the close begins: the close waits for it, and then refuses."""
    round_, [voter, other, *_rest] = running(3)
    round_id = round_.id
    actor = voter_account(voter).as_actor()
    said: list[str] = []

    def close() -> None:
        with context.app_context():
            try:
                closing.close_round(round_id, clock.now())
                said.append("closed")
            except Invalid as refusal:
                said.append(str(refusal.message))

    plan = round_queries.plan_of(round_)
    at = plan.validation_ends_at - timedelta(seconds=1)
    clock.travel(plan.validation_ends_at - clock.now() + timedelta(minutes=1))
    worker = threading.Thread(target=close)
    service.file_complaint(actor, round_, plan, "ballot_not_mine", "Nu am votat eu.", at)
    worker.start()
    worker.join(2)
    assert worker.is_alive(), "the close waits for the complaint under way"
    db.session.commit()
    worker.join(30)
    assert ["1 reclamație" in one or "1 identity complaint" in one for one in said] == [True]
    assert db.session.scalar(text("SELECT closed_at FROM round WHERE id = :id"), {"id": round_id}) is None
    db.session.rollback()
    # The other way round: the close has begun, uncommitted, and the complaint waits and is refused.
    with unit_of_work():
        staff = make_account("staff").as_actor()
        service.decide(
            staff,
            db.session.get(Round, round_id),
            plan,
            one().id,
            "dismissed",
            "A votat la ghișeu.",
            clock.now(),
        )
    late: list[Any] = []
    second = voter_account(other).as_actor()

    def complain() -> None:
        with context.app_context():
            try:
                service.file_complaint(
                    second, db.session.get(Round, round_id), plan, "other", "Nu pot vota.", at
                )
                late.append("in")
            except NotAllowed:
                late.append("refused")
            db.session.rollback()

    owner = database.owner_engine(context.config["SETTINGS"])
    worker = threading.Thread(target=complain)
    with owner.begin() as connection:
        connection.execute(text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": round_id})
        worker.start()
        worker.join(2)
        assert worker.is_alive(), "the complaint waits for the close under way"
    worker.join(30)
    owner.dispose()
    assert late == ["refused"]


def test_two_people_cannot_begin_the_close_before_every_complaint_is_decided(
    context: Flask, browser: PageClient, office: PageClient
) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    browser.sign_in(voter_account(voter))
    file(browser, slug)
    number = one().id
    clock.travel(timedelta(days=8))
    pair = two_people()
    with pytest.raises(Invalid, match="1 reclamație|1 identity complaint"):
        agree(round_id, "close", pair)
    db.session.rollback()
    official = make_account("staff")
    office.sign_in(official)
    assert "1 reclamație" in office.get("ceremony.show", round_id=round_id).main_text
    decide(office, number, round_id, "dismissed")
    word = agree(round_id, "close", pair)
    # One that slips in after the second word, as if validation had ended later, stops the worker's step itself.
    clock.travel(timedelta(days=6))
    with unit_of_work():
        round_ = db.session.get_one(Round, round_id)
        plan = round_queries.plan_of(round_)
        actor = voter_account(_rest[0]).as_actor()
        service.file_complaint(actor, round_, plan, "other", "Încă ceva.", clock.now())
    clock.travel(timedelta(days=8))
    assert work.run_stage(word) == []
    stopped = db.session.get_one(StageWord, word)
    assert stopped.stopped_by == "obstacle"
    assert recorded(round_id) == set()
    waiting = db.session.scalars(select(IdentityComplaint.id).order_by(IdentityComplaint.id.desc())).first()
    decide(office, waiting, round_id, "dismissed")
    with unit_of_work():
        ceremony.try_again(pair[0].as_actor(), round_id, BY_NAME["close"], clock.now(), enqueue=False)
    assert work.run_stage(word) == ["closed", "participation"]
