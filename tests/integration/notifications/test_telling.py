"""Telling people: in their language, once, and without losing anyone when the worker is killed."""

from collections.abc import Iterable

import pytest
from flask import Flask
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, insert, select

from civic import links, outbox
from civic.accounts.models import Account
from civic.extensions import db
from civic.links import Link
from civic.notifications import jobs, queries, service
from civic.notifications.models import Follow, Notice
from civic.outbox import OutboxMessage
from tests import factories

NOON = factories.NOON
KIND = "test-subject"
FOLLOW = lazy_gettext("Follow")


@pytest.fixture(autouse=True)
def subject(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(ids: Iterable[int]) -> dict[int, Link]:
        return {i: Link(KIND, i, f"Subiectul {i}", f"/somewhere/{i}", "Probă") for i in ids}

    monkeypatch.setitem(links._RESOLVERS, KIND, resolve)


def messages() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_one_person_is_told_in_their_language(app: Flask) -> None:
    romanian, english = factories.make_account(), factories.make_account()
    english.locale = "en"
    gone = factories.make_account(disabled_at=NOON)
    for account in (romanian, english, gone):
        service.tell_account(account.id, FOLLOW, lambda: gettext("What I follow"), NOON, f"k{account.id}")
        service.tell_account(account.id, FOLLOW, "again", NOON, f"k{account.id}")
    service.tell_account(10**9, FOLLOW, "nobody", NOON)
    first, second = messages()
    assert (first.address, first.subject) == (romanian.email, "Urmărește")
    assert "Ce urmăresc" in first.body
    assert first.body.startswith(f"Bună, {romanian.display_name},")
    assert (second.address, second.subject) == (english.email, "Follow")
    assert "What I follow" in second.body
    assert second.body.startswith("Hello,")


def test_followers_are_told_once_with_a_way_out(app: Flask) -> None:
    base = app.config["SETTINGS"].base_url
    romanian, english = factories.make_account(), factories.make_account()
    english.locale = "en"
    silent, unconfirmed = factories.make_account(), factories.make_account(confirmed=False)
    closed, late = factories.make_account(disabled_at=NOON), factories.make_account()
    service.choose_mail(silent.as_actor(), False, NOON)
    for account in (romanian, english, silent, unconfirmed, closed):
        service.add_follower(account.id, KIND, 1, NOON)
    service.add_follower(late.id, KIND, 1, NOON.replace(hour=NOON.hour + 1))
    service.add_follower(late.id, KIND, 2, NOON)
    for _ in range(2):
        service.notify_followers(KIND, 1, FOLLOW, lambda: gettext("What I follow"), NOON, "news-1")
    db.session.commit()
    assert messages() == []  # nothing is written in the request
    jobs.fan_out(NOON)
    jobs.fan_out(NOON)
    first, second = messages()
    assert {first.address, second.address} == {romanian.email, english.email}
    assert "Ce urmăresc" in first.body
    assert "What I follow" in second.body
    for message in (first, second):
        assert f"{base}/somewhere/1\n" in message.body
        assert f"{base}/follows/unsubscribe/" in message.body
        assert message.stop_url is not None
        assert message.stop_url in message.body
    assert db.session.scalar(select(func.count(Notice.id))) == 1


def crowd(number: int) -> None:
    """Followers, made in bulk."""
    rows = [
        {
            "email": f"f{i}@civic.example", "password_hash": "x", "display_name": f"F {i}", "locale": "ro",
            "created_at": NOON, "email_confirmed_at": NOON, "session_epoch": 0,
        }
        for i in range(number)
    ]  # fmt: skip
    ids = db.session.scalars(insert(Account).returning(Account.id), rows).all()
    follows = [{"account_id": i, "subject_kind": KIND, "subject_id": 1, "since": NOON} for i in ids]
    db.session.execute(insert(Follow), follows)
    db.session.commit()


@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_killed_halfway_loses_and_repeats_nothing(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    monkeypatch.setattr(service, "BATCH", 100)
    post_many, calls = outbox.post_many, []

    class Killed(BaseException):
        """As a signal does: no `except Exception` sees it."""

    def dying(batch: list, now: object) -> None:
        calls.append(len(batch))
        post_many(batch, now)  # type: ignore[arg-type]
        if len(calls) == dies_at:
            raise Killed

    with real_app.app_context():
        crowd(250)
        service.notify_followers(KIND, 1, "Noutăți", "S-a întâmplat ceva.", NOON, "news-1")
        db.session.commit()
        monkeypatch.setattr(outbox, "post_many", dying)
        with pytest.raises(Killed):
            jobs.fan_out(NOON)
        db.session.rollback()
        monkeypatch.setattr(outbox, "post_many", post_many)
        before = len(messages())
        assert before == (dies_at - 1) * 100
        jobs.fan_out(NOON)
        addresses = [message.address for message in messages()]
        assert len(addresses) == len(set(addresses)) == 250
        assert queries.list_unfinished_notices() == []


def test_memory_holds_one_batch(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 100)
    sizes: list[int] = []
    post_many = outbox.post_many

    def watched(batch: list, now: object) -> None:
        sizes.append(len(batch))
        post_many(batch, now)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "post_many", watched)
    with real_app.app_context():
        crowd(200)
        service.notify_followers(KIND, 1, "Noutăți", "Ceva.", NOON, "news-1")
        db.session.commit()
        assert jobs.fan_out(NOON) == 200
    assert sizes == [100, 100, 0]


def test_news_that_fails_stops_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    account = factories.make_account()
    for i in (1, 2):
        service.add_follower(account.id, KIND, i, NOON)
        service.notify_followers(KIND, i, f"Noutatea {i}", "Ceva.", NOON, f"news-{i}")
    db.session.commit()
    tell = service.tell_next_batch

    def breaking(notice: Notice, now: object) -> int:
        if notice.subject_id == 1:
            raise RuntimeError("broken")
        return tell(notice, now)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "tell_next_batch", breaking)
    jobs.fan_out(NOON)
    assert [message.subject for message in messages()] == ["Noutatea 2"]
    monkeypatch.setattr(service, "tell_next_batch", tell)
    jobs.fan_out(NOON)
    assert [message.subject for message in messages()] == ["Noutatea 2", "Noutatea 1"]
