"""From "I want to vote" to the receipt, as a resident's browser sees it."""

import re
import time
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask, g
from sqlalchemy import event, text

from civic import clock
from civic.extensions import db
from civic.wire import Statement, Wire
from tests.factories import make_account
from tests.integration.voting.votingkit import (
    at_review,
    make_round,
    make_voters,
    opened,
    rows,
    voter_account,
)
from tests.pageclient import PageClient
from voting import casting, keys
from voting.cards import KeptCards
from voting.models import RollStrike, ballot_box, cast_log


def test_the_whole_road_without_javascript(context: Flask) -> None:
    round_ = make_round()
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(account)
    page = browser.get("voting.ballot", slug=round_.slug)
    assert page.main_text.count("Adaugă") >= 4
    assert "Nu ai ales încă niciun proiect" in page.main_text
    back = browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    assert "#project-" in back.headers["Location"]
    browser.post("voting.choose", {"add": "P2"}, slug=round_.slug)
    full = browser.get("voting.ballot", slug=round_.slug)
    assert "2 din cel mult 2" in full.text_of("#ballot-cart")
    # The third does not fit, and the page says so without losing anything.
    browser.post("voting.choose", {"add": "P3"}, slug=round_.slug)
    assert round_.slug in browser.get("voting.current", expect=302).headers["Location"]
    review = browser.get("voting.review", slug=round_.slug)
    assert "nu este încă depus" in review.main_text
    assert "Proiectul 1" in review.main_text
    assert "Proiectul 3" not in review.main_text
    receipt = browser.submit(review, "/vote/cast", expect=200)
    assert "Buletinul tău este depus" in receipt.main_text
    assert receipt.headers["Cache-Control"] == "no-store"
    assert len(rows(ballot_box)) == 1
    # Sent once more by the back button: the same ballot, the same code.
    again = browser.submit(review, "/vote/cast", expect=200)
    assert again.text_of(".tracking-code") == receipt.text_of(".tracking-code")
    assert len(rows(cast_log)) == 1
    # The cart is gone.
    assert "Nu ai ales încă niciun proiect" in browser.get("voting.ballot", slug=round_.slug).main_text


def test_the_cast_writes_no_session_cookie_and_no_person_in_the_log(
    context: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round()
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(account)
    with browser.browser.session_transaction() as session:
        session.permanent = True
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    review = browser.get("voting.review", slug=round_.slug)
    statements: list[str] = []
    real = psycopg.Cursor.execute

    def execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        statements.append(str(query))
        return real(self, query, *args, **kwargs)

    real_put = Wire.put

    def put(self: Wire, statement: Statement, *args: Any) -> None:
        statements.append(statement.text)
        real_put(self, statement, *args)

    # At the driver and beside it, through which everything goes, whoever asks.
    monkeypatch.setattr(psycopg.Cursor, "execute", execute)
    monkeypatch.setattr(Wire, "put", put)
    with caplog.at_level("DEBUG"):
        receipt = browser.submit(review, "/vote/cast", expect=200)
    monkeypatch.undo()
    cookies = receipt.headers.getlist("Set-Cookie")
    assert all(not cookie.startswith("session=") for cookie in cookies), cookies
    assert any(cookie.startswith(f"ballot-{round_.id}=;") for cookie in cookies)
    writes = re.findall(r"\b(INSERT INTO|UPDATE|DELETE FROM|MERGE INTO) (\w+)", " ; ".join(statements))
    assert writes == [("INSERT INTO", "cast_log"), ("INSERT INTO", "ballot_box")]
    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert account.email not in logged
    assert "P1" not in logged


def test_a_cast_that_waits_too_long_is_not_confirmed_and_the_same_form_confirms_it(context: Flask) -> None:
    round_ = make_round()
    voter, browser, review = at_review(context, round_)
    settings, round_id = context.config["SETTINGS"], round_.id
    lock = int.from_bytes(
        keys.load_round_keys(settings, round_id).nym(round_id, voter)[:8], "big", signed=True
    )
    with db.engine.connect() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock})
        began = time.monotonic()
        late = browser.submit(review, "/vote/cast", expect=503)
        assert casting.CAST_SECONDS <= time.monotonic() - began < 8
    assert "nu este încă confirmat" in late.main_text
    assert "Proiectul 1" in late.main_text, "the choices are kept"
    assert rows(cast_log) == []
    first, again = review.form("/vote/cast"), late.form("/vote/cast")
    assert [again[name] for name in ("form_id", "ballot", "signature")] == [
        first[name] for name in ("form_id", "ballot", "signature")
    ], "a new form would be another ballot"
    receipt = browser.submit(late, "/vote/cast", expect=200)
    assert browser.submit(review, "/vote/cast", expect=200).text_of(".tracking-code") == receipt.text_of(
        ".tracking-code"
    )
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 1


