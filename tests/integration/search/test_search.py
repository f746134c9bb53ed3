"""The one box: everything public by kind, nothing else, at a constant cost."""

import pytest
from flask import Flask

from civic import links
from civic.activity.queries import STREAM
from civic.content.models import NewsItem
from civic.extensions import db
from civic.imports.models import KIND as DATA_IMPORT
from civic.search import queries
from civic.search.registry import all_searched
from tests import factories
from tests.consultations_support import make_consultation
from tests.integration.imports.importkit import decision, loaded, table
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import Page, PageClient


def found(page: Page) -> list[str]:
    """The addresses that the page names in its results."""
    (results,) = [one for one in page.all("div") if one.get("id") == "found"]
    return [link.get("href", "") for link in results.iter() if "href" in link.attrib]


@pytest.mark.parametrize("typed", ["școala", "SCOALA", "Şcoala", "șco", "  școala   42 "])
def test_words_are_found_whatever_the_marks_and_the_case(client: PageClient, typed: str) -> None:
    proposal = make_proposal(title="Curtea de la Școala 42")
    assert found(client.get("search.index", q=typed)) == [f"/proposals/{proposal.id}"]


def test_every_kind_has_a_place_of_its_own(client: PageClient) -> None:
    place = factories.make_neighbourhood("Floreasca")
    proposal = make_proposal(title="Bănci în Floreasca")
    consultation = make_consultation(title="Planul pentru Floreasca", search_text="planul pentru floreasca")
    loaded(factories.make_account("staff").as_actor(), table(decision(365, "Parcul Floreasca")))
    page = client.get("search.index", q="floreasca")
    assert [heading.text for heading in page.all("h2")] == [
        "Cartiere", "Propuneri", "Consultări", "Hotărâri"
    ]  # fmt: skip
    assert found(page)[:3] == [
        f"/neighbourhoods/{place.slug}", f"/proposals/{proposal.id}", f"/consultations/{consultation.id}"
    ]  # fmt: skip


def test_what_is_not_public_is_not_found(client: PageClient) -> None:
    make_proposal(state="draft", title="Fântâna ascunsă")
    make_proposal(state="hidden", title="Fântâna retrasă")
    make_consultation("draft", search_text="fantana")
    db.session.add(
        NewsItem(
            texts={"ro": {"title": "Fântâna"}},
            published_at=None,
            created_at=factories.NOON,
            changed_at=factories.NOON,
        )
    )
    db.session.flush()
    assert "Nimic public nu conține toate aceste cuvinte" in client.get("search.index", q="fântâna").main_text


def test_the_names_of_parts_of_a_text_are_not_its_words(app: Flask, client: PageClient) -> None:
    item = NewsItem(
        texts={"ro": {"title": "Cișmelele", "summary": "", "body": "Curg din nou."}},
        published_at=factories.NOON, created_at=factories.NOON, changed_at=factories.NOON,
    )  # fmt: skip
    db.session.add(item)
    db.session.flush()
    assert found(client.get("search.index", q="cismele curg")) == [f"/news/{item.id}"]
    assert f"/news/{item.id}" not in found(client.get("search.index", q="body"))


def test_only_a_few_are_shown_and_their_own_list_has_all(client: PageClient) -> None:
    for number in range(queries.SHOWN + 1):
        make_proposal(title=f"Stâlp de iluminat {number}")
    page = client.get("search.index", q="stâlp")
    shown = found(page)
    assert len(shown) == queries.SHOWN + 1
    assert shown[-1] == "/proposals?q=st%C3%A2lp"


def test_a_whole_word_goes_before_one_that_begins_so(client: PageClient) -> None:
    whole = make_proposal(title="Un parc mic")
    make_proposal(title="Parcare pentru biciclete")
    assert found(client.get("search.index", q="parc"))[0] == f"/proposals/{whole.id}"


@pytest.mark.parametrize("typed", ["", "   ", "!!!", "a" * 5000, "' OR 1=1 --", "\\m(", "%_", "&|!():*"])
def test_no_words_are_too_strange(client: PageClient, typed: str) -> None:
    assert "Caut" in client.get("search.index", q=typed).main_text


def test_the_cost_does_not_grow_with_what_is_found(client: PageClient, statements: list[str]) -> None:
    make_proposal(title="Gard viu 0")
    client.get("search.index", q="gard")
    statements.clear()
    client.get("search.index", q="gard")
    few = len(statements)
    for number in range(1, 4):
        make_proposal(title=f"Gard viu {number}")
    statements.clear()
    client.get("search.index", q="gard")
    assert len(statements) <= few


def test_every_kind_of_subject_is_searched(app: Flask) -> None:
    # Neither a choice of events that people follow nor a table that was brought in is a thing that is looked for.
    assert {one.kind for one in all_searched()} == links.known_kinds() - {STREAM, DATA_IMPORT}
