"""Every page of the product, opened in the demo city by somebody it is for, wide and narrow, with axe reading it.

Which pages there are stands in `page_list`. A page counts as read when it answered 200 at its own address, so that
the share of page routes that axe reads is measured, not said.
"""

import os
import re
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select, text
from werkzeug.serving import make_server

from civic.accounts import tokens
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.content import service as content
from civic.embedded import EmbeddedServer
from civic.extensions import db
from civic.notifications import compose
from consultations.contributions import sending
from consultations.contributions.models import Contribution, Review
from consultations.models import Consultation
from tests.browser import money_state, paper_state, questionnaire_state
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.page_list import EXEMPT, IN_ENGLISH, NO_PAGE, VOTER, WHO
from tests.browser.page_states import STATES
from tests.browser.road import send
from tests.factories import make_account
from tests.pageclient import foreign_sentences
from tests.support import demo_copy

#: What stands on the screen or on the paper, without what is said in a language of its own.
SHOWN = """() => [...document.querySelectorAll('h1, h2, h3, h4, p, li, dt, dd, th, td, a, button, label, legend, span')]
  .filter(e => !e.closest('[lang]:not(html)') && e.checkVisibility()).map(e => e.textContent.replace(/\\s+/g, ' ').trim())"""


@pytest.fixture(scope="module")
def demo_app(server: EmbeddedServer, loaded_city: Flask, data_dir: Path) -> Iterator[Flask]:
    """The demo city, and with it what no demo city has."""
    now = datetime.now(UTC)
    with demo_copy(server, loaded_city, data_dir / "pages") as app:
        with app.app_context():
            for statement in STATES:
                db.session.execute(text(statement))
            words = {"title": "Bilet", "summary": "", "body": "Cu biletul la vedere."}
            content.save_page(SYSTEM, "bilet", 0, {"ro": words}, now)
            make_account(email="new@civic.example", confirmed=False)
            paper_state.stage(now)
            questionnaire_state.stage(now)
            money_state.stage(now)
            db.session.commit()
            db.session.remove()
        yield app