def test_the_bar_names_the_round_on_every_page_until_dismissed(context: Flask) -> None:
    round_ = make_round()
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(account)
    project = browser.get("voting.project", slug=round_.slug, code="P1")
    assert project.find(".ballot-bar") is None
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    project = browser.get("voting.project", slug=round_.slug, code="P2")
    assert f"Buletinul tău pentru {round_.name} nu este încă depus" in project.text_of(".ballot-bar")
    browser.submit(project, "/vote/dismiss")
    assert browser.get("voting.project", slug=round_.slug, code="P2").find(".ballot-bar") is None
    # The choices are kept, and choosing again reminds again.
    assert "1 din cel mult 2" in browser.get("voting.ballot", slug=round_.slug).text_of("#ballot-cart")


def test_the_next_person_at_the_same_computer_finds_an_empty_cart(context: Flask) -> None:
    round_ = make_round()
    first, second = (voter_account(voter) for voter in make_voters(2))
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(first)
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    review = browser.get("voting.review", slug=round_.slug)
    browser.sign_in(second)
    assert "Nu ai ales încă niciun proiect" in browser.get("voting.ballot", slug=round_.slug).main_text
    # Nor can they send the form that was left open.
    g.pop("csrf_token", None)
    data = {**review.form("/vote/cast"), "csrf_token": browser.csrf_token()}
    browser.post("voting.cast", data, slug=round_.slug, expect=409)
    assert rows(cast_log) == []


def test_a_form_that_shows_an_older_ballot_is_refused_with_the_cart_kept(context: Flask) -> None:
    round_ = make_round()
    voter, browser, review = at_review(context, round_)
    browser.post("voting.choose", {"add": "P2"}, slug=round_.slug)
    refused = browser.submit(review, "/vote/cast", expect=409)
    assert "Proiectul 2" in refused.main_text
    assert rows(cast_log) == []
    tampered = {**refused.form("/vote/cast"), "form_id": "00" * 16, "csrf_token": browser.csrf_token()}
    browser.post("voting.cast", tampered, slug=round_.slug, expect=409)
    assert rows(cast_log) == []


def test_every_obstacle_has_its_page(context: Flask) -> None:
    round_ = make_round()
    opened(round_)
    browser = PageClient(context)
    assert "Intră în cont ca să votezi" in browser.get("voting.ballot", slug=round_.slug).main_text
    browser.sign_in(make_account())
    page = browser.get("voting.ballot", slug=round_.slug)
    assert "Vreau să votez" in page.main_text
    assert page.find(".cart") is None
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug, expect=403)
    browser.post("voting.cast", {}, slug=round_.slug, expect=403)
    (late,) = make_voters(1)
    browser.sign_in(voter_account(late))
    assert "În cel mult un minut" in browser.get("voting.ballot", slug=round_.slug).main_text
    early = make_round(opened_ago=-timedelta(hours=1), closes_in=timedelta(hours=3))
    assert "Votul începe" in browser.get("voting.ballot", slug=early.slug).main_text
    over = make_round(opened_ago=timedelta(hours=3), closes_in=-timedelta(hours=1))
    assert "Votul s-a încheiat" in browser.get("voting.ballot", slug=over.slug).main_text
    waiting = make_round()
    assert "pregătește" in browser.get("voting.ballot", slug=waiting.slug).main_text


