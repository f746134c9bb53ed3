"""The application as a city runs it: what every answer carries, what it tells nobody, whom it believes."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic import cli, clock
from civic.accounts.models import Account
from civic.app import create_app
from civic.config import Settings, load_settings
from civic.demo.cli import demo_group
from civic.embedded import EmbeddedServer
from civic.extensions import db, limiter
from civic.files import service as files
from civic.policy import public
from tests.factories import TEST_PASSWORD, make_account, make_resident
from tests.support import clone_database, make_settings
from tests.uploads import image_upload

SITE = "https://decide.example"
EVIL = "evil.example"


def settings_of(server: EmbeddedServer, data_dir: Path, **changes: object) -> Settings:
    """Settings as production has them, on a database of the test server."""
    settings = make_settings(server, data_dir / "production", clone_database(server))
    return dataclasses.replace(
        settings, env="production", base_url=SITE, smtp_url="smtp://mail.example", demo=False, **changes
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def live(server: EmbeddedServer, data_dir: Path) -> Iterator[Flask]:
    """A production application behind one proxy, with a page that crashes."""
    app = create_app(settings_of(server, data_dir, trusted_proxies=1))

    @app.get("/crash")
    @public
    def crash() -> Response:
        raise RuntimeError("secret detail")

    with app.app_context():
        for email, roles in (("om@civic.example", ()), ("sef@civic.example", ("administrator",))):
            make_account(*roles, email=email)
        owner = make_resident()
        stored = files.store_upload(image_upload(), "image", owner.as_actor(), clock.now())
        files.make_public([stored.id])
        db.session.commit()
        app.config["A_FILE"] = f"/files/{stored.id}/full"
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _limits() -> Iterator[None]:
    """The limiter belongs to the process: on for these tests, as it is for a city, and off again after them."""
    limiter.enabled = True
    yield
    limiter.reset()
    limiter.enabled = False


class Browser(FlaskClient):
    """Reaches the site over TLS, through its proxy."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As any page of the site sends its requests, unless told otherwise."""
        headers = {
            "X-Forwarded-For": "192.0.2.7",
            "Referer": f"{SITE}/",
            **(kwargs.pop("headers", None) or {}),
        }
        return super().open(*args, headers=headers, base_url=SITE, **kwargs)


def browser_of(app: Flask) -> FlaskClient:
    """A browser of its own."""
    return Browser(app, app.response_class, use_cookies=True)


def token_in(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.get_data(as_text=True))
    assert found
    return found[1]


def signed_in(app: Flask, email: str = "om@civic.example") -> FlaskClient:
    """Through the form, as a person does."""
    client = browser_of(app)
    token = token_in(client.get("/sign-in"))
    data = {"email": email, "password": TEST_PASSWORD, "csrf_token": token}
    answer = client.post("/sign-in", data=data)
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    return client


def asset(app: Flask) -> str:
    return str(app.jinja_env.globals["asset_url"]("img/favicon.svg"))  # type: ignore[operator]


KINDS = {
    "page": ("/", 200), "list": ("/proposals", 200), "missing": ("/nowhere", 404), "crash": ("/crash", 500),
    "to sign in": ("/account", 303), "health": ("/healthz", 200), "ready": ("/readyz", 503),
    "data": ("/neighbourhoods.json", 200), "points": ("/proposals/points.json", 200), "robots": ("/robots.txt", 200),
    "feed": ("/news.atom", 200), "manifest": ("/manifest.webmanifest", 200), "map of the site": ("/sitemap.xml", 200),
    "mail of a first run": ("/dev/mail", 404), "language": ("/language/ro", 303), "style": ("asset", 200),
    "file": ("file", 200),
}  # fmt: skip


def check_headers(answer: TestResponse) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), policy
    for loose in ("unsafe-inline", "unsafe-eval", "http:", "https:", " *"):
        assert loose not in policy
    age = re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])
    assert age
    assert int(age[1]) >= 31536000
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    for telling in ("Server", "X-Powered-By", "X-AspNet-Version"):
        assert telling not in headers
    body = answer.get_data()
    for detail in (b"Traceback", b"secret detail", b"werkzeug", b"File &#34;", b"sqlalchemy"):
        assert detail not in body


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_headers(live: Flask, kind: str) -> None:
    path, status = KINDS[kind]
    path = {"asset": asset(live), "file": live.config["A_FILE"]}.get(path, path)
    answer = browser_of(live).get(path)
    assert answer.status_code == status
    check_headers(answer)


