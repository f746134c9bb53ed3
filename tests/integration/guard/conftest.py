"""The private world, built once a file: what a test does to it is undone after the test."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask

from civic.extensions import db
from tests.integration.guard.private_world import World, make_world
from tests.support import rolled_back


@pytest.fixture(scope="module")
def built(session_app: Flask) -> Iterator[World]:
    """The world, in a transaction that lasts as long as the file."""
    with rolled_back(session_app):
        with session_app.test_request_context():
            world = make_world()
        db.session.remove()
        yield world


@pytest.fixture
def app(session_app: Flask, built: World) -> Iterator[Flask]:
    """The application over the world, with a context of the test's own."""
    point = db.engines[None].begin_nested()  # type: ignore[union-attr]
    with session_app.app_context():
        yield session_app
        db.session.remove()
    point.rollback()


@pytest.fixture
def world(app: Flask, built: World) -> World:
    """What there is."""
    return dataclasses.replace(built, ids=dict(built.ids))
