"""What everyone sees: the list, its filters, the map's set, a proposal's page."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from civic import clock, links
from civic.actor import SYSTEM
from civic.extensions import db
from civic.notifications.jobs import fan_out
from civic.outbox import OutboxMessage
from proposals import queries, service
from proposals.rules import PUBLIC, Event, Role, State
from tests.factories import NOON, make_account, make_category, make_neighbourhood, make_resident
from tests.integration.proposals.makers import make_proposal, make_round
from tests.pageclient import Page, PageClient


def titles(page: Page) -> list[str]:
    return [
        "".join(e.itertext()).strip() for e in page.root.iter() if "card__title" in (e.get("class") or "")
    ]


def pins(client: PageClient, **arguments: str) -> set[str]:
    answer = client.get("proposals.points", **arguments)
    return {pin["title"] for pin in json.loads(answer.html)}


@pytest.mark.parametrize("state", [one for one in State if one not in PUBLIC])
def test_what_is_not_public_is_in_no_list(client: PageClient, state: State) -> None:
    make_proposal(state, title="Ascunsa privirii")
    assert "Ascunsa privirii" not in client.get("proposals.index").html
    assert "Ascunsa privirii" not in client.get("proposals.index", state=str(state)).html
    assert pins(client) == set()


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CHANGES_REQUESTED, State.HIDDEN])
def test_what_was_never_public_has_no_page(client: PageClient, state: State) -> None:
    hidden = make_proposal(state, published_at=None)
    client.get("proposals.show", proposal_id=hidden.id, expect=404)
    client.sign_in(make_account())
    client.get("proposals.show", proposal_id=hidden.id, expect=404)
    assert links.find_link("proposal", hidden.id) is None


def test_unknown_filters_and_pages_are_ignored(client: PageClient) -> None:
    make_proposal()
    for page in ("0", "-1", "x", "9" * 40, "²"):
        client.get("proposals.index", page=page)
    assert len(titles(client.get("proposals.index", state="draft", sort="whatever"))) == 1
    assert titles(client.get("proposals.index", neighbourhood="nicaieri")) == []


def test_an_empty_list_says_what_to_do(client: PageClient) -> None:
    assert "A ta poate fi prima" in client.get("proposals.index").main_text
    assert "Scoate un filtru" in client.get("proposals.index", q="inorog").main_text


@pytest.mark.parametrize("words", ["stefan", "ștefan", "ştefan", "ŞTEFAN", "Stef mare"])
def test_search_finds_whatever_the_diacritics(client: PageClient, words: str) -> None:
    make_proposal(title="Bănci pe strada Ștefan cel Mare")
    make_proposal(title="Piste de biciclete")
    assert titles(client.get("proposals.index", q=words)) == ["Bănci pe strada Ștefan cel Mare"]


@pytest.mark.parametrize("words", ["'", "!!!", "a:* | b", "\\", "<->", "%", "& & &", "\x00"])
def test_search_survives_anything(client: PageClient, words: str) -> None:
    make_proposal()
    client.get("proposals.index", q=words)


def test_filters_of_list_and_map_choose_the_same_set(client: PageClient) -> None:
    here, green, edition = make_neighbourhood("Tei"), make_category("Verde"), make_round()
    make_proposal(title="Aici verde", neighbourhood=here, category=green, round_id=edition.id)
    make_proposal(State.ELIGIBLE, title="Aici altfel", neighbourhood=here)
    make_proposal(title="Altundeva")
    for arguments, expected in (
        ({"neighbourhood": here.slug}, {"Aici verde", "Aici altfel"}),
        ({"category": green.slug}, {"Aici verde"}),
        ({"state": "eligible"}, {"Aici altfel"}),
        ({"round": edition.slug}, {"Aici verde"}),
        ({"q": "aici"}, {"Aici verde", "Aici altfel"}),
        ({"neighbourhood": here.slug, "q": "verde"}, {"Aici verde"}),
    ):
        assert set(titles(client.get("proposals.index", **arguments))) == expected
        assert pins(client, **arguments) == expected


def test_the_map_shows_more_than_a_page(client: PageClient) -> None:
    area = make_neighbourhood()
    for number in range(15):
        make_proposal(title=f"Numărul {number}", neighbourhood=area)
    assert len(titles(client.get("proposals.index"))) == 12
    assert len(pins(client)) == 15
    page = client.get("proposals.index", view="map")
    assert page.html.count("map-twin__title") == 15


def test_orders(client: PageClient) -> None:
    make_proposal(title="Veche", estimated_cost=Decimal(10), now=NOON - timedelta(days=9))
    make_proposal(title="Nouă", estimated_cost=Decimal(99))
    make_proposal(title="Fără cost", now=NOON - timedelta(days=1))
    assert titles(client.get("proposals.index")) == ["Nouă", "Fără cost", "Veche"]
    assert titles(client.get("proposals.index", sort="cheapest")) == ["Veche", "Nouă", "Fără cost"]
    assert titles(client.get("proposals.index", sort="costliest")) == ["Nouă", "Veche", "Fără cost"]


def test_the_swap_holds_only_the_results(client: PageClient) -> None:
    make_proposal(title="Singura")
    swap = client.get("proposals.index", q="singura", hx=True)
    assert swap.find("#proposals-results") is not None
    assert "<html" not in swap.html
    assert "HX-Request" in swap.headers["Vary"]


@pytest.mark.parametrize("count", [5, 50])
def test_the_list_costs_the_same_however_long(client: PageClient, statements: list[str], count: int) -> None:
    area = make_neighbourhood()
    for _ in range(count):
        make_proposal(neighbourhood=area)
    client.get("proposals.index")
    statements.clear()
    client.get("proposals.index")
    assert len(statements) <= 8, "\n".join(statements)


def test_the_page_says_everything_and_what_comes_next(client: PageClient) -> None:
    edition = make_round("analysis")
    proposal = make_proposal(
        State.IN_ANALYSIS, title="Cu ediție", round_id=edition.id, estimated_cost=Decimal("1060000")
    )
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert "Ediția de probă" in page.main_text
    assert "1.060.000" in page.main_text
    assert "Direcțiile publică răspunsul lor, cu motivare." in page.main_text


def test_the_chain_leads_from_idea_to_what_came_of_it(client: PageClient) -> None:
    first, second = make_proposal(title="Prima idee"), make_proposal(title="A doua idee")
    links.connect("proposal", first.id, "proposal", second.id)
    db.session.commit()
    assert "De la idee la realizare" in client.get("proposals.show", proposal_id=second.id).main_text


def test_a_word_of_three_hundred_letters_does_no_harm(client: PageClient) -> None:
    proposal = make_proposal(title="x" * 120, idea="y" * 300)
    client.get("proposals.show", proposal_id=proposal.id)
    client.get("proposals.index")


def test_shared_pages_show_proposals(client: PageClient) -> None:
    author = make_resident()
    make_proposal(author=author, title="De pe prima pagină")
    assert "De pe prima pagină" in client.get("home.index").main_text
    client.sign_in(author)
    assert "De pe prima pagină" in client.get("proposals.mine").main_text


@pytest.mark.parametrize("state", sorted(PUBLIC))
@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_state_speaks_one_language(client: PageClient, state: str, language: str) -> None:
    client.speak(language)
    proposal = make_proposal(state)
    client.get("proposals.show", proposal_id=proposal.id)
    client.get("proposals.index")
    client.get("proposals.index", view="map")


def test_a_reader_follows_and_is_told_of_the_next_step(client: PageClient) -> None:
    proposal = make_proposal()
    client.sign_in(make_resident())
    page = client.get("proposals.show", proposal_id=proposal.id)
    client.submit(page, f"/follows/proposal/{proposal.id}")
    assert "Urmărești" in client.get("proposals.show", proposal_id=proposal.id).main_text
    now = clock.now() + timedelta(minutes=1)
    service.advance(SYSTEM, queries.lock_proposal(proposal.id), Event.TAKE_INTO_ANALYSIS, Role.STAFF, now)
    db.session.commit()
    fan_out(now)
    letters = db.session.scalars(select(OutboxMessage.subject)).all()
    assert sum("au început analiza" in one for one in letters) == 2
