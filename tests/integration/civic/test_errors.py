"""What people see when something is wrong, the database included."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, abort
from sqlalchemy import text

from civic.embedded import EmbeddedServer
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.policy import Action, public, requires
from civic.unit_of_work import writes
from tests.factories import make_account
from tests.pageclient import PageClient
from tests.support import clone_database, make_app, make_settings


@pytest.fixture(scope="module")
def broken_app(server: EmbeddedServer, data_dir) -> Flask:  # noqa: ANN001
    """An application with pages that fail in every way."""
    app = make_app(make_settings(server, data_dir, clone_database(server)))
    app.config["RAISE_CRASHES"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/fails/<kind>")
    @public
    def fails(kind: str) -> Response:
        if kind == "refused":
            raise NotAllowed("Votul începe pe 1 martie.")
        if kind == "conflict":
            raise Conflict
        if kind.isdigit():
            abort(int(kind))
        if kind == "crash":
            raise RuntimeError("secret detail")
        return Response(str(db.session.scalar(text("SELECT 1"))), mimetype="text/plain")

    @app.post("/fails/half")
    @public
    @writes
    def half() -> str:
        make_account(email="half@civic.example")
        raise RuntimeError

    @app.get("/unmarked")
    def unmarked() -> str:
        return "never"

    @app.get("/staff-only")
    @requires(Action.MANAGE_ROUNDS)
    def staff_only() -> str:
        return "staff"

    return app


@pytest.fixture
def client(broken_app: Flask) -> Iterator[PageClient]:
    with broken_app.app_context():
        yield PageClient(broken_app)
        db.session.remove()


def test_a_refusal_says_why(client: PageClient) -> None:
    assert "Votul începe pe 1 martie." in client.get("/fails/refused", expect=403).main_text


def test_a_crash_tells_a_code_and_no_detail(client: PageClient) -> None:
    page = client.get("/fails/crash", expect=500)
    assert "secret detail" not in page.html
    assert page.headers["X-Request-Id"] in page.main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_error_page_speaks_the_language(client: PageClient, language: str) -> None:
    client.speak(language)
    client.get("/nowhere", expect=404)
    client.get("/fails/conflict", expect=409)
    client.get("/fails/crash", expect=500)


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("status", [400, 405, 410, 413, 414, 415, 416, 422, 429])
def test_what_the_visitor_did_is_not_called_our_fault(client: PageClient, status: int, language: str) -> None:
    client.speak(language)
    page = client.get(f"/fails/{status}", expect=status)
    assert ("Ceva nu a mers la noi" if language == "ro" else "on our side") not in page.main_text


def test_an_unmarked_page_opens_for_nobody(client: PageClient) -> None:
    client.get("/unmarked", expect=403)


def test_a_post_without_its_token_changes_nothing(client: PageClient) -> None:
    assert client.browser.post("/fails/half").status_code == 400


def test_staff_pages_ask_to_sign_in_and_then_refuse(client: PageClient) -> None:
    page = client.get("/staff-only", expect=303)
    assert page.headers["Location"].endswith("?next=/staff-only")
    swap = client.get("/staff-only", expect=401, hx=True)
    assert "/sign-in" in swap.headers["HX-Redirect"]
    client.sign_in(make_account())
    client.get("/staff-only", expect=403)


def test_headers_of_every_page(client: PageClient) -> None:
    headers = client.get("/nowhere", expect=404).headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "HX-Request" in headers["Vary"]


def test_a_database_that_restarts_is_an_apology_and_then_a_page(
    broken_app: Flask, client: PageClient, server: EmbeddedServer
) -> None:
    assert client.get("/fails/not").html == "1"
    name = broken_app.config["SETTINGS"].database_url.split("/")[-1].split("?")[0]
    with server.admin() as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")  # type: ignore[call-overload]
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        page = client.get("/fails/not", expect=503)
        assert page.headers["Retry-After"] == "5"
        assert "Încă nu suntem gata" in page.main_text
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")  # type: ignore[call-overload]
    assert client.get("/fails/not").html == "1"


def test_a_missing_page_still_knows_who_is_signed_in(broken_app: Flask, client: PageClient) -> None:
    with broken_app.app_context():
        account = make_account()
        db.session.commit()
        client.sign_in(account)
        page = client.browser.get("/nowhere").get_data(as_text=True)
    assert "Ieși din cont" in page
    assert "Intră în cont" not in page
