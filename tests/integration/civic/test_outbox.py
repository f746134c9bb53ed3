"""A message is delivered at least once, never lost, and not queued twice."""

import email
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, mail, outbox
from civic.extensions import db
from civic.outbox import RETRY_AFTER, OutboxMessage
from tests.factories import NOON


def messages() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.fixture
def folder(app: Flask) -> Path:
    folder = app.config["SETTINGS"].mail_folder
    for old in folder.glob("*.eml"):
        old.unlink()
    return folder


def test_what_is_posted_arrives_once(app: Flask, folder: Path) -> None:
    outbox.post("ana@civic.example", "Salut,\r\nAna", "Bună ziua, șțăîâ", NOON)
    db.session.commit()
    assert outbox.deliver_due(NOON) == 1
    assert outbox.deliver_due(NOON) == 0
    (path,) = folder.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["To"] == "ana@civic.example"
    assert message["Subject"] == "Salut, Ana"
    assert message.get_content().strip() == "Bună ziua, șțăîâ"


def test_mail_programs_get_their_own_button_to_stop(app: Flask, folder: Path) -> None:
    stop = "https://decide.example/follows/unsubscribe/" + "x" * 90
    outbox.post_many([outbox.Letter("ana@civic.example", "Noutate", "text", "key-1", stop)], NOON)
    outbox.post("ana@civic.example", "Parolă nouă", "text", NOON)
    db.session.commit()
    assert outbox.deliver_due(NOON) == 2
    read = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in folder.glob("*.eml")
    ]
    (news,) = [one for one in read if one["Subject"] == "Noutate"]
    (other,) = [one for one in read if one["Subject"] == "Parolă nouă"]
    assert news["List-Unsubscribe"] == f"<{stop}>"
    assert news["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert other["List-Unsubscribe"] is None
    assert messages()[0].stop_url is None


def test_a_change_that_rolls_back_sends_nothing(app: Flask, folder: Path) -> None:
    outbox.post("ana@civic.example", "Salut", "text", NOON)
    db.session.rollback()
    assert outbox.deliver_due(NOON) == 0


def test_one_key_one_message(app: Flask, folder: Path) -> None:
    for _ in range(3):
        outbox.post("ana@civic.example", "Salut", "text", NOON, dedup_key="notice-1")
    db.session.commit()
    assert len(messages()) == 1


def test_a_server_that_is_down_delays_and_then_gives_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: object, **_kwargs: object) -> None:
        raise mail.DeliveryError("ConnectionRefusedError")

    monkeypatch.setattr(mail, "send", down)
    outbox.post("ana@civic.example", "Salut", "text", NOON)
    db.session.commit()
    now = NOON
    for wait in RETRY_AFTER:
        assert outbox.deliver_due(now) == 0
        assert messages()[0].due_at == now + wait
        assert outbox.deliver_due(now + wait - timedelta(seconds=1)) == 0
        now += wait
    outbox.deliver_due(now)
    assert messages()[0].given_up_at == now
    assert messages()[0].sent_at is None


def test_one_bad_address_does_not_hold_up_the_rest(app: Flask, folder: Path) -> None:
    outbox.post("rău\n@civic.example", "Salut", "text", NOON)
    outbox.post("bun@civic.example", "Salut", "text", NOON)
    db.session.commit()
    assert outbox.deliver_due(NOON) == 1


def test_what_was_sent_is_forgotten(app: Flask, folder: Path) -> None:
    outbox.post("ana@civic.example", "Salut", "secret", NOON)
    db.session.commit()
    outbox.deliver_due(clock.now())
    assert messages()[0].body == ""
