"""What most tests of voting begin with; a file that needs it otherwise says so itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from civic import clock
from tests.pageclient import PageClient


@pytest.fixture
def context(real_app: Flask) -> Iterator[Flask]:
    """The application on a database of its own with a context; the clock is set right afterwards."""
    with real_app.app_context():
        yield real_app
        clock.travel(timedelta(0))


@pytest.fixture
def browser(context: Flask) -> PageClient:
    """A resident's browser."""
    return PageClient(context)


@pytest.fixture
def office(context: Flask) -> PageClient:
    """The browser of whoever works in the city hall."""
    return PageClient(context)
