"""The demo city, loaded once for all its tests: smaller, but by the same steps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from civic.database import OWNER_ROLE
from civic.demo import loading
from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.support import clone_database, make_app, make_settings

VOTERS = 240


@pytest.fixture(scope="session")
def loaded_at() -> datetime:
    """When the city was loaded: now, so that the open vote is open."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def loaded_city(server: EmbeddedServer, data_dir: Path, loaded_at: datetime) -> Iterator[Flask]:
    """The application over the loaded city, in a database and a data directory of its own."""
    name = clone_database(server)
    app = make_app(make_settings(server, data_dir / "demo", name))
    with app.app_context():
        world = loading.begin(loaded_at)
        assert world is not None
        world.voters = VOTERS
        loading.load(world, loaded_at)
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    with server.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@pytest.fixture
def city(loaded_city: Flask) -> Iterator[Flask]:
    """The loaded city with a context for one test."""
    with loaded_city.app_context():
        yield loaded_city
        db.session.rollback()


@pytest.fixture(scope="session")
def hostile_city(loaded_city: Flask, server: EmbeddedServer, data_dir: Path) -> Iterator[Flask]:
    """A copy of the loaded city that may be spoilt, whose crashes are answered as a visitor sees them."""
    with loaded_city.app_context():
        source = db.engine.url.database
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    name = f"{source}_hostile"
    with server.admin() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} OWNER {OWNER_ROLE}")  # type: ignore[call-overload]
    app = make_app(make_settings(server, data_dir / "demo", name))
    app.config["RAISE_CRASHES"] = False
    # No context is held open: every request has its own, as in a server.
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    with server.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
