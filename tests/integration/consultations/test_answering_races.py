"""What happens to the register and its answers when two people act at the same moment."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from civic.extensions import db
from consultations import queries as consultations
from consultations.contributions import answering, queries
from consultations.contributions.models import Contribution
from tests.consultations_support import OPENED, make_consultation
from tests.integration.consultations.registerkit import REFUSAL, YES, drafted, make_entry, staff
from tests.integration.proposals.test_races import together


def test_numbers_of_letters_sent_at_once_have_no_gap(real_app: Flask) -> None:
    with real_app.test_request_context():
        one = make_consultation().id
    sends = [
        lambda at=at: make_entry(consultations.get_consultation(one), body=f"Text {at}") for at in range(6)
    ]
    assert together(real_app, *sends) == []
    with real_app.app_context():
        numbers = db.session.scalars(select(Contribution.number).order_by(Contribution.number)).all()
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_words_saved_while_another_signs_are_refused_in_a_sentence(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with real_app.test_request_context():
        entry = make_entry()
        answer = drafted(entry, staff())
        entry_id, answer_id, seen = entry.id, answer.id, answer.version
        writer, signer = staff().as_actor(), staff().as_actor()
    read, find = threading.Event(), queries.find_living

    def slowly(*args, **values):
        found = find(*args, **values)
        read.set()
        signed.join(timeout=2)
        return found

    def sign() -> None:
        read.wait(5)
        problems.extend(together(real_app, lambda: answering.sign(signer, answer_id, seen, OPENED)))

    problems: list[BaseException] = []
    signed = threading.Thread(target=sign)
    monkeypatch.setattr(queries, "find_living", slowly)
    signed.start()
    saved = together(
        real_app, lambda: answering.save(writer, queries.get_contribution(entry_id), YES, seen, OPENED)
    )
    signed.join()
    # One of the two wins; the other is told in a sentence. Nothing half signed, nothing the database had to refuse.
    assert [type(one).__name__ for one in (*saved, *problems)] in (
        ["Conflict"],
        ["Overtaken"],
        ["NotAllowed"],
    )
    with real_app.app_context():
        kept = queries.get_answer(answer_id)
        assert (kept.state, kept.reason) in (("draft", YES.reason), ("published", REFUSAL.reason))
