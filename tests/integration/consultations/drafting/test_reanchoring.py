"""The worker's looking for remarks in a new edition: killed halfway and begun again, run twice, with few questions."""

import pytest
from sqlalchemy import insert, select

from civic import clock
from civic.extensions import db
from consultations.contributions.models import Contribution
from consultations.drafting import queries, reanchoring
from consultations.drafting.models import Annotation, Edition
from consultations.models import Consultation
from tests.factories import make_resident
from tests.integration.consultations.drafting.draftkit import TEXT, open_consultation, publish, run_tasks
from tests.pageclient import PageClient


class Killed(Exception):
    """The worker's process is gone."""


def many_remarks(one: Consultation, edition: Edition, count: int, first: int = 0) -> None:
    """So many remarks, each on the words of the second half of a section."""
    now, author = clock.now(), make_resident()
    rows = queries.list_keyed(edition.id)
    entries = [
        {
            "consultation_id": one.id, "number": at + 1, "reference": f"{at + 1}/C{one.id}", "channel": "annotation",
            "author_name": "Om", "body": f"Observația {at}", "body_sha256": bytes(32),
            "folded_sha256": at.to_bytes(32, "big"), "received_at": now, "registered_at": now, "token": f"t{at}",
        }
        for at in range(first, first + count)
    ]  # fmt: skip
    ids = db.session.scalars(insert(Contribution).returning(Contribution.id), entries).all()
    made = []
    for at, entry in enumerate(ids):
        row = rows[at % len(rows)]
        start = len(row.text) // 2
        made.append(
            {
                "consultation_id": one.id, "contribution_id": entry, "author_id": author.id, "kind": "comment",
                "body": "Nu sunt de acord.", "quote": row.text[start:], "made_id": edition.id,
                "edition_id": edition.id, "key": row.key, "start": start, "end": len(row.text),
                "checked_id": edition.id, "created_at": now,
            }
        )  # fmt: skip
    db.session.execute(insert(Annotation), made)
    db.session.commit()


def places(one: Consultation) -> list[tuple[int, int, int, int, int, str]]:
    """Where every remark stands now."""
    db.session.expire_all()
    columns = (
        Annotation.checked_id, Annotation.edition_id, Annotation.key, Annotation.start, Annotation.end, Annotation.how
    )  # fmt: skip
    rows = db.session.execute(
        select(*columns).where(Annotation.consultation_id == one.id).order_by(Annotation.id)
    )
    return [tuple(row) for row in rows]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of five, so that thirty remarks are six transactions."""
    monkeypatch.setattr(reanchoring, "_BATCH", 5)


def changed() -> str:
    return TEXT.replace("Stăpânul strânge", "Fiecare stăpân strânge").replace(
        "a) punga se aruncă în coșurile marcate;", "a) se interzice hrănirea păsărilor pe alei;"
    )


def test_killed_halfway_and_begun_again_it_ends_as_if_never_stopped(app, small_batches: None) -> None:
    ends = []
    for kill in (False, True):
        one = open_consultation()
        first = publish(one)
        many_remarks(one, first, 30)
        second = publish(one, changed(), "Altfel.")
        if kill:
            steps = []

            def progress(done: int, total: int, steps: list[int] = steps) -> None:
                steps.append(done)
                if len(steps) == 3:
                    raise Killed

            with pytest.raises(Killed):
                reanchoring.reanchor_all({"consultation_id": one.id}, progress)
            db.session.rollback()
            assert queries.count_unchecked(one.id, second.id) == 15
        assert run_tasks() == 1
        assert queries.count_unchecked(one.id, second.id) == 0
        offset = {first.id: 1, second.id: 2}
        least = min(row[2] for row in places(one))
        ends.append([(offset[a], offset[b], key - least, *rest) for a, b, key, *rest in places(one)])
    assert ends[0] == ends[1]
    assert {row[1] for row in ends[0]} == {1, 2}, "some stay with their words, one of the sections is gone"


def test_run_twice_it_changes_nothing(app, small_batches: None) -> None:
    one = open_consultation()
    many_remarks(one, publish(one), 12)
    publish(one, changed(), "Altfel.")
    run_tasks()
    before = places(one)
    result = reanchoring.reanchor_all({"consultation_id": one.id}, lambda _done, _total: None)
    assert (result["found"], result["lost"]) == (0, 0)
    assert places(one) == before


def test_questions_grow_with_batches_and_not_with_remarks(app, statements: list[str]) -> None:
    asked = []
    for count in (20, 400):
        one = open_consultation()
        many_remarks(one, publish(one), count)
        publish(one, changed(), "Altfel.")
        statements.clear()
        reanchoring.reanchor_all({"consultation_id": one.id}, lambda _done, _total: None)
        asked.append(len(statements))
    assert asked[1] <= asked[0] + 2


def test_pages_of_the_text_ask_the_same_with_hundreds_of_remarks(
    client: PageClient, statements: list[str]
) -> None:
    one = open_consultation()
    edition = publish(one)
    many_remarks(one, edition, 6)
    key = queries.list_keyed(edition.id)[0].key
    pages = (
        ("drafting.text", {}), ("drafting.section", {"key": key}), ("drafting.lost", {}),
    )  # fmt: skip

    def asked() -> list[int]:
        counts = []
        for endpoint, values in pages:
            client.get(endpoint, consultation_id=one.id, **values)
            statements.clear()
            client.get(endpoint, consultation_id=one.id, **values)
            counts.append(len(statements))
        return counts

    few = asked()
    many_remarks(one, edition, 300, first=6)
    assert asked() == few
