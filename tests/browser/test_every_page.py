"""Every page of the product, opened in the demo city by somebody it is for, wide and narrow, with axe reading it.

A new page route is covered when it stands in WHO below, and the test fails until it does (or stands in
NO_PAGE with the reason). The share of page routes that axe reads is therefore all of them; MAY_REFUSE says which show their refusal.
"""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import text
from werkzeug.serving import make_server

from civic.accounts.models import Account
from civic.demo import loading
from civic.extensions import db
from tests.browser.conftest import DESK, PHONE, Visitor

#: Answers that are no page: data, files, feeds, checks, or a way to somewhere else.
NO_PAGE = {
    "/deliveries/points.json", "/favicon.ico", "/files/<int:file_id>/<name>", "/healthz", "/language/<code>",
    "/manifest.webmanifest", "/neighbourhoods.json", "/news.atom", "/proposals/points.json", "/readyz",
    "/robots.txt", "/rounds/<slug>/plan.json", "/rounds/<slug>/results.csv",
    "/rounds/<slug>/results/<int:pot_id>.pb", "/rounds/<slug>/results/codes.txt",
    "/sitemap-<name>-<int:number>.xml", "/sitemap.xml", "/static/<path:name>", "/vote",
}  # fmt: skip

STRANGER, VOTER, NEWCOMER = "", "ioana", "andrei"
MODERATOR, EVALUATOR, STAFF, CLERK, AUDITOR, ADMIN = (
    "cristina", "radu", "simona", "gabriel", "victor", "daniela",
)  # fmt: skip

