"""What everybody reads about an edition, in each of its states and both languages."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds import contributions, service
from civic.rounds.facts import GroupFacts, PotFacts
from civic.rounds.models import Round
from tests.factories import make_account, make_category, make_neighbourhood
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient
from tests.rounds_support import AFTER, BEFORE, DURING, STAFF, make_draft, make_round


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the clock that views read."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def offers(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application with what features contribute, put back after the test."""
    known = app.extensions["civic_round_contributions"]
    copied = {name: type(part)(part) for name, part in known.items()}
    monkeypatch.setitem(app.extensions, "civic_round_contributions", copied)
    return app


def test_no_edition_yet(client: PageClient) -> None:
    page = client.get("rounds.index")
    assert "Încă nu a fost publicată nicio ediție" in page.main_text


def test_a_draft_is_nowhere(client: PageClient, at) -> None:
    draft = make_draft()
    at(DURING["voting"])
    client.get("rounds.show", slug=draft.slug, expect=404)
    assert draft.name not in client.get("rounds.index").main_text


def test_a_neighbourhood_tells_what_runs_and_until_when(client: PageClient, at) -> None:
    area, round_ = make_neighbourhood("Tei"), make_round()
    at(BEFORE)
    assert "În desfășurare aici" not in client.get("places.neighbourhood", slug=area.slug).main_text
    at(DURING["voting"])
    page = client.get("places.neighbourhood", slug=area.slug).main_text
    assert f"În desfășurare aici {round_.name}: „Vot” se încheie" in page


def test_an_unknown_edition_is_not_found(client: PageClient) -> None:
    client.get("rounds.show", slug="nu-exista", expect=404)


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("moment", ["before", *DURING, "after"])
def test_the_page_in_every_phase(client: PageClient, at, moment: str, language: str) -> None:
    area = make_neighbourhood("Tei")
    category = make_category("Spații verzi")
    round_ = make_round(
        pots=[PotFacts("Buget Unu", Decimal(3_000_000)), PotFacts("Tei", Decimal(500_000), area.id)],
        groups=[
            GroupFacts("Verde", "approval", category.id, max_choices=3),
            GroupFacts("Tei", "points", None, area.id, points_total=10, points_each=4),
        ],
    )
    at({"before": BEFORE, "after": AFTER, **DURING}[moment])
    client.speak(language)
    page = client.get("rounds.show", slug=round_.slug)
    text = page.main_text
    assert ("3.500.000\xa0lei" if language == "ro" else "3,500,000\xa0lei") in page.html
    assert "HCL 41/2026" in text
    if language == "ro":
        assert "Alegi cel mult 3 proiecte din domeniul Spații verzi." in text
        assert "Împarți 10 puncte între proiectele din Tei." in text
        assert "cel puțin 16 ani" in text
        assert "12 martie 2027" not in text or moment
    else:
        assert "You choose at most 3 projects" in text
    client.get("rounds.index")


def test_the_last_moment_of_a_phase_is_told_as_the_evening_before(client: PageClient, at) -> None:
    round_ = make_round()
    at(DURING["voting"])
    strip = client.get("rounds.show", slug=round_.slug).text_of(".phases__item--now")
    assert "Vot" in strip
    assert "19 martie 2027, ora 23:59" in strip


def test_every_way_of_choosing_is_said_in_words(client: PageClient, at) -> None:
    groups = [
        GroupFacts("A", "choose_one", make_category("Mobilitate").id, max_choices=1),
        GroupFacts("B", "knapsack", make_category("Cultură").id, max_cost=Decimal(250_000), max_choices=4),
        GroupFacts("C", "ordinal", make_category("Școli").id, max_choices=3),
        GroupFacts("D", "approval", make_category("Sport").id, min_choices=2, max_choices=2),
        GroupFacts("E", "approval", make_category("Apă").id),
        GroupFacts("F", "approval", make_category("Aer").id, min_choices=1, max_choices=20),
    ]
    round_ = make_round(groups=groups)
    at(BEFORE)
    text = client.get("rounds.show", slug=round_.slug).main_text
    for sentence in (
        "Alegi un proiect din domeniul Mobilitate.",
        "Alegi proiecte din domeniul Cultură care costă împreună cel mult 250.000",
        "Pui în ordine cele 3 proiecte din domeniul Școli care îți plac cel mai mult.",
        "Alegi exact 2 proiecte din domeniul Sport.",
        "Alegi oricâte proiecte din domeniul Apă.",
        "Alegi cel mult 20 de proiecte din domeniul Aer.",
        "Dacă alegi aici, alege cel puțin un proiect.",
    ):
        assert sentence in text