@pytest.fixture(scope="module")
def demo_site(demo_app: Flask) -> Iterator[str]:
    """The address of the demo city."""
    server = make_server("127.0.0.1", 0, demo_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class People:
    """Everybody who opens pages, one after the other at the same screen: who comes next brings other cookies."""

    def __init__(self, app: Flask, site: str, chromium: Browser, language: str = "ro") -> None:
        self.app, self.site, self.language = app, site, language
        context = chromium.new_context(
            viewport=DESK,  # type: ignore[arg-type]
            locale="ro-RO",
            timezone_id="Europe/Bucharest",
        )
        self.visitor = Visitor(context, site, None, javascript=True)
        self.before: str | None = None

    def who_opens(self, rule: str) -> tuple[Visitor, str]:
        """Somebody the page is for, and its address for them."""
        with self.app.app_context():
            path, account = address(rule)
            email = account.email if account else ""
            cookie = cookie_of(self.app, account) if account else ""
            db.session.remove()
        if email != self.before:
            context, self.before = self.visitor.context, email
            context.clear_cookies()
            cookies = {"language": self.language, self.app.config["SESSION_COOKIE_NAME"]: cookie}
            context.add_cookies(
                [{"name": name, "value": value, "url": self.site} for name, value in cookies.items() if value]
            )
        return self.visitor, path

    def leave(self) -> None:
        """Close the browser."""
        self.visitor.context.close()


@pytest.fixture
def people(demo_app: Flask, demo_site: str, chromium: Browser) -> Iterator[Callable[[str], People]]:
    """Make the people of one language."""
    made: list[People] = []

    def make(language: str = "ro") -> People:
        made.append(People(demo_app, demo_site, chromium, language))
        return made[-1]

    yield make
    for one in made:
        one.leave()


def page_rules(app: Flask) -> set[str]:
    """Every address that answers GET with a page."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return rules - NO_PAGE


def letter(kind: str) -> str:
    """The end of the link in a letter of this kind."""
    voter = db.session.query(Account).filter_by(email=f"{VOTER}@civic.example").one()
    if kind == "stop":
        followed = db.session.scalar(text("SELECT min(id) FROM proposal WHERE state = 'published'"))
        return compose.unsubscribe_token(voter.id, "proposal", int(followed or 0))
    if kind == "invitation":
        return kind  # what stands in STATES
    if kind == "receipt":  # of somebody who says that the answer misses the point
        contested = select(Contribution).join(Review, Review.contribution_id == Contribution.id)
        return db.session.scalars(contested.order_by(Contribution.id)).first().token
    if kind == "pending contribution":
        return _pending_contribution()
    if kind == tokens.CONFIRM:
        newcomer = db.session.query(Account).filter_by(email="new@civic.example").one()
        return tokens.make_token(tokens.CONFIRM, newcomer)
    return tokens.make_token(kind, voter, "ioana.noua@civic.example" if kind == tokens.CHANGE_EMAIL else "")


def _pending_contribution() -> str:
    """The link that registers what somebody without an account wrote."""
    now = datetime.now(UTC)
    one = db.session.scalars(
        select(Consultation).where(Consultation.opens_at < now, Consultation.closes_at > now)
    ).first()
    assert one is not None
    message = sending.Message("Ana Popescu", "Mai multă umbră la locurile de joacă.")
    sending.ask_to_confirm(one, message, f"{secrets.token_hex(4)}@mail.example", "ro", now)
    db.session.commit()
    body = db.session.scalar(text("SELECT body FROM outbox_message ORDER BY id DESC LIMIT 1"))
    return re.search(r"/contributions/confirm/(\S+)", str(body))[1]  # type: ignore[index]


def address(rule: str) -> tuple[str, Account | None]:
    """A real address of the rule, and who opens it."""
    who, question = WHO[rule]
    values: dict[str, Any] = {}
    if "<token>" in rule:
        values = {"token": letter(question)}
    elif question:
        row = db.session.execute(text(question)).mappings().first()
        values = dict(row) if row else {}
    account = db.session.get(Account, values["who"]) if "who" in values else None
    if account is None and who:
        account = db.session.query(Account).filter_by(email=f"{who}@civic.example").one()
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values.get(part[1]) or 1), rule), account


def cookie_of(app: Flask, account: Account) -> str:
    """The session of an account that has signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = account.get_id()
        session["_fresh"] = True
    return str(client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value)  # type: ignore[union-attr]


def test_every_page_route_is_opened_or_is_no_page(real_app: Flask) -> None:
    assert page_rules(real_app) == WHO.keys() | EXEMPT.keys()


def test_every_page_is_clean(
    demo_app: Flask, people: Callable[..., People], record_property: Callable[..., None]
) -> None:
    everybody = people()
    wrong: list[str] = []
    read: set[str] = set()
    for number, rule in enumerate(WHO):
        # The screen stays as wide as it was: every second page is opened narrow first.
        sizes = (DESK, PHONE) if number % 2 else (PHONE, DESK)
        found, real = problems(*everybody.who_opens(rule), sizes)
        wrong += found
        if real:
            read.add(rule)
    stranger, _home = everybody.who_opens("/")
    wrong += problems(stranger, "/no-such-page", (DESK, PHONE), status=404)[0]
    there = page_rules(demo_app) - EXEMPT.keys()
    record_property("a11y.routes.share", len(read & there) / len(there))
    assert not wrong, "\n".join(wrong)
    assert sorted(there - read) == []


def test_the_main_pages_are_clean_in_english(people: Callable[..., People]) -> None:
    everybody = people("en")
    wrong: list[str] = []
    foreign = foreign_sentences("en")
    for rule in IN_ENGLISH:
        visitor, path = everybody.who_opens(rule)
        wrong += problems(visitor, path, (PHONE,))[0]
        assert visitor.page.locator("html").get_attribute("lang") == "en"
        wrong += [f"{path}: in Romanian: {one}" for one in set(visitor.page.evaluate(SHOWN)) & foreign]
    assert not wrong, "\n".join(wrong)


#: What paper has no use for, and what is folded away: nothing of the first is printed, all of the second.
FURNITURE = """() => [...document.querySelectorAll('nav, button, .govuk-button, .languages, .no-print, dialog')]
  .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))"""
FOLDED = """() => [...document.querySelectorAll('main details > :not(summary)')]
  .filter(e => !e.checkVisibility() || !e.getBoundingClientRect().height).map(e => e.textContent.trim().slice(0, 80))"""


def test_on_paper_there_is_everything_said_and_no_furniture(people: Callable[..., People]) -> None:
    everybody = people()
    wrong: list[str] = []
    for rule in ("/rounds/<slug>/vote", "/rounds/<slug>", "/rounds/<slug>/results"):
        visitor, path = everybody.who_opens(rule)
        page = visitor.open(path)
        if rule.endswith("/vote"):
            page.locator("main button[name=add]").first.click()
            expect(page.locator("main button[name=remove]").first).to_be_visible()
            visitor.open(f"{path}/review")
            send(page, "#cast")
        else:
            assert page.locator("main details:not([open])").count()
        page.emulate_media(media="print")
        wrong += [f"{path}: printed: {one}" for one in page.evaluate(FURNITURE)]
        wrong += [f"{path}: not printed: {one}" for one in page.evaluate(FOLDED)]
        if rule.endswith("/vote"):
            size = page.locator(".tracking-code").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= 20, "the code is the largest of the text"
        if folder := os.environ.get("CIVIC_PICTURES"):
            page.screenshot(path=f"{folder}/paper-{rule.rsplit('/')[-1].strip('<>')}.png", full_page=True)
        page.emulate_media(media="screen")
    assert not wrong, "\n".join(wrong)


def problems(
    visitor: Visitor, path: str, sizes: tuple[dict[str, int], ...], status: int = 200
) -> tuple[list[str], bool]:
    """What is wrong with one page at every size, and whether it was the page itself that was read."""
    visitor.resize(sizes[0])
    found = []
    answer = visitor.page.goto(visitor.site + path)
    if answer is None or answer.status != status:
        found.append(f"{path}: status {answer.status if answer else 0}")
    if urlsplit(visitor.page.url).path != path:
        found.append(f"{path}: led to {visitor.page.url}")
    real = not found
    for size in sizes:
        visitor.resize(size)
        try:
            visitor.look()
        except AssertionError as error:
            found.append(f"{path} at {size['width']}: {str(error).splitlines()[0]}")
            visitor.problems.clear()
    return found, real
