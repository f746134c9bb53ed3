"""The gate before what organisations say of themselves, and before citizens' drafts."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.accounts.models import Account
from civic.errors import Conflict
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.gate.rules import Mode
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.organisations import service as organisations
from civic.organisations.models import Organisation
from civic.outbox import OutboxMessage
from consultations.initiatives import service as initiatives
from consultations.initiatives.rules import State, state_of
from tests.factories import make_account, make_resident
from tests.integration.consultations import initiativekit
from tests.integration.organisations import orgkit
from tests.pageclient import PageClient

OFFER = "Vindem cele mai bune țevi din oraș, la prețuri de nerefuzat, sunați astăzi."


def case_of(kind: str, number: int) -> ModerationCase:
    found = db.session.scalar(
        select(ModerationCase).where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id == number,
            ModerationCase.decided_at.is_(None),
        )
    )
    assert found is not None
    return found


def decide(client: PageClient, case: ModerationCase, moderator: Account, decision: Decision) -> None:
    with client.app.test_request_context():
        moderation.decide(moderator.as_actor(), case.id, decision, clock.now(), reason_code="spam")
        db.session.commit()


def page_of(client: PageClient, one: Organisation, reader: Account | None = None) -> str:
    client.sign_out()
    if reader is not None:
        client.sign_in(reader)
    return client.get("organisations.show", organisation_id=one.id).main_text


def test_a_new_account_changes_a_profile_and_everybody_reads_the_old_until_it_is_decided(
    client: PageClient,
) -> None:
    keeper, moderator = make_account(), make_account("moderator")
    with client.app.test_request_context():
        one = orgkit.verified(keeper, description="Plantăm copaci în cartier.", website="")
    keeper.created_at = clock.now() - timedelta(hours=2)
    db.session.commit()

    client.sign_in(keeper)
    page = client.get("organisations.edit", organisation_id=one.id)
    new = {"description": OFFER, "website": "https://tevi.example"}
    client.submit(page, "/edit", new)
    assert "Plantăm copaci" in page_of(client, one)
    assert "tevi.example" not in page_of(client, one)
    told = page_of(client, one, keeper)
    assert "Ce ai scris despre organizație nu este încă public" in told
    assert "Are un link" in told
    assert OFFER in told
    # Other changes leave what waits where it is.
    client.submit(
        client.get("organisations.edit", organisation_id=one.id), "/edit", {"contact_phone": "021 209 61 11"}
    )
    client.sign_in(moderator)
    case = case_of("organisation", one.id)
    assert "tevi.example" in client.get("moderation.case", case_id=case.id).main_text
    decide(client, case, moderator, Decision.HIDE)
    assert "Plantăm copaci" in page_of(client, one)
    assert "nu este încă public" not in page_of(client, one, keeper)
    letters = db.session.scalars(
        select(OutboxMessage.body).where(OutboxMessage.address == keeper.email)
    ).all()
    assert sum("nu au publicat ce a scris despre sine" in body for body in letters) == 1

    client.submit(
        client.get("organisations.edit", organisation_id=one.id),
        "/edit",
        {"website": "https://copaci.example"},
    )
    decide(client, case_of("organisation", one.id), moderator, Decision.PUBLISH)
    shown = page_of(client, one)
    assert "Plantăm copaci" in shown
    assert "copaci.example" in shown


def test_who_writes_the_profile_back_as_it_was_waits_for_nobody(client: PageClient) -> None:
    keeper = make_account(created_at=clock.now() - timedelta(hours=2))
    with client.app.test_request_context():
        one = orgkit.waiting(keeper, website="https://verde.example")
        assert one.website == ""
        assert one.held_website == "https://verde.example"
        values = orgkit.make_values(description="", website="")
        organisations.change_organisation(keeper.as_actor(), one.id, one.version, values, clock.now())
        db.session.commit()
        assert one.held_website is None
        assert not db.session.scalars(select(ModerationCase).where(ModerationCase.decided_at.is_(None))).all()


def test_a_campaign_of_profiles_is_taken_back(app: Flask) -> None:
    with app.test_request_context():
        first, *_others = [
            orgkit.verified(make_account(), name=f"Asociația {each}", description=OFFER, website="")
            for each in ("Unu", "Doi", "Trei")
        ]
        assert (first.description, first.held_description) == ("", OFFER)
        assert case_of("organisation", first.id).text_sha256 is not None


def test_a_copied_citizens_draft_is_read_by_a_moderator_while_the_clock_of_its_check_runs(
    client: PageClient,
) -> None:
    moderator, staff = make_account("moderator"), make_account("staff")
    initiativekit.make_electors()
    drafts = [
        initiativekit.make_initiative("draft", author, text=OFFER, initiators=author.display_name)
        for author in (make_resident(), make_resident())
    ]
    for draft in drafts:
        author = db.session.get_one(Account, draft.author_id)
        client.sign_in(author)
        client.submit(client.get("initiatives.show", initiative_id=draft.id), "/submit")
    first, copy = drafts
    assert "Spune aproape același lucru" in client.get("initiatives.show", initiative_id=copy.id).main_text
    client.sign_in(staff)
    assert (
        "Un moderator îi citește mai întâi cuvintele"
        in client.get("staff_initiatives.show", initiative_id=copy.id).main_text
    )
    with client.app.test_request_context():
        initiatives.publish(staff.as_actor(), first.id, clock.now())
        db.session.commit()
        with pytest.raises(Conflict, match="Un moderator îi citește"):
            initiatives.publish(staff.as_actor(), copy.id, clock.now())
        db.session.rollback()
    client.sign_in(moderator)
    client.get("initiatives.show", initiative_id=copy.id)
    decide(client, case_of("initiative", copy.id), moderator, Decision.REQUEST_CHANGES)
    assert state_of(copy, clock.now()) == State.RETURNED
    client.sign_in(author)
    client.submit(client.get("initiatives.show", initiative_id=copy.id), "/submit")
    decide(client, case_of("initiative", copy.id), moderator, Decision.PUBLISH)
    with client.app.test_request_context():
        initiatives.publish(staff.as_actor(), copy.id, clock.now())
    assert copy.published_at is not None


def test_both_places_have_a_setting(client: PageClient) -> None:
    staff = make_account("staff")
    client.sign_in(staff)
    shown = client.get("gate.index").main_text
    assert "Ce spun organizațiile despre ele" in shown
    assert "Proiecte ale cetățenilor, pe lângă verificarea formei" in shown
    with client.app.test_request_context():
        gate.change_mode(staff.as_actor(), "organisations", 0, Mode.BEFORE, "Au apărut reclame.", clock.now())
        one = orgkit.verified(make_account(), website="")
        assert one.held_description == "Plantăm copaci."
