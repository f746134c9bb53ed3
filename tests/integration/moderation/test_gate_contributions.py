"""Contributions at the gate: all are registered, numbered and answered; what looks like spam is read before it is shown."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.gate import service as gate
from civic.moderation.gate.rules import Mode
from civic.moderation.gate.traces import trace_of
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from consultations.contributions import sending
from consultations.contributions.models import Contribution
from tests.factories import make_account, make_resident
from tests.integration.consultations.drafting.draftkit import open_consultation
from tests.pageclient import PageClient

LINK = "Aveți oferta noastră la exemplu.ro, e cea mai bună."


def send(client: PageClient, account: Account, body: str, network: str = "") -> Contribution:
    now = clock.now()
    actor = Actor(
        id=account.id, display_name=account.display_name, email_confirmed=True, person_id=account.person_id,
        trace=trace_of(network or f"10.0.0.{account.id}", "b", now),
    )  # fmt: skip
    with client.app.test_request_context():
        made = sending.send(actor, send.one, sending.Message("Ion Pop", body), [], "ro", now)  # type: ignore[attr-defined]
        db.session.commit()
    return made


@pytest.fixture(autouse=True)
def consultation(client: PageClient) -> None:
    send.one = open_consultation()  # type: ignore[attr-defined]


def page_of(client: PageClient, entry: Contribution) -> str:
    client.sign_out()
    return client.get(
        "contributions.show", consultation_id=entry.consultation_id, number=entry.number
    ).main_text


def test_a_link_of_a_new_account_is_registered_and_read_before_it_is_shown(client: PageClient) -> None:
    entry = send(client, make_account(created_at=clock.now()), LINK)
    assert entry.number == 1
    shown = page_of(client, entry)
    assert "exemplu.ro" not in shown
    assert "Un moderator citește acest text înaintea tuturor" in shown
    case = db.session.scalar(select(ModerationCase).where(ModerationCase.subject_kind == "contribution"))
    assert case is not None
    moderator = make_account("moderator")
    client.sign_in(moderator)
    assert "exemplu.ro" in client.get("moderation.case", case_id=case.id).main_text
    with client.app.test_request_context():
        moderation.decide(moderator.as_actor(), case.id, Decision.PUBLISH, clock.now())
        db.session.commit()
    assert "exemplu.ro" in page_of(client, entry)


def test_its_receipt_shows_it_whole_to_its_author(client: PageClient) -> None:
    entry = send(client, make_account(created_at=clock.now()), LINK)
    assert "exemplu.ro" in client.get("contributions.receipt", token=entry.token).main_text


def test_who_is_known_is_shown_at_once(client: PageClient) -> None:
    for account in (make_account(), make_resident()):
        assert "exemplu.ro" in page_of(client, send(client, account, LINK))


def test_the_same_letter_of_many_is_shown_and_nobody_is_refused(client: PageClient) -> None:
    text = "Cerem ca linia de tramvai de pe Șoseaua Pantelimon să fie reparată înainte de iarnă."
    now = clock.now()
    entries = [send(client, make_account(created_at=now), text) for _ in range(4)]
    account = make_account(created_at=now)
    entries += [send(client, account, f"Cererea cu numărul {number}") for number in range(6)]
    assert [one.number for one in entries] == list(range(1, 11))
    assert db.session.scalar(select(func.count()).where(Contribution.hidden_at.is_not(None))) == 0


def test_a_letter_without_an_account_waits_for_its_links(client: PageClient) -> None:
    client.speak("ro")
    message = sending.Message("Ion Pop", LINK)
    with client.app.test_request_context():
        sending.ask_to_confirm(send.one, message, "ion@example.ro", "ro", clock.now())  # type: ignore[attr-defined]
        db.session.flush()
        import re

        from civic.outbox import OutboxMessage

        body = db.session.scalars(select(OutboxMessage.body).order_by(OutboxMessage.id.desc())).first()
        assert body is not None
        token = re.search(r"/confirm/(\S+)", body)
        assert token is not None
        entry = sending.confirm(token[1].rstrip("."), clock.now())
        again = sending.confirm(token[1].rstrip("."), clock.now() + timedelta(seconds=1))
    assert entry.hidden_at is not None
    assert again.id == entry.id


def test_personal_data_wait_for_staff_and_not_for_moderators(client: PageClient) -> None:
    entry = send(client, make_account(created_at=clock.now()), f"{LINK} Sunați la 0722 123 456.")
    assert entry.hidden_for == "personal_data"
    assert db.session.scalar(select(func.count(ModerationCase.id))) == 0


def test_a_consultation_where_everything_is_read_first(client: PageClient) -> None:
    staff = make_account("staff").as_actor()
    gate.change_mode(staff, "contributions", 0, Mode.BEFORE, "Atac.", clock.now())
    assert send(client, make_resident(), "Bună idee.").hidden_at is not None
