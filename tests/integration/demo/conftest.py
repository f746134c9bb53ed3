"""The demo city for one test, and a copy of it that may be spoilt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.demo_city import demo_copy


@pytest.fixture
def city(loaded_city: Flask) -> Iterator[Flask]:
    """The loaded city with a context for one test."""
    with loaded_city.app_context():
        yield loaded_city
        db.session.rollback()


@pytest.fixture(scope="session")
def hostile_city(loaded_city: Flask, server: EmbeddedServer, data_dir: Path) -> Iterator[Flask]:
    """A copy of the loaded city that may be spoilt, whose crashes are answered as a visitor sees them."""
    with demo_copy(server, loaded_city, data_dir / "demo") as app:
        app.config["RAISE_CRASHES"] = False
        # No context is held open: every request has its own, as in a server.
        yield app
