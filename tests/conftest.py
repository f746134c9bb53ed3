"""What every kind of test stands on: a real PostgreSQL, the application on it, and the page client."""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, get_flashed_messages
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, event

from civic import clock, database, errors
from civic.database import OWNER_ROLE
from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.demo_city import demo_city, same_for_all
from tests.pageclient import PageClient
from tests.support import (
    SHARED,
    KeptApp,
    clone_database,
    fastest_folder,
    make_app,
    make_settings,
    rolled_back,
    run_folder,
)

# A busy machine is no defect: examples may be slow to make and to run.
hypothesis_settings.register_profile("civic", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("civic")


#: How many new objects make Python look for garbage: with as many modules, tests and mappers as stand here, looking
#: after every seven hundred took a fourteenth of the time.
GARBAGE = 20_000


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: it is never looked through for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The reference data of real elections and conversations; a user's machine does not have it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the reference data in {SHARED} (or CIVIC_SHARED_DATA)")
    return SHARED


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """A data directory for the whole run; short, because a socket's path is."""
    with run_folder(fastest_folder()) as folder:
        yield folder


@pytest.fixture(scope="session")
def server(data_dir: Path) -> Iterator[EmbeddedServer]:
    """PostgreSQL for this test process, with the migrated template database `civic_template`."""
    running = EmbeddedServer(data_dir / "pg")
    with running.admin() as connection:
        # A test's data need not survive a power cut.
        for setting in (
            "fsync = off",
            "synchronous_commit = on",
            "full_page_writes = off",
            "max_wal_size = '256MB'",
            "max_connections = 200",
        ):
            connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
    running.ensure_database("civic_template")
    engine = create_engine(running.url(OWNER_ROLE, "civic_template"))
    database.upgrade(engine)
    engine.dispose()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def session_app(server: EmbeddedServer, data_dir: Path) -> Flask:
    """One application for all tests that share a database and roll back."""
    return make_app(make_settings(server, data_dir, clone_database(server)))


@pytest.fixture
def app(session_app: Flask) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test, with a context pushed.

    Commits inside the test are savepoints; requests and the test see the same data. For tests of
    concurrency and of casting use `real_app`, which commits for real.
    """
    with rolled_back(session_app):
        yield session_app
    clock.travel(timedelta(0))


@pytest.fixture(scope="session")
def kept_app(server: EmbeddedServer, data_dir: Path) -> KeptApp:
    """One application for all tests that need a database each."""
    return KeptApp(server, data_dir)


@pytest.fixture
def real_app(kept_app: KeptApp) -> Iterator[Flask]:
    """An application on a database of its own, where commits are commits and connections are many."""
    with kept_app.with_new_database() as app:
        yield app


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the run see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@pytest.fixture(scope="session")
def loaded_at(shared_folder: Path) -> datetime:
    """When the demo city was loaded: as the run needs it first, so that the open vote is open."""
    return same_for_all(shared_folder, datetime.now(UTC))


@pytest.fixture(scope="session")
def loaded_city(
    server: EmbeddedServer, data_dir: Path, loaded_at: datetime, shared_folder: Path
) -> Iterator[Flask]:
    """The application over the demo city, loaded once, in a database and a data directory of its own."""
    with demo_city(server, data_dir / "demo", loaded_at, shared_folder) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> PageClient:
    """The page client of the shared application."""
    return PageClient(app)


@pytest.fixture
def short_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are their sentences alone, without the page around them: for walks that meet thousands, and read none.

    Making that page was most of what a refusal cost. What the page would say to this visitor alone is said as well.
    """

    def sentences(_template: str, **shown: Any) -> str:
        return "\n".join(str(one) for one in (shown["title"], shown["reason"], *get_flashed_messages()))

    monkeypatch.setattr(errors, "render_template", sentences)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every SQL statement executed during the test; clear it before the request to be counted."""
    seen: list[str] = []
    connection = db.session.connection()

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CIVIC_NO_SKIPS, a skip fails the run unless it is for want of the reference data."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CIVIC_NO_SKIPS") or reporter is None or hasattr(session.config, "workerinput"):
        return
    unexpected = [
        report.nodeid
        for report in reporter.stats.get("skipped", [])
        if "reference data" not in str(report.longrepr)
    ]
    if unexpected:
        reporter.write_line(f"skipped without leave: {', '.join(unexpected)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