def test_refusals_and_fragments_carry_the_headers(live: Flask) -> None:
    client = signed_in(live)
    for answer, status in (
        (client.get("/staff/audit"), 403),
        (client.post("/register", data={}), 400),
        (client.delete("/"), 405),
        (client.get("/proposals", headers={"HX-Request": "true"}), 200),
        (client.get(live.config["A_FILE"], headers={"If-None-Match": "*"}), 304),
        (client.post("/sign-in", data={"x": "y" * 5_000_000}), 413),
        (browser_of(live).get("/account", headers={"HX-Request": "true"}), 401),
    ):
        assert answer.status_code == status
        check_headers(answer)


def test_every_cookie_is_closed_to_scripts_and_to_plain_connections(live: Flask) -> None:
    client = browser_of(live)
    page = client.get("/sign-in")
    data = {"email": "om@civic.example", "password": TEST_PASSWORD, "stay": "y", "csrf_token": token_in(page)}
    answers = [page, client.post("/sign-in", data=data), client.get("/language/en")]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    names = {cookie.split("=")[0] for cookie in cookies}
    assert names == {"__Host-session", "browser", "language"}
    for cookie in cookies:
        marks = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= marks, cookie
        assert "domain" not in cookie.lower()


#: What is the same for everybody, whoever asks.
SHARED = {
    "/activity/events.atom", "/favicon.ico", "/manifest.webmanifest", "/neighbourhoods.json", "/news.atom", "/robots.txt",
    "/sitemap.xml",
}  # fmt: skip


@pytest.mark.parametrize("email", ["om@civic.example", "sef@civic.example"])
def test_what_a_signed_in_person_sees_is_kept_nowhere(live: Flask, email: str) -> None:
    client, wrong, seen = signed_in(live, email), [], 0
    for rule in live.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.rule in ("/crash", "/readyz"):
            continue
        answer = client.get(rule.rule)
        kept = answer.headers["Cache-Control"]
        seen += 1
        if rule.rule in SHARED:
            if "Set-Cookie" in answer.headers or (
                rule.rule.endswith(".atom") and "Cookie" not in answer.vary
            ):
                wrong.append((rule.rule, "shared", kept))
        elif kept != "no-store":
            wrong.append((rule.rule, kept))
        elif answer.mimetype == "text/html" and not {"cookie", "hx-request"} <= {
            v.lower() for v in answer.vary
        }:
            wrong.append((rule.rule, str(answer.vary)))
    assert not wrong
    assert seen > 40


def test_a_stranger_asks_again_for_every_page(live: Flask) -> None:
    answer = browser_of(live).get("/proposals")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert {"cookie", "hx-request"} <= {value.lower() for value in answer.vary}


def test_the_demo_city_is_never_made(live: Flask, server: EmbeddedServer, data_dir: Path) -> None:
    secrets = dict.fromkeys(("SECRET_KEY", "IDENTITY_KEY", "MASTER_KEY", "LOG_KEY"), "x" * 32)
    asked = load_settings(
        {
            "CIVIC_ENV": "production", "CIVIC_DEMO": "load", "DATABASE_URL": "postgresql://x/y", "BASE_URL": SITE,
            "SMTP_URL": "smtp://m", "CIVIC_DATA_DIR": str(data_dir / "p"), **secrets,
        }
    )  # fmt: skip
    assert not asked.demo
    context = cli.Context(lambda _settings: live)
    context.__dict__["settings"] = asked
    result = CliRunner().invoke(demo_group, ["load"], obj=context)
    assert result.exit_code == 1
    assert "never loaded in production" in result.output
    with live.app_context():
        assert db.session.query(Account).filter(Account.email == "ioana@civic.example").count() == 0
        db.session.remove()


# --- whom it believes -----------------------------------------------------------------------------------------


def answers_to_many(client: FlaskClient, forwarded: str) -> list[int]:
    """Forty tries to register, each with the addresses that the proxy hands over; the statuses."""
    token = token_in(client.get("/register"))
    return [
        client.post(
            "/register",
            data={"email": f"om{number}@civic.example", "csrf_token": token},
            headers={"X-Forwarded-For": forwarded.format(number=number)},
        ).status_code
        for number in range(40)
    ]


