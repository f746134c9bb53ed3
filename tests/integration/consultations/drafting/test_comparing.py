"""Comparing two editions: told in the order of the newer text, worked out once, limited, whatever the size."""

import random

import pytest
from sqlalchemy import insert

from civic import clock
from civic.extensions import db, limiter
from consultations.drafting import comparing, queries, views
from consultations.drafting.comparing import Change
from consultations.drafting.models import Edition, Section
from consultations.models import Consultation
from tests.factories import save
from tests.integration.consultations.drafting.draftkit import open_consultation
from tests.pageclient import PageClient


def edition(one: Consultation, number: int, sections: list[tuple[int, str]]) -> Edition:
    """A published edition of these numbered sections."""
    now = clock.now()
    made = save(
        Edition(
            consultation_id=one.id, number=number, source="text", remarks={}, note="Altfel.", created_at=now,
            ready_at=now, published_at=now,
        )
    )  # fmt: skip
    rows = [
        {"edition_id": made.id, "key": key, "position": at, "kind": "paragraph", "text": text}
        for at, (key, text) in enumerate(sections)
    ]
    db.session.execute(insert(Section), rows)
    return made


def told_by_hand(old: list[tuple[int, str]], new: list[tuple[int, str]]) -> list[Change]:
    """The same difference, section by section."""
    before, after = dict(old), dict(new)
    gone: dict[int | None, list[Change]] = {}
    last: int | None = None
    for key, text in old:
        if key in after:
            last = key
        else:
            gone.setdefault(last, []).append(Change(key, text, ""))
    found = list(gone.get(None, []))
    for key, text in new:
        if before.get(key, "") != text:
            found.append(Change(key, before.get(key, ""), text))
        found += gone.get(key, [])
    return found


def test_changes_are_told_in_the_order_of_the_new_text_with_what_is_gone_where_it_stood(app) -> None:
    chance = random.Random(7)
    one = open_consultation()
    for number in range(1, 24, 2):
        old = [(key, chance.choice("abc")) for key in chance.sample(range(1, 12), chance.randrange(1, 9))]
        new = [(key, chance.choice("abc")) for key in chance.sample(range(1, 12), chance.randrange(1, 9))]
        first, second = edition(one, number, old), edition(one, number + 1, new)
        found = comparing.difference(first, second)
        assert comparing.changes(first, second, 0, 99) == told_by_hand(old, new)
        assert found.unchanged == len(set(old) & set(new))


def test_a_difference_is_worked_out_once_and_a_page_reads_its_own_texts_alone(
    client: PageClient, statements: list[str]
) -> None:
    one = open_consultation()
    edition(one, 1, [(key, f"Vechi {key}.") for key in range(1, 121)])
    edition(one, 2, [(key, f"Nou {key}.") for key in range(1, 121)])
    page = client.get("drafting.changes", consultation_id=one.id)
    assert "120 de locuri schimbate" in page.main_text
    assert "Nou 50." in page.main_text
    assert "Nou 51." not in page.main_text
    statements.clear()
    page = client.get("drafting.changes", consultation_id=one.id, page=2)
    assert "Nou 51." in page.main_text
    assert not [statement for statement in statements if "OVER (ORDER BY" in statement]
    assert "Nou 120." in client.get("drafting.changes", consultation_id=one.id, page=99).main_text


def test_the_older_edition_is_the_one_before_however_it_is_asked(client: PageClient) -> None:
    one = open_consultation()
    edition(one, 1, [(1, "Amenda e de 500 de lei.")])
    edition(one, 2, [(1, "Amenda e de 200 de lei.")])
    one_way = client.get("drafting.changes", consultation_id=one.id, **{"from": 1, "to": 2})
    other_way = client.get("drafting.changes", consultation_id=one.id, **{"from": 2, "to": 1})
    assert one_way.text_of("del") == other_way.text_of("del")
    assert "500" in one_way.text_of("del")
    same = client.get("drafting.changes", consultation_id=one.id, **{"from": 2, "to": 2})
    assert "Nu s-a schimbat nimic" in same.main_text


def test_differences_kept_are_few_and_hold_no_texts(app) -> None:
    one = open_consultation()
    made = [edition(one, number, [(1, f"Text {number}.")]) for number in range(1, 14)]
    for before in made:
        for after in made:
            comparing.difference(before, after)
    assert len(comparing._kept) == comparing.KEPT
    assert all(set(vars(kept)) == {"keys", "unchanged"} for kept in comparing._kept.values())
    assert queries.list_changed(made[0].id, made[1].id) == ([1], 1)


def test_comparing_is_limited_for_each_network(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    one = open_consultation()
    edition(one, 1, [(1, "Unu.")])
    edition(one, 2, [(1, "Doi.")])
    assert views.COMPARED == "120 per minute"
    monkeypatch.setattr(views, "COMPARED", "3 per minute")
    limiter.enabled = True
    try:
        for _time in range(3):
            client.get("drafting.changes", consultation_id=one.id)
        page = client.get("drafting.changes", consultation_id=one.id, expect=429)
    finally:
        limiter.reset()
        limiter.enabled = False
    assert "Prea multe încercări" in page.main_text
    client.get("drafting.changes", consultation_id=one.id)
