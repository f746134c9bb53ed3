"""The home page in every state: who is reading, and what is on."""

from datetime import timedelta

import pytest
from flask import Flask
from jinja2 import DictLoader

from civic import clock
from civic.extensions import db
from civic.navigation import Panel, add_panel
from civic.rounds import contributions
from tests.factories import make_account, make_neighbourhood, make_resident
from tests.pageclient import PageClient
from tests.rounds_support import AFTER, BEFORE, DURING, make_draft, make_round


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the clock that views read."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_without_a_round_the_page_says_so(client: PageClient, language: str) -> None:
    make_draft()
    client.speak(language)
    page = client.get("home.index")
    expected = "Acum nu se desfășoară nicio ediție" if language == "ro" else "There is no edition"
    assert expected in page.main_text
    assert page.find(".phases") is None


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("moment", ["before", *DURING, "after"])
def test_what_is_on(client: PageClient, at, moment: str, language: str) -> None:
    round_ = make_round()
    at({"before": BEFORE, "after": AFTER, **DURING}[moment])
    client.speak(language)
    page = client.get("home.index")
    assert ("3.000.000" if language == "ro" else "3,000,000") in page.text_of("h1")
    assert round_.name in page.text_of(".hero")
    assert page.find(".phases") is not None
    if language == "ro":
        assert ("Tu alegi." in page.text_of("h1")) is (moment == "voting")


@pytest.mark.parametrize("moment", ["before", "submission", "voting", "after"])
def test_the_round_that_is_on_wins_over_the_others(client: PageClient, at, moment: str) -> None:
    past = make_round("Ediția 2026")
    for phase in past.phases:
        phase.starts_at, phase.ends_at = (
            phase.starts_at - timedelta(days=365),
            phase.ends_at - timedelta(days=365),
        )
    later = make_round("Ediția 2028")
    for phase in later.phases:
        phase.starts_at, phase.ends_at = (
            phase.starts_at + timedelta(days=365),
            phase.ends_at + timedelta(days=365),
        )
    make_round("Ediția 2027")
    db.session.commit()
    at({"before": BEFORE, "after": AFTER, **DURING}[moment])
    assert ("Ediția 2028" if moment == "after" else "Ediția 2027") in client.get("home.index").text_of(
        ".hero"
    )


def test_the_main_action_comes_from_who_knows_it(
    client: PageClient, at, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_round()
    at(DURING["voting"])
    action = contributions.MainAction(
        "Vezi proiectele și votează", "/rounds", "148 de proiecte așteaptă votul tău."
    )
    known = app.extensions["civic_round_contributions"]["actions"]
    monkeypatch.setitem(known, "voting", lambda r, actor, now: action)
    hero = client.get("home.index").text_of(".hero")
    assert "148 de proiecte" in hero
    assert "Vezi proiectele și votează" in hero


def test_who_is_signed_in_sees_their_neighbourhood_on_the_map(client: PageClient) -> None:
    area = make_neighbourhood("Tei <b>")
    make_neighbourhood("Fundeni")
    stranger = client.get("home.index")
    assert stranger.find(".hero__map .hot") is None
    assert "Fără cont" in stranger.main_text
    client.sign_in(make_account(neighbourhood_id=area.id))
    page = client.get("home.index")
    assert page.find(".hero__map .hot") is not None
    assert page.text_of(".hero__here") == "Tei <b>"
    assert "verifică o singură dată" in page.main_text
    client.sign_in(make_resident(area))
    assert "verifică o singură dată" not in client.get("home.index").main_text


def test_the_map_follows_a_changed_neighbourhood(client: PageClient) -> None:
    area = make_neighbourhood()
    before = client.get("home.index").html
    area.shape = [[[26.0, 44.0], [26.3, 44.0], [26.1, 44.2]]]
    db.session.commit()
    assert client.get("home.index").html != before


def test_panels_stand_in_their_places(
    client: PageClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "civic_navigation", {})
    for area in ("now", "today", "became", "news"):
        add_panel(app, f"home.{area}", lambda context, area=area: Panel("design/_note.html", {"text": area}))
    app.jinja_loader.loaders.append(DictLoader({"design/_note.html": "<p>panou {{ text }}</p>"}))
    try:
        text = client.get("home.index").main_text
    finally:
        app.jinja_loader.loaders.pop()
    places = [text.index(f"panou {area}") for area in ("now", "today", "became", "news")]
    assert places == sorted(places)


def test_the_home_page_asks_little(client: PageClient, at, statements: list[str]) -> None:
    for number in range(3):
        make_round(f"Ediția {number}")
        make_neighbourhood()
    at(DURING["voting"])
    client.get("home.index")
    statements.clear()
    client.get("home.index")
    # One of each kind that the page tells of: rounds, proposals, consultations, drafts, meetings, works, news.
    assert len(statements) <= 17, statements
