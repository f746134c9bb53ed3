"""Words are found in a very long register as in a short one: whichever way is taken, it finds the same."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import matching
from civic.extensions import db
from civic.purchases import queries
from civic.purchases.models import Purchase
from civic.purchases.queries import Filters
from civic.search import queries as box
from civic.search.registry import all_searched
from tests import factories
from tests.integration.imports.importkit import counts, loaded, table
from tests.integration.purchases.purchasekit import buy
from tests.integration.tracker.test_service import make
from tests.pageclient import PageClient


@pytest.fixture
def register(app: Flask) -> list[Any]:
    """Thirty purchases: every one is of banks, every third of a park, the two oldest of a fountain."""
    staff = factories.make_account("staff").as_actor()
    made = []
    for number in range(30):
        title = f"Bănci {'pentru parc ' * (number % 3 == 0)}{'și fântână' * (number < 2)}"
        made.append(buy(staff, title=title, year=2000 + number // 3, supplier=f"Furnizor {number}"))
    return made[::-1]


@pytest.mark.parametrize(
    "typed", ["banci", "parc", "fantana", "banci fantana", "furnizor 7", "parc fantana", "avion", "?!"]
)
@pytest.mark.parametrize("looked", [(5,), (3, 12), (1_000,)])
def test_what_has_the_words_is_found(
    register: list[Any], monkeypatch: pytest.MonkeyPatch, typed: str, looked: tuple[int, ...]
) -> None:
    monkeypatch.setattr(matching, "LOOKED", looked)
    monkeypatch.setattr(matching, "RARE", 0)
    words = matching.search_words(typed)
    expected = [
        one.id
        for one in register
        if words and all(any(part.startswith(word) for part in one.search_text.split()) for word in words)
    ]
    found: list[int] = []
    after, page = None, None
    while page is None or page.further:
        page = queries.find_page(Filters(text=typed), after, size=2)
        found += [one.id for one in page.rows]
        if page.total > page.most:
            assert 2 < page.most <= len(expected)
        else:
            assert page.total == len(expected)
        after = (page.rows[-1].year, page.rows[-1].id) if page.rows else None
    assert found == expected
    if words:
        told = box.find_best([one for one in all_searched() if one.kind == "purchase"], typed)
        assert set(told.get("purchase", [])) <= set(expected)
        assert len(told.get("purchase", [])) == min(len(expected), box.SHOWN + 1)


def test_a_register_too_long_to_count_says_more_than(
    register: list[Any], client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "LOOKED", (28,))
    page = client.get("purchases.index", q="bănci")
    assert "Peste 28 de rezultate" in page.main_text
    assert "2 rezultate" in client.get("purchases.index", q="fântână").main_text
    monkeypatch.setattr(queries, "MOST_COUNTED", 20)
    assert "Peste 20 de rezultate" in client.get("purchases.index").main_text


def test_purchases_are_tied_to_the_one_work_of_their_name_and_of_a_year_that_can_be(app: Flask) -> None:
    staff = factories.make_account("staff").as_actor()
    park = make(title="Parcul Ștefan")
    for _double in range(2):
        make(title="Aleea")
    head = "nr,titlu,data contractului,proiect"
    one = loaded(
        staff,
        table("1,Bănci,05.06.1998,PARCUL ȘTEFAN", "2,Pavele,31.12.2055,Aleea", "3,Arbori,05.06.1985,", head=head),
        dataset="purchases", without_refused=True,
    )  # fmt: skip
    assert counts(one) == (2, 0, 0, 1)
    found = db.session.scalars(select(Purchase).order_by(Purchase.year)).all()
    assert [(row.title, row.year, row.delivery_id) for row in found] == [
        ("Bănci", 1998, park.id), ("Pavele", 2055, None),
    ]  # fmt: skip
