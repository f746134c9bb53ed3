"""Somebody who was not answered to the point says so once, on their receipt; the answer is withdrawn and given anew."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, tasks
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.contributions import queries
from consultations.contributions.models import Review
from tests.consultations_support import make_consultation
from tests.integration.consultations.registerkit import REFUSAL, make_entry, published, staff
from tests.pageclient import PageClient

ASKED, FOUND = "Am întrebat de trotuar, nu de carosabil.", "Răspunsul vorbește de altă stradă."


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def letters(address: str = "ana@civic.example") -> list[str]:
    rows = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
    )
    return [f"{row.subject}\n{row.body}" for row in rows]


def test_the_author_says_so_and_everybody_involved_is_led_to_another_answer(
    client: PageClient, now: datetime
) -> None:
    one = make_consultation("open", now)
    writer, signer = staff(), staff()
    entry = make_entry(one, now)
    answer = published(entry, REFUSAL, now, writer, signer)
    tasks.run_waiting(now)
    at = {"consultation_id": one.id, "contribution_id": entry.id}
    # the author, without an account: the receipt
    receipt = client.get("contributions.receipt", token=entry.token)
    assert "Nu mi s-a răspuns la subiect" in receipt.main_text
    empty = client.post("contributions.ask_review", {"text": " "}, token=entry.token, expect=422)
    assert "Spune ce a rămas fără răspuns" in empty.main_text
    sent = client.follow(client.submit(receipt, "/receipt/", {"text": ASKED}))
    assert ASKED in sent.main_text
    assert sent.find("#text") is None, "once"
    second = client.post("contributions.ask_review", {"text": "Încă o dată."}, token=entry.token, expect=409)
    assert "deja" in second.main_text
    # the queue, for who wrote or signed it and for a third person
    client.sign_in(signer)
    assert "nu la subiect" in client.get("staff_contributions.index", **{"consultation_id": one.id}).main_text
    client.post(
        "staff_contributions.review", {"review-outcome": "again", "review-reason": FOUND}, **at, expect=403
    )
    client.sign_in(staff())
    page = client.get("staff_contributions.show", **at)
    assert ASKED in page.main_text
    wrong = client.post(
        "staff_contributions.review", {"review-outcome": "again", "review-reason": ""}, **at, expect=422
    )
    assert "Scrie de ce" in wrong.main_text
    client.post("staff_contributions.review", {"review-outcome": "again", "review-reason": FOUND}, **at)
    tasks.run_waiting(clock.now())
    db.session.expire_all()
    # what the author is told, and what everybody reads
    told = letters()
    assert sum("Răspuns retras" in letter for letter in told) == 1
    assert sum("Va primi alt răspuns" in letter for letter in told) == 1
    assert all(FOUND in letter for letter in told[-2:])
    client.sign_out()
    for page in (
        client.get("contributions.receipt", token=entry.token),
        client.get("contributions.show", consultation_id=one.id, number=entry.number),
    ):
        assert "Răspuns retras" in page.main_text
        assert FOUND in page.main_text
        assert page.find("del") is not None, "struck through, and readable"
        assert REFUSAL.reason in page.main_text
    client.speak("en")
    assert "Answer withdrawn" in client.get("contributions.receipt", token=entry.token).main_text
    client.speak("ro")
    # another answer, which is told as well and cannot be asked about again
    fresh = queries.get_contribution(entry.id)
    published(fresh, REFUSAL, clock.now())
    tasks.run_waiting(clock.now())
    assert sum(REFUSAL.reason in letter for letter in letters()) >= 2
    assert client.get("contributions.receipt", token=entry.token).find("#text") is None
    assert db.session.scalars(select(Review)).one().answer_id == answer.id