#: Who opens each page, and the values of its address: fixed ones, or a question whose first row gives them.
#: A row's `who` is the account that opens the page instead.
WHO: dict[str, tuple[str, str]] = {
    "/": (STRANGER, ""),
    "/accessibility": (STRANGER, ""),
    "/account": (VOTER, ""),
    "/account/delete": (VOTER, ""),
    "/account/email": (VOTER, ""),
    "/account/email/<token>": (VOTER, "SELECT 'stale' AS token"),
    "/account/password": (VOTER, ""),
    "/account/profile": (VOTER, ""),
    "/account/verification": (NEWCOMER, ""),
    "/ballot-secrecy": (STRANGER, ""),
    "/confirm/<token>": (STRANGER, "SELECT 'stale' AS token"),
    "/contact": (STRANGER, ""),
    "/deliveries": (STRANGER, ""),
    "/deliveries/<int:delivery_id>": (
        STRANGER,
        "SELECT delivery_id FROM milestone ORDER BY delivery_id LIMIT 1",
    ),
    "/design": (STRANGER, ""),
    "/dev/mail": (STRANGER, ""),
    "/follows": (VOTER, ""),
    "/follows/unsubscribe/<token>": (STRANGER, "SELECT 'stale' AS token"),
    "/how-it-works": (STRANGER, ""),
    "/neighbourhoods": (STRANGER, ""),
    "/neighbourhoods/<slug>": (STRANGER, "SELECT slug FROM neighbourhood ORDER BY slug LIMIT 1"),
    "/news": (STRANGER, ""),
    "/news/<int:news_id>": (STRANGER, "SELECT min(id) AS news_id FROM news_item"),
    "/pages/<slug>": (STRANGER, "SELECT 'bilet' AS slug"),
    "/privacy": (STRANGER, ""),
    "/proposals": (STRANGER, ""),
    "/proposals/<int:proposal_id>": (
        VOTER,
        "SELECT proposal_id FROM proposal_comment GROUP BY 1 ORDER BY count(*) DESC LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/appeal": (
        VOTER,
        "SELECT id AS proposal_id, author_id AS who FROM proposal WHERE state = 'rejected' "
        "ORDER BY state_since DESC LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/comments/<int:comment_id>/reply": (
        VOTER,
        "SELECT proposal_id, c.id AS comment_id FROM proposal_comment c JOIN proposal p ON p.id = proposal_id "
        "WHERE p.state = 'published' AND parent_id IS NULL LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/comments/<int:comment_id>/restore": (
        MODERATOR, "SELECT proposal_id, id AS comment_id FROM proposal_comment WHERE state = 'hidden' LIMIT 1",
    ),
    "/proposals/<int:proposal_id>/edit": (
        VOTER, "SELECT id AS proposal_id, author_id AS who FROM proposal WHERE state = 'draft' LIMIT 1",
    ),
    "/proposals/mine": (VOTER, ""),
    "/proposals/new": (VOTER, ""),
    "/register": (STRANGER, ""),
    "/register/sent": (STRANGER, ""),
    "/report/<kind>/<int:subject_id>": (
        VOTER, "SELECT 'proposal' AS kind, id AS subject_id FROM proposal WHERE state = 'published' LIMIT 1",
    ),
    "/reset-password": (STRANGER, ""),
    "/reset-password/<token>": (STRANGER, "SELECT 'stale' AS token"),
    "/reset-password/sent": (STRANGER, ""),
    "/rounds": (STRANGER, ""),
    "/rounds/<slug>": (STRANGER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/projects/<path:code>": (VOTER, "SELECT '2026' AS slug, 'P01' AS code"),
    "/rounds/<slug>/results": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/code": (STRANGER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/results/contest": (VOTER, "SELECT '2025' AS slug"),
    "/rounds/<slug>/vote": (VOTER, "SELECT '2026' AS slug"),
    "/rounds/<slug>/vote/review": (VOTER, "SELECT '2026' AS slug"),
    "/rules": (STRANGER, ""),
    "/sign-in": (STRANGER, ""),
    "/staff": (AUDITOR, ""),
    "/staff/accounts": (ADMIN, ""),
    "/staff/accounts/<int:account_id>": (ADMIN, "SELECT min(id) AS account_id FROM account"),
    "/staff/appeals": (STAFF, ""),
    "/staff/appeals/<int:appeal_id>": (STAFF, "SELECT min(id) AS appeal_id FROM appeal"),
    "/staff/audit": (AUDITOR, ""),
    "/staff/city": (ADMIN, ""),
    "/staff/city/categories/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM category"),
    "/staff/city/categories/new": (ADMIN, ""),
    "/staff/city/departments/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM department"),
    "/staff/city/departments/new": (ADMIN, ""),
    "/staff/city/neighbourhoods/<slug>": (ADMIN, "SELECT min(slug) AS slug FROM neighbourhood"),
    "/staff/content": (STAFF, ""),
    "/staff/content/news": (STAFF, ""),
    "/staff/content/news/<int:news_id>": (STAFF, "SELECT min(id) AS news_id FROM news_item"),
    "/staff/content/news/<int:news_id>/history": (STAFF, "SELECT min(id) AS news_id FROM news_item"),
    "/staff/content/news/new": (STAFF, ""),
    "/staff/content/notice": (STAFF, ""),
    "/staff/content/pages/<slug>": (STAFF, "SELECT 'contact' AS slug"),
    "/staff/content/pages/<slug>/history": (STAFF, "SELECT 'contact' AS slug"),
    "/staff/content/pages/new": (STAFF, ""),
    "/staff/deadlines": (AUDITOR, ""),
    "/staff/deadlines/<key>": (STAFF, "SELECT 'appeal.file' AS key"),
    "/staff/deliveries": (STAFF, ""),
    "/staff/deliveries/<int:delivery_id>": (
        STAFF, "SELECT max(delivery_id) AS delivery_id FROM milestone",
    ),
    "/staff/deliveries/<int:delivery_id>/milestones/<int:milestone_id>": (
        STAFF, "SELECT delivery_id, id AS milestone_id FROM milestone LIMIT 1",
    ),
    "/staff/deliveries/new": (STAFF, ""),
    "/staff/desk": (CLERK, ""),
    "/staff/desk/<int:account_id>": (
        CLERK, "SELECT id AS account_id FROM account WHERE email = 'andrei@civic.example'",
    ),
    "/staff/evaluations": (EVALUATOR, ""),
    "/staff/evaluations/<int:evaluation_id>": (AUDITOR, "SELECT min(id) AS evaluation_id FROM evaluation"),
    "/staff/moderation": (MODERATOR, ""),
    "/staff/moderation/<int:case_id>": (MODERATOR, "SELECT max(id) AS case_id FROM moderation_case"),
    "/staff/proposals/take": (STAFF, ""),
    "/staff/rejection-reasons": (STAFF, ""),
    "/staff/rounds": (STAFF, ""),
    "/staff/rounds/<int:round_id>": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/documents": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/edit/<step>": (
        STAFF, "SELECT id AS round_id, 'basics' AS step FROM round WHERE slug = '2027'",
    ),
    "/staff/rounds/<int:round_id>/roll": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/roll/<int:voter_id>": (
        STAFF,
        "SELECT round_id, voter_id FROM roll_entry JOIN round r ON r.id = round_id WHERE r.slug = '2026' LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote": (STAFF, "SELECT id AS round_id FROM round WHERE slug = '2026'"),
    "/staff/rounds/<int:round_id>/vote/admit/<int:proposal_id>": (
        STAFF, "SELECT round_id, id AS proposal_id FROM proposal WHERE state = 'eligible' LIMIT 1",
    ),
    "/staff/rounds/<int:round_id>/vote/contests": (
        STAFF,
        "SELECT id AS round_id FROM round WHERE slug = '2025'",
    ),
    "/staff/rounds/<int:round_id>/vote/projects/<int:project_id>": (
        STAFF,
        "SELECT round_id, p.id AS project_id FROM project p JOIN round r ON r.id = round_id "
        "WHERE r.slug = '2026' LIMIT 1",
    ),
    "/staff/rounds/new": (STAFF, ""),
    "/staff/rounds/programmes": (STAFF, ""),
    "/staff/tasks/<int:task_id>": (ADMIN, "SELECT min(id) AS task_id FROM task"),
    "/staff/votes": (STAFF, ""),
}  # fmt: skip

#: Pages whose true content is a refusal here: an old link, an empty ballot, a deadline that has passed.
MAY_REFUSE = {rule for rule in WHO if "<token>" in rule} | {
    "/dev/mail", "/pages/<slug>", "/proposals/<int:proposal_id>/appeal", "/staff/tasks/<int:task_id>",
}  # fmt: skip


#: The demo city's moderators have hidden no comment.
HIDDEN_COMMENT = (
    "UPDATE proposal_comment SET state = 'hidden' WHERE id = (SELECT max(c.id) FROM proposal_comment c "
    "JOIN proposal p ON p.id = proposal_id WHERE p.state = 'published' AND c.state = 'visible')"
)


@pytest.fixture
def demo_site(real_app: Flask) -> Iterator[str]:
    """The address of the demo city with few voters."""
    now = datetime.now(UTC)
    with real_app.app_context():
        world = loading.begin(now)
        assert world is not None
        world.voters = 120
        loading.load(world, now)
        db.session.execute(text(HIDDEN_COMMENT))
        db.session.commit()
        db.session.remove()
    server = make_server("127.0.0.1", 0, real_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def page_rules(app: Flask) -> set[str]:
    """Every address that answers GET, without those of the test's own server."""
    return {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def address(app: Flask, rule: str) -> tuple[str, Account | None]:
    """A real address of the rule, and who opens it."""
    who, question = WHO[rule]
    values: dict[str, Any] = {}
    if question:
        row = db.session.execute(text(question)).mappings().first()
        values = dict(row) if row else {}
    account = db.session.get(Account, values["who"]) if "who" in values else None
    if account is None and who:
        account = db.session.query(Account).filter_by(email=f"{who}@civic.example").one()
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(values.get(part[1]) or 1), rule)
    return path, account


def cookie_of(app: Flask, account: Account) -> str:
    """The session of an account that has signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = account.get_id()
        session["_fresh"] = True
    return str(client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value)  # type: ignore[union-attr]


def test_every_page_route_is_opened_or_is_no_page(real_app: Flask) -> None:
    rules = page_rules(real_app)
    assert sorted(rules - WHO.keys() - NO_PAGE - {"/dev/mail/<name>"}) == []
    assert sorted(WHO.keys() - rules) == []


def test_every_page_is_clean(
    real_app: Flask, demo_site: str, chromium: Browser, tmp_path: Path, record_property: Callable[..., None]
) -> None:
    visitors: dict[str, Visitor] = {}
    wrong: list[str] = []
    for rule in WHO:
        with real_app.app_context():
            path, account = address(real_app, rule)
            key = account.email if account else ""
            if key not in visitors:
                context = chromium.new_context(
                    viewport=DESK,  # type: ignore[arg-type]
                    locale="ro-RO",
                    timezone_id="Europe/Bucharest",
                )
                if account:
                    name = real_app.config["SESSION_COOKIE_NAME"]
                    context.add_cookies(
                        [{"name": name, "value": cookie_of(real_app, account), "url": demo_site}]
                    )
                visitors[key] = Visitor(context, demo_site, None, javascript=True)
            db.session.remove()
        wrong += problems(visitors[key], rule, path)
    record_property("a11y.routes.share", f"{len(WHO)}/{len(WHO)}")
    for visitor in visitors.values():
        visitor.context.close()
    assert not wrong, "\n".join(wrong)


def problems(visitor: Visitor, rule: str, path: str) -> list[str]:
    """What is wrong with one page, wide and then narrow."""
    visitor.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    found = []
    answer = visitor.page.goto(visitor.site + path)
    status = answer.status if answer else 0
    if status != 200 and rule not in MAY_REFUSE:
        found.append(f"{path}: status {status}")
    if urlsplit(visitor.page.url).path != path and rule not in MAY_REFUSE:
        found.append(f"{path}: led to {visitor.page.url}")
    if visitor.page.locator("h1").count() != 1:
        found.append(f"{path}: {visitor.page.locator('h1').count()} main headings")
    for size in (DESK, PHONE):
        visitor.page.set_viewport_size(size)  # type: ignore[arg-type]
        try:
            visitor.look()
        except AssertionError as error:
            found.append(f"{path} at {size['width']}: {str(error).splitlines()[0]}")
            visitor.problems.clear()
    return found
