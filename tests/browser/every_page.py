"""The people of the demo city who open every page, wide and narrow, with axe reading it.

Which pages there are stands in `page_list`. A page counts as read when it answered 200 at its own address, so that
the share of page routes that axe reads is measured, not said.
"""

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
from playwright.sync_api import Browser
from sqlalchemy import select, text
from werkzeug.serving import make_server

from civic.accounts import tokens
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.content import service as content
from civic.embedded import EmbeddedServer
from civic.extensions import db
from civic.moderation.appeals import outside
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.notifications import compose
from consultations.contributions import sending
from consultations.contributions.models import Contribution, Review
from consultations.models import Consultation
from tests.browser import money_state, paper_state, questionnaire_state
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.page_list import EXEMPT, MORE, NO_PAGE, WHO
from tests.browser.page_states import STATES
from tests.browser.page_visitors import VOTER
from tests.demo_city import demo_copy
from tests.factories import make_account

#: Pages of the staff are opened by one file of tests, the others by another: two workers share the work.
STAFF = "/staff"


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

    def who_opens(self, rule: str, other: tuple[str, str] | None = None) -> tuple[Visitor, str]:
        """Somebody the page is for, and its address for them; `other` is who opens it, and the question, instead."""
        with self.app.app_context():
            path, account = address(rule, *(other or WHO[rule]))
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
    if kind == "decision":  # about a text of somebody without an account
        unowned = select(Statement).outerjoin(ModerationAppeal).where(ModerationAppeal.id.is_(None))
        one = db.session.scalars(unowned.order_by(Statement.account_id.is_not(None), Statement.id)).first()
        one.account_id = None
        db.session.commit()
        return outside.token_of(one.id)
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


def address(rule: str, who: str, question: str) -> tuple[str, Account | None]:
    """A real address of the rule, and who opens it."""
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


def open_all(everybody: People, app: Flask, wanted: Callable[[str], bool]) -> tuple[list[str], float]:
    """Open the wanted page routes wide and narrow: what is wrong with them, and the share of them that was read."""
    wrong: list[str] = []
    read: set[str] = set()
    rules = [rule for rule in WHO if wanted(rule)]
    for number, rule in enumerate(rules):
        # The screen stays as wide as it was: every second page is opened narrow first.
        sizes = (DESK, PHONE) if number % 2 else (PHONE, DESK)
        found, real = problems(*everybody.who_opens(rule), sizes)
        wrong += found
        if real:
            read.add(rule)
    for rule, *other in MORE:
        if wanted(rule):
            wrong += problems(*everybody.who_opens(rule, (other[0], other[1])), (PHONE, DESK))[0]
    there = {rule for rule in page_rules(app) - EXEMPT.keys() if wanted(rule)}
    wrong += [f"{rule}: was not read" for rule in sorted(there - read)]
    return wrong, len(read & there) / len(there)


def problems(
    visitor: Visitor, path: str, sizes: tuple[dict[str, int], ...], status: int = 200
) -> tuple[list[str], bool]:
    """What is wrong with one page at every size, and whether it was the page itself that was read."""
    visitor.resize(sizes[0])
    found = []
    answer = visitor.page.goto(visitor.site + path)
    if answer is None or answer.status != status:
        found.append(f"{path}: status {answer.status if answer else 0}")
    if urlsplit(visitor.page.url).path != urlsplit(path).path:
        found.append(f"{path}: led to {visitor.page.url}")
    real = not found
    for size in sizes:
        visitor.resize(size)
        try:
            visitor.look(resized=size != sizes[0])
        except AssertionError as error:
            found.append(f"{path} at {size['width']}: {str(error).splitlines()[0]}")
            visitor.problems.clear()
    return found, real