def test_an_invented_address_before_the_proxys_does_not_evade_the_limit(live: Flask) -> None:
    statuses = answers_to_many(browser_of(live), "198.51.100.{number}, 192.0.2.7")
    assert statuses[:30] == [422] * 30
    assert statuses[30:] == [429] * 10


def test_people_behind_the_proxy_are_limited_one_by_one(live: Flask) -> None:
    assert answers_to_many(browser_of(live), "198.51.100.{number}") == [422] * 40


def test_without_a_proxy_nobody_is_believed(server: EmbeddedServer, data_dir: Path) -> None:
    app = create_app(settings_of(server, data_dir, trusted_proxies=0))
    client = browser_of(app)
    assert answers_to_many(client, "198.51.100.{number}")[30:] == [429] * 10
    answer = client.get("/", headers={"X-Forwarded-Host": EVIL})
    assert EVIL.encode() not in answer.get_data()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_limited_visitor_is_told_so_in_their_language(live: Flask) -> None:
    client = browser_of(live)
    answers_to_many(client, "192.0.2.7")
    for code, sentence in (("ro", "Prea multe încercări"), ("en", "Too many attempts")):
        client.get(f"/language/{code}")
        answer = client.post("/register", data={"csrf_token": token_in(client.get("/register"))})
        assert answer.status_code == 429
        assert sentence in answer.get_data(as_text=True)
        check_headers(answer)


def test_another_hosts_name_gets_into_no_page(live: Flask) -> None:
    for path in ("/", "/news.atom", "/sitemap.xml", "/robots.txt", "/account", "/nowhere"):
        answer = browser_of(live).get(path, headers={"Host": EVIL, "X-Forwarded-Host": EVIL})
        assert EVIL not in answer.get_data(as_text=True)
        assert EVIL not in answer.headers.get("Location", "")


# --- where it sends people ------------------------------------------------------------------------------------

AWAY = [
    f"//{EVIL}", f"https://{EVIL}", f"///{EVIL}", f"/\\{EVIL}", f"\\\\{EVIL}", f"/\t/{EVIL}", f"/\n/{EVIL}", f" //{EVIL}",
    f"http:{EVIL}", f"javascript:alert('{EVIL}')", f"//{EVIL}@decide.example", f"%2F%2F{EVIL}", f"/%09/{EVIL}",
    f"https:/{EVIL}", f"/\u2028/{EVIL}", f"//decide.example@{EVIL}",
]  # fmt: skip


def stays(answer: TestResponse) -> bool:
    """Whether a browser that follows the answer is still on the site."""
    where = answer.headers.get("Location", "/")
    parts = urlsplit(where)
    return where.startswith("/") and not parts.netloc and not re.match(r"/[\s/\\]", where)


def test_nobody_is_sent_away_by_next(live: Flask) -> None:
    client, known, wrong = browser_of(live), signed_in(live), []
    paths = [
        rule.rule
        for rule in live.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule != "/crash"
    ]
    for target in AWAY:
        for path in ("/language/ro", "/sign-in", "/register"):
            for visitor in (client, known):
                if not stays(visitor.get(path, query_string={"next": target})):
                    wrong.append((path, target))
        fields = {"email": "om@civic.example", "password": TEST_PASSWORD, "next": target}
        fresh = browser_of(live)
        token = token_in(fresh.get("/sign-in", query_string={"next": target}))
        answer = fresh.post("/sign-in", data={**fields, "csrf_token": token})
        if answer.status_code != 303 or not stays(answer):
            wrong.append(("POST /sign-in", target))
        token = token_in(known.get("/follows"))
        if not stays(known.post("/follows/mail", data={"next": target, "csrf_token": token})):
            wrong.append(("POST /follows/mail", target))
    for path in paths:
        if not stays(
            known.get(path, query_string={"next": AWAY[0]}, headers={"Referer": f"https://{EVIL}/"})
        ):
            wrong.append((path, AWAY[0]))
    assert not wrong


def test_a_form_sent_from_another_site_changes_nothing(live: Flask) -> None:
    client = signed_in(live)
    token = token_in(client.get("/account/profile"))
    data = {"display_name": "Altul", "neighbourhood": "", "locale": "ro", "csrf_token": token}
    for referer in (f"https://{EVIL}/", f"{SITE}.{EVIL}/", "http://decide.example/"):
        answer = client.post("/account/profile", data=data, headers={"Referer": referer})
        assert answer.status_code == 400
        check_headers(answer)
    assert client.post("/account/profile", data=data).status_code == 303
