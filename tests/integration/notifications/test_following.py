"""Following a subject: the refusals, the button, the page, and the link that stops messages."""

import threading
from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import links
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.links import Link
from civic.navigation import panels
from civic.notifications import compose, queries, service
from civic.notifications.models import Follow
from tests import factories
from tests.pageclient import PageClient

NOON = factories.NOON
KIND = "test-subject"
HIDDEN = 404


@pytest.fixture(autouse=True)
def subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of subject whose ids are all public but one."""

    def resolve(ids: Iterable[int]) -> dict[int, Link]:
        return {
            i: Link(KIND, i, f"Subiectul {i} " + "x" * 300, "/follows", "Probă") for i in ids if i != HIDDEN
        }

    monkeypatch.setitem(links._RESOLVERS, KIND, resolve)


def test_whoever_is_not_signed_in_is_asked_to(client: PageClient) -> None:
    page = client.post("notifications.start", kind=KIND, subject_id=1, expect=303)
    assert "/sign-in" in page.headers["Location"] or "sign" in page.headers["Location"]
    assert db.session.scalar(select(func.count(Follow.id))) == 0


def test_an_unconfirmed_address_is_told_why(app: Flask, client: PageClient) -> None:
    client.sign_in(factories.make_account(confirmed=False))
    page = client.post("notifications.start", kind=KIND, subject_id=1, expect=403)
    assert "Confirmă mai întâi adresa de e-mail" in page.main_text


@pytest.mark.parametrize(("kind", "subject_id"), [(KIND, HIDDEN), ("unheard-of", 1)])
def test_what_is_hidden_or_unknown_cannot_be_followed(
    app: Flask, client: PageClient, kind: str, subject_id: int
) -> None:
    client.sign_in(factories.make_account())
    client.post("notifications.start", kind=kind, subject_id=subject_id, expect=404)
    assert db.session.scalar(select(func.count(Follow.id))) == 0


def test_following_twice_counts_once_and_stopping_is_always_possible(app: Flask, client: PageClient) -> None:
    account = factories.make_account()
    client.sign_in(account)
    client.post("notifications.start", kind=KIND, subject_id=1, expect=303)
    swap = client.post("notifications.start", kind=KIND, subject_id=1, hx=True, expect=200)
    assert swap.text_of(f"#follow-{KIND}-1 .muted") == "1 persoană urmărește"
    assert "Nu mai urmări" in swap.html
    events = db.session.scalars(select(AuditRecord.event)).all()
    assert events.count("follow.started") == 1
    swap = client.post("notifications.stop", kind=KIND, subject_id=1, hx=True, expect=200)
    assert "Urmărește" in swap.html
    client.post("notifications.stop", kind=KIND, subject_id=1, expect=303)
    service.add_follower(account.id, KIND, HIDDEN, NOON)
    db.session.commit()
    client.post("notifications.stop", kind=KIND, subject_id=HIDDEN, expect=303)
    assert db.session.scalar(select(func.count(Follow.id))) == 0


def test_the_button_in_every_state(app: Flask, client: PageClient) -> None:
    from flask import g

    from civic.actor import ANONYMOUS
    from civic.notifications.views import follow_button

    for actor, expected in (
        (ANONYMOUS, "Intră în cont ca să urmărești"),
        (factories.make_account(confirmed=False).as_actor(), "Confirmă mai întâi adresa"),
        (factories.make_account().as_actor(), "Urmărește"),
    ):
        with app.test_request_context("/follows"):
            g.actor = actor
            assert expected in follow_button(KIND, 7)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_page_of_what_i_follow(
    app: Flask, client: PageClient, statements: list[str], language: str
) -> None:
    client.speak(language)
    client.get("notifications.index", expect=303)
    account = factories.make_account()
    client.sign_in(account)
    page = client.get("notifications.index")
    assert ("Încă nu urmărești nimic" if language == "ro" else "You follow nothing yet") in page.main_text
    counts = []
    for number in (3, 60):
        for i in range(number):
            service.add_follower(account.id, KIND, 1000 + i, NOON + timedelta(minutes=i))
        service.add_follower(account.id, KIND, HIDDEN, NOON)
        db.session.commit()
        statements.clear()
        page = client.get("notifications.index")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert page.main_text.count("Subiectul") >= 25
    last = client.get("notifications.index", page=3)
    assert ("Nu mai este public" if language == "ro" else "No longer public") in last.main_text
    client.get("notifications.index", page=4, expect=404)
    client.submit(page, "/mail")
    assert queries.wants_mail(account.id) is False
    client.submit(client.get("notifications.index"), "/mail")
    assert queries.wants_mail(account.id) is True


def test_the_account_page_gets_a_panel(app: Flask) -> None:
    from flask import g

    account = factories.make_account()
    with app.test_request_context("/follows"):
        g.actor = account.as_actor()
        html = [
            p.html
            for p in panels(app, "account", {"account": account})
            if p.template.startswith("notifications/")
        ][0]
        assert "Încă nu urmărești nimic" in html
        service.add_follower(account.id, KIND, 5, NOON)
        html = [
            p.html
            for p in panels(app, "account", {"account": account})
            if p.template.startswith("notifications/")
        ][0]
        assert "Subiectul 5" in html


def test_a_forged_link_stops_nothing(app: Flask, client: PageClient) -> None:
    account = factories.make_account()
    good = compose.unsubscribe_token(account.id, KIND, 1)
    for token in (good[:-2], "x", good.replace(".", "-")):
        client.get("notifications.unsubscribe", token=token, expect=404)
        client.post("notifications.unsubscribe_now", token=token, expect=404)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_link_in_a_message_stops_with_one_press(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    account: Account = factories.make_account()
    for i in (1, 2):
        service.add_follower(account.id, KIND, i, NOON)
    db.session.commit()
    token = compose.unsubscribe_token(account.id, KIND, 1)
    page = client.get("notifications.unsubscribe", token=token)
    assert queries.is_following(account.id, KIND, 1)  # opening it changes nothing
    client.submit(page, "/unsubscribe/")
    page = client.get("notifications.unsubscribe", token=token)
    assert ("Gata" if language == "ro" else "Done") in page.main_text
    assert not queries.is_following(account.id, KIND, 1)
    assert queries.is_following(account.id, KIND, 2)
    client.post("notifications.unsubscribe_now", {"everything": "yes"}, token=token)
    assert not queries.wants_mail(account.id)
    client.get("notifications.unsubscribe", token=token)


def test_many_taps_at_once_make_one_follow(real_app: Flask) -> None:
    with real_app.app_context():
        account_id = factories.make_account().id
    gate = threading.Barrier(8)
    new: list[bool] = []

    def tap() -> None:
        with real_app.app_context():
            gate.wait()
            new.append(service.add_follower(account_id, KIND, 1, NOON))
            db.session.commit()

    threads = [threading.Thread(target=tap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False] * 7 + [True]
    with real_app.app_context():
        assert queries.count_followers(KIND, 1) == 1


def test_a_mail_program_stops_by_one_press(client: PageClient) -> None:
    follower, told = factories.make_account(), factories.make_account()
    service.add_follower(follower.id, KIND, 1, factories.NOON)
    for account in (follower, told):
        token = compose.unsubscribe_token(account.id, KIND, 1)
        answer = client.browser.post(f"/follows/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 303
    assert not queries.is_following(follower.id, KIND, 1)
    assert queries.wants_mail(follower.id)
    assert not queries.wants_mail(told.id)
