"""The demo city, loaded once for all its tests: smaller, but by the same steps."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.support import clone_database, close_connections, demo_city, own_database

VOTERS = 240


@pytest.fixture(scope="session")
def loaded_at() -> datetime:
    """When the city was loaded: now, so that the open vote is open."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def loaded_city(server: EmbeddedServer, data_dir: Path, loaded_at: datetime) -> Iterator[Flask]:
    """The application over the loaded city, in a database and a data directory of its own."""
    with demo_city(server, data_dir / "demo", loaded_at, VOTERS) as app:
        yield app


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
    close_connections(loaded_city)
    name = clone_database(server, f"{source}_hostile", str(source))
    with own_database(server, data_dir / "demo", name) as app:
        app.config["RAISE_CRASHES"] = False
        # No context is held open: every request has its own, as in a server.
        yield app