def test_one_vote_a_domain_and_points(context: Flask) -> None:
    round_ = make_round(
        groups=[
            {"name": "Verde", "ballot_kind": "choose_one", "max_choices": 1},
            {"name": "Mobil", "ballot_kind": "choose_one", "max_choices": 1},
        ]
    )
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(account)
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    # P3 is of the same part: it takes the place of P1.
    browser.post("voting.choose", {"add": "P3"}, slug=round_.slug)
    review = browser.get("voting.review", slug=round_.slug)
    assert "Proiectul 3" in review.main_text
    assert "Proiectul 1" not in review.main_text
    assert "Nu ai ales nimic aici" in review.main_text
    points = make_round(
        groups=[{"name": "Puncte", "ballot_kind": "points", "points_total": 5, "points_each": 3}]
    )
    opened(points)
    browser.post("voting.choose", {"points": "P1", "value-0": "3"}, slug=points.slug)
    browser.post("voting.choose", {"points": "P2", "value-1": "3"}, slug=points.slug)
    assert "3 din 5 puncte" in browser.get("voting.ballot", slug=points.slug).main_text
    browser.post("voting.choose", {"points": "P2", "value-1": "2"}, slug=points.slug)
    browser.submit(browser.get("voting.review", slug=points.slug), "/vote/cast", expect=200)


def test_swaps_bring_the_same_ballot(context: Flask) -> None:
    round_ = make_round(groups=[{"name": "Ordine", "ballot_kind": "ordinal", "max_choices": 3}])
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(account)
    browser.post("voting.choose", {"add": "P2"}, slug=round_.slug, hx=True, expect=200)
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug, hx=True, expect=200)
    swap = browser.post("voting.choose", {"up": "P1"}, slug=round_.slug, hx=True, expect=200)
    assert swap.text_of(".cart__list").index("Proiectul 1") < swap.text_of(".cart__list").index("Proiectul 2")
    assert browser.get("voting.ballot", slug=round_.slug, q="inexistent", hx=True).find(".empty") is not None


def test_the_order_is_each_voters_own_and_stable(context: Flask) -> None:
    round_ = make_round(costs=tuple(range(100, 120)), amount=5000)
    accounts = [voter_account(voter) for voter in make_voters(2)]
    opened(round_)
    orders = []
    for account in accounts:
        browser = PageClient(context)
        browser.sign_in(account)
        texts = [browser.get("voting.ballot", slug=round_.slug).text_of(".cards") for _ in range(2)]
        assert texts[0] == texts[1]
        orders.append(texts[0])
    assert orders[0] != orders[1]


def test_the_ballot_page_asks_few_questions(context: Flask) -> None:
    round_ = make_round(costs=tuple(range(100, 180)), amount=5000)
    (voter,) = make_voters(1)
    account = voter_account(voter)
    slug = opened(round_).slug
    browser = PageClient(context)
    browser.sign_in(account)
    browser.get("voting.ballot", slug=slug)
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    browser.get("voting.ballot", slug=slug)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(seen) <= 12, "\n".join(seen)


def test_cards_are_shared_only_when_they_tell_nobodys_choice(context: Flask) -> None:
    round_ = make_round()
    first, second = make_voters(2)
    accounts = [voter_account(first), voter_account(second)]
    slug = opened(round_).slug
    kept = context.extensions["voting_cards"] = KeptCards()
    browsers = [PageClient(context), PageClient(context)]
    for browser, account in zip(browsers, accounts, strict=True):
        browser.sign_in(account)
    browsers[0].post("voting.choose", {"add": "P1"}, slug=slug)
    chosen = browsers[0].get("voting.ballot", slug=slug)
    assert "În buletin" in chosen.main_text or "card--chosen" in chosen.html
    assert len(kept) == 3, "the chosen card is not kept"
    assert "card--chosen" not in browsers[1].get("voting.ballot", slug=slug).html
    assert len(kept) == 4
    browsers[1].speak("en")
    assert ">Add<" in browsers[1].browser.get(f"/rounds/{slug}/vote").text