def test_editions_are_paged_newest_first(client: PageClient) -> None:
    for number in range(23):
        round_ = Round(
            name=f"Alegerea {number:02}", slug=f"alegerea-{number}", kind="recorded", adopted_by="",
            created_at=BEFORE + timedelta(days=number), published_at=BEFORE, counting_rule={},
        )  # fmt: skip
        db.session.add(round_)
    db.session.commit()
    first, last = client.get("rounds.index"), client.get("/rounds?page=2")
    assert "Alegerea 22" in first.main_text
    assert "Alegerea 02" not in first.main_text
    assert "Alegerea 02" in last.main_text
    for odd in ("0", "-1", "abc", "99999", "²", "1e3"):
        client.get(f"/rounds?page={odd}")


def test_a_long_name_and_markup_stay_text(client: PageClient, at) -> None:
    round_ = make_round(
        name="X" * 300,
        summary="<script>alert(1)</script>",
        regulation="<b>gol</b>\n\n[x](javascript:alert(1))",
    )
    at(BEFORE)
    html = client.get("rounds.show", slug=round_.slug).html
    assert "<script>alert" not in html
    assert 'href="javascript' not in html


def test_a_frozen_plan_shows_its_fingerprint(client: PageClient, at) -> None:
    round_ = make_round()
    round_.frozen_at, round_.fingerprint = DURING["voting"], hashlib.sha256(b"plan").hexdigest()
    db.session.commit()
    at(DURING["voting"])
    assert round_.fingerprint in client.get("rounds.show", slug=round_.slug).main_text


def test_editions_are_compared_with_the_columns_others_know(client: PageClient, at, offers: Flask) -> None:
    earlier = make_round("Ediția 2026", pots=[PotFacts("Tot", Decimal(2_000_000))])
    for phase in earlier.phases:
        phase.starts_at, phase.ends_at = (
            phase.starts_at - timedelta(days=365),
            phase.ends_at - timedelta(days=365),
        )
    db.session.commit()
    round_ = make_round("Ediția 2027")
    at(BEFORE)
    contributions.register_column(offers, "silent", "Nimic", lambda ids: {})
    contributions.register_column(offers, "ballots", "Buletine", lambda ids: {earlier.id: "1.234"})
    text = client.get("rounds.show", slug=round_.slug).text_of("#comparison")
    assert "Ediția 2026" in text
    assert "2.000.000" in text
    assert "1.234" in text
    assert "Nimic" not in text
    assert client.get("rounds.show", slug=earlier.slug).find("#comparison") is None


def test_what_others_offer_is_on_the_page(client: PageClient, at, offers: Flask) -> None:
    round_ = make_round()
    at(DURING["voting"])
    action = contributions.MainAction("Votează acum", "/rounds", "Durează cinci minute.")
    contributions.register_action(
        offers, "voting", lambda r, actor, now: action if r.id == round_.id else None
    )
    contributions.register_figure(offers, "submission", lambda r: "312 depuse")
    page = client.get("rounds.show", slug=round_.slug)
    assert "Votează acum" in page.main_text
    assert "312 depuse" in page.text_of(".phases")


def test_adopted_results_cite_the_decision(client: PageClient, at) -> None:
    round_ = make_round()
    round_.frozen_at, round_.fingerprint = DURING["voting"], "ab"
    round_.closed_at = round_.results_at = DURING["results"]
    service.adopt_results(STAFF, round_, "HCL 77", date(2027, 3, 30), AFTER)
    db.session.commit()
    at(AFTER)
    text = client.get("rounds.show", slug=round_.slug).main_text
    assert "HCL 77 / 30.03.2027" in text


def test_the_page_costs_the_same_for_many_pots_and_editions(
    client: PageClient, at, statements: list[str]
) -> None:
    small = make_round("Mică")
    areas = [make_neighbourhood() for _ in range(12)]
    large = make_round(
        "Mare",
        pots=[PotFacts(f"Buget {n}", Decimal(500_000), area.id) for n, area in enumerate(areas)],
        groups=[GroupFacts(f"Domeniu {n}", category_id=make_category().id, max_choices=2) for n in range(12)],
    )
    for number in range(4):
        make_round(f"Alta {number}")
    at(DURING["submission"])
    counts = []
    for round_ in (small, large):
        slug = round_.slug
        client.get("rounds.show", slug=slug)
        statements.clear()
        client.get("rounds.show", slug=slug)
        counts.append(len(statements))
    assert abs(counts[1] - counts[0]) <= 3
    assert max(counts) <= 15
    statements.clear()
    client.get("rounds.index")
    assert len(statements) <= 8


def test_proposals_say_how_many_came_and_passed(client: PageClient, at) -> None:
    round_ = make_round()
    at(DURING["voting"])
    assert "depuse" not in client.get("rounds.show", slug=round_.slug).text_of(".phases")
    author = make_account()
    for number, state in enumerate(["published", "admitted", "admitted", "draft", "hidden"]):
        make_proposal(state, author, round_id=round_.id, title=f"Propunerea {number}")
    strip = client.get("rounds.show", slug=round_.slug).text_of(".phases")
    assert "3 depuse" in strip
    assert "2 eligibile" in strip
