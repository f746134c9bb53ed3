"""The database restarted under a running web server: requests fail cleanly, and no acknowledged ballot is lost."""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from civic import database
from civic.accounts.models import Account
from civic.config import Settings
from civic.database import OWNER_ROLE
from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.integration.voting.votingkit import make_round, make_voters, opened, voter_account
from tests.pageclient import PageClient
from tests.support import ROOT, make_app, make_settings
from voting.ballot_text import tracking_code

VOTERS = 24
CODE = re.compile(r'class="tracking-code"><strong>([^<]+)<')


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path, because a socket's is."""
    with tempfile.TemporaryDirectory(prefix="civic-r-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def own_server(folder: Path) -> Iterator[EmbeddedServer]:
    """A PostgreSQL of this test's own, which it may restart; written to the disk as in production."""
    running = EmbeddedServer(folder / "pg")
    running.ensure_database()
    engine = create_engine(running.url(OWNER_ROLE))
    database.upgrade(engine)
    engine.dispose()
    yield running
    running.stop()


@pytest.fixture
def context(own_server: EmbeddedServer, folder: Path) -> Iterator[Flask]:
    app = make_app(make_settings(own_server, folder, "civic"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def port(context: Flask, folder: Path) -> Iterator[int]:
    """`civic serve` on the same database, with the same secrets."""
    settings: Settings = context.config["SETTINGS"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")},
        "DATABASE_URL": settings.database_url,
        "DATABASE_OWNER_URL": settings.database_owner_url,
        "CIVIC_DATA_DIR": str(settings.data_dir),
        "BASE_URL": settings.base_url,
        "PORT": str(free),
        "WEB_WORKERS": "1",
    }
    serving = subprocess.Popen(
        [sys.executable, "-m", "civic", "serve"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        give_up = time.monotonic() + 60
        while request(free, "GET", "/healthz")[0] != 200:
            assert serving.poll() is None, "the server ended while starting"
            assert time.monotonic() < give_up, "the server was not ready within a minute"
            time.sleep(0.2)
        yield free
        assert serving.poll() is None, "the server did not outlive the restarts"
    finally:
        serving.terminate()
        serving.wait(timeout=30)


def request(
    port: int, method: str, path: str, data: dict[str, str] | None = None, cookies: str = ""
) -> tuple[int, str]:
    """The status and the page; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Cookie": cookies} if cookies else {}
    body = None
    if data is not None:
        body = urllib.parse.urlencode(data)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def restart(server: EmbeddedServer, mode: str) -> None:
    """As an administrator would; `immediate` is a crash with recovery from the log."""
    postgres = server._server
    subprocess.run(
        [postgres.bin_path / "pg_ctl", "-w", "-D", postgres.pgdata, "-m", mode, "-l", postgres.log, "restart"],
        user=postgres.system_user if os.geteuid() == 0 else None,
        check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def ready_to_cast(app: Flask, account: Account, slug: str) -> tuple[dict[str, str], str]:
    """The review page's form and the cookies of a resident who has chosen."""
    browser = PageClient(app)
    browser.sign_in(account)
    browser.post("voting.choose", {"add": "P1"}, slug=slug)
    fields = browser.get("voting.review", slug=slug).form("/vote/cast")
    cookies = "; ".join(f"{one.key}={one.value}" for one in browser.browser._cookies.values())
    return {name: str(value) for name, value in fields.items()}, cookies


def test_ballots_and_pages_survive_a_restart_of_the_database(
    context: Flask, own_server: EmbeddedServer, port: int
) -> None:
    accounts = [voter_account(voter) for voter in make_voters(VOTERS)]
    round_ = opened(make_round())
    slug = round_.slug
    waiting = [ready_to_cast(context, account, slug) for account in accounts]
    db.session.rollback()
    db.engine.dispose()
    stopped = threading.Event()
    pages: Counter[int] = Counter()
    casts: Counter[int] = Counter()
    acknowledged: list[str] = []

    def read() -> None:
        while not stopped.is_set():
            for path in (f"/rounds/{slug}/vote", "/", "/healthz"):
                pages[request(port, "GET", path)[0]] += 1

    def vote(mine: list[tuple[dict[str, str], str]]) -> None:
        for fields, cookies in mine:
            status, page = 0, ""
            while status != 200 and not stopped.is_set():
                status, page = request(port, "POST", f"/rounds/{slug}/vote/cast", fields, cookies)
                casts[status] += 1
                time.sleep(0.1)
            if status == 200:
                acknowledged.append(page)

    readers = [threading.Thread(target=read) for _ in range(2)]
    voters = [threading.Thread(target=vote, args=(waiting[at::3],)) for at in range(3)]
    for thread in readers + voters:
        thread.start()
    try:
        for mode in ("fast", "immediate"):
            time.sleep(0.7)
            restart(own_server, mode)
        for thread in voters:
            thread.join(timeout=60)
    finally:
        stopped.set()
        for thread in readers + voters:
            thread.join(timeout=60)
    assert set(pages) <= {200, 503}, pages
    assert set(casts) <= {200, 503}, casts
    assert pages[503] + casts[503] > 0, "the restarts were not noticed"
    assert len(acknowledged) == VOTERS
    for path in (f"/rounds/{slug}/vote", "/", "/healthz"):
        assert request(port, "GET", path)[0] == 200
    with db.engine.connect() as connection:
        leaves = connection.scalars(text("SELECT leaf FROM ballot_box")).all()
        logged = connection.scalar(text("SELECT count(*) FROM cast_log"))
    assert len(leaves) == logged == VOTERS
    codes = {found[1] for page in acknowledged if (found := CODE.search(page))}
    assert codes == {tracking_code(bytes(leaf)) for leaf in leaves}