def test_a_kept_way_in_opens_nothing_that_was_closed_since(context: Flask) -> None:
    """The round's name and plan are remembered for a while; who may cast, and when, is asked at every cast."""
    context.extensions["civic_pages"].seconds = 60.0
    voters = make_voters(4)
    round_ = opened(make_round())
    forms = []
    for voter in voters:
        browser = PageClient(context)
        browser.sign_in(voter_account(voter))
        browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
        forms.append((browser, browser.get("voting.review", slug=round_.slug)))
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    forms[0][0].submit(forms[0][1], "/vote/cast", expect=200)
    event.listen(db.engine, "before_cursor_execute", note)
    forms[1][0].submit(forms[1][1], "/vote/cast", expect=200)
    event.remove(db.engine, "before_cursor_execute", note)
    assert not any("FROM round" in statement for statement in asked), "the way in was kept"
    db.session.add(
        RollStrike(round_id=round_.id, voter_id=voters[2], reason="dublă înscriere", at=clock.now())
    )
    db.session.commit()
    struck = forms[2][0].submit(forms[2][1], "/vote/cast", expect=403)
    assert "suspendat" in struck.main_text
    db.session.execute(text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": round_.id})
    db.session.commit()
    late = forms[3][0].submit(forms[3][1], "/vote/cast", expect=403)
    assert "încheiat" in late.main_text
    assert len(rows(ballot_box)) == 2


def test_a_disabled_account_cannot_cast(context: Flask) -> None:
    context.extensions["civic_pages"].seconds = 60.0
    (voter,) = make_voters(1)
    round_ = opened(make_round())
    account = voter_account(voter)
    browser = PageClient(context)
    browser.sign_in(account)
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    review = browser.get("voting.review", slug=round_.slug)
    account.disabled_at = clock.now()
    db.session.commit()
    browser.submit(review, "/vote/cast", expect=303)
    assert rows(ballot_box) == []


def test_what_receipts_share_holds_no_code(context: Flask) -> None:
    pages = context.extensions["civic_pages_with_holes"]
    pages.clear()
    voters = make_voters(3)
    round_ = opened(make_round())
    codes, tokens = [], []
    for voter in voters:
        browser = PageClient(context)
        browser.sign_in(voter_account(voter))
        browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
        receipt = browser.submit(browser.get("voting.review", slug=round_.slug), "/vote/cast", expect=200)
        codes.append(receipt.text_of(".tracking-code"))
        tokens += re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', receipt.html)
        # The form of the kept page carries the reader's own token.
        browser.submit(receipt, "/sign-out", expect=303)
    assert len(set(codes)) == 3
    assert len(set(tokens)) == len(tokens) == 3
    assert len(pages) == 1
    shared = " ".join(f"{name} {parts}" for name, parts in pages.items())
    assert not any(secret in shared for secret in (*codes, *tokens))


def test_a_cast_is_let_in_by_its_own_sessions_token_alone_and_the_receipt_keeps_it(context: Flask) -> None:
    first, second = (voter_account(voter) for voter in make_voters(2))
    round_ = opened(make_round())
    forms = []
    for account in (second, first):
        browser = PageClient(context)
        browser.sign_in(account)
        browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
        forms.append(browser.get("voting.review", slug=round_.slug).form("/vote/cast"))
    foreign, own = forms
    for token in ("", foreign["csrf_token"], own["csrf_token"][:-2], "x" + own["csrf_token"]):
        browser.post("voting.cast", {**own, "csrf_token": token}, slug=round_.slug, expect=400)
    assert rows(cast_log) == []
    receipt = browser.post("voting.cast", own, slug=round_.slug, expect=200)
    assert f'value="{own["csrf_token"]}"' in receipt.html
    assert foreign["csrf_token"] not in receipt.html


def test_a_kept_receipt_is_of_its_language_and_kind_of_reader(context: Flask) -> None:
    voters = make_voters(3)
    round_ = opened(make_round())
    shown = []
    for voter, language, role in zip(voters, ("ro", "en", "ro"), ((), (), ("staff",)), strict=True):
        browser = PageClient(context)
        browser.sign_in(make_account(*role, person_id=voter))
        browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
        review = browser.get("voting.review", slug=round_.slug)
        browser.speak(language)
        shown.append(browser.submit(review, "/vote/cast", expect=200).html)
    assert 'lang="ro"' in shown[0]
    assert 'lang="en"' in shown[1]
    assert [bool("/staff" in html) for html in shown] == [False, False, True]
