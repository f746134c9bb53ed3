"""Strangers share a page for seconds; whoever has a session never gets, or leaves, a shared one."""

from collections.abc import Iterator

import pytest
from flask import Flask

from civic.extensions import db
from civic.page_cache import MOST_PAGES, SharedPages
from tests.factories import make_account, make_neighbourhood
from tests.pageclient import PageClient


class Timer:
    """A clock moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer(app: Flask) -> Iterator[Timer]:
    """Pages kept for five seconds of a clock moved by hand."""
    before, timer = app.extensions["civic_pages"], Timer()
    app.extensions["civic_pages"] = SharedPages(5, timer)
    yield timer
    app.extensions["civic_pages"] = before


def test_strangers_share_a_page_for_seconds(client: PageClient, timer: Timer, statements: list[str]) -> None:
    area = make_neighbourhood("Obor")
    assert "Obor" in client.get("places.index").main_text
    area.name = "Oborul Nou"
    db.session.commit()
    statements.clear()
    assert "Oborul Nou" not in client.get("places.index").main_text
    assert not statements
    timer.now = 5.0
    assert "Oborul Nou" in client.get("places.index").main_text


def test_languages_and_fragments_are_kept_apart(client: PageClient, timer: Timer) -> None:
    client.get("proposals.index")
    client.get("proposals.index", hx=True)
    client.speak("en")
    client.get("proposals.index")


def test_a_session_neither_gets_nor_leaves_a_shared_page(client: PageClient, timer: Timer) -> None:
    name = make_account(display_name="Ana Popescu")
    client.sign_in(name)
    mine = client.get("home.index")
    assert mine.headers["Cache-Control"] == "no-store"
    stranger = PageClient(client.app)
    shared = stranger.get("home.index")
    assert "Intră în cont" in shared.html
    assert "Intră în cont" not in client.get("home.index").html


def test_the_number_of_kept_pages_is_bounded(app: Flask) -> None:
    pages = SharedPages(5, Timer())
    for number in range(MOST_PAGES + 10):
        pages.keep((f"/{number}", "ro", False), app.response_class("x"))
    assert pages.find(("/0", "ro", False)) is None
    assert pages.find((f"/{MOST_PAGES + 9}", "ro", False)) is not None
    pages.keep(("/large", "ro", False), app.response_class("x" * 300_000))
    assert pages.find(("/large", "ro", False)) is None
