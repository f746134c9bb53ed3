"""The open data as a program meets it: pages, conditions, refusals, and what is not there."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from civic.actor import SYSTEM
from civic.extensions import db
from civic.text import romanian_sort_key
from civic.tracker import service
from proposals.rules import State
from tests import factories
from tests.consultations_support import make_consultation
from tests.factories import NOON
from tests.integration.proposals.makers import make_proposal, make_round
from tests.integration.voting import votingkit
from tests.pageclient import PageClient
from voting.models import ProjectOutcome
from voting.project_queries import list_projects


def make_deliveries(count: int, **values: Any) -> list[int]:
    """Some works; their numbers."""
    defaults = {
        "budget": None,
        "currency": "RON",
        "neighbourhood_id": None,
        "category_id": None,
        "origin": None,
    }
    made = [
        service.create_delivery(
            **{**defaults, "title": f"Lucrarea {at}", **values}, actor=SYSTEM, now=NOON
        ).id
        for at in range(count)
    ]
    db.session.commit()
    return made


def ask(app: Flask, path: str, **headers: str) -> TestResponse:
    """An answer to a program that carries no cookie."""
    return app.test_client().get(f"/api/v1/{path}", headers=headers)


def test_a_list_is_read_to_its_end_by_the_addresses_it_gives(app: Flask) -> None:
    made = make_deliveries(5)
    seen: list[int] = []
    path = f"deliveries?limit=2&after={made[0] - 1}"
    while path:
        answer = ask(app, path).get_json()
        assert len(answer["data"]) <= 2
        seen += [item["id"] for item in answer["data"]]
        path = (answer["links"]["next"] or "").partition("/api/v1/")[2]
    assert seen == made


def test_lists_are_narrowed(app: Flask) -> None:
    area = factories.make_neighbourhood()
    (inside,) = make_deliveries(1, neighbourhood_id=area.id)
    make_deliveries(1)
    (item,) = ask(app, f"deliveries?neighbourhood_id={area.id}").get_json()["data"]
    assert item["id"] == inside
    assert ask(app, f"deliveries?neighbourhood_id={area.id}&status=halted").get_json()["data"] == []
    later = (NOON + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ask(app, f"deliveries?neighbourhood_id={area.id}&changed_since={later}").get_json()["data"] == []


def test_an_unchanged_page_is_not_sent_again(app: Flask) -> None:
    make_deliveries(1)
    first = ask(app, "deliveries")
    etag = first.headers["ETag"]
    again = ask(app, "deliveries", **{"If-None-Match": etag})
    assert (again.status_code, again.get_data()) == (304, b"")
    make_deliveries(1)
    changed = ask(app, "deliveries", **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_pages_of_other_sites_may_read_it(app: Flask) -> None:
    for path, status in (("rounds", 200), ("nothing", 404), ("rounds?x=1", 400)):
        answer = ask(app, path)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, "*")
        assert "Set-Cookie" not in answer.headers
    asked_first = app.test_client().options("/api/v1/rounds")
    assert asked_first.headers["Access-Control-Allow-Headers"] == "If-None-Match"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("nothing", 404, ""),
        ("deliveries/999999", 404, ""),
        ("deliveries/0", 400, "number: not a whole number"),
        ("deliveries/x", 400, "number: not a whole number"),
        ("deliveries/1/2", 404, ""),
        ("deliveries/1?limit=2", 400, "limit: no such parameter"),
        ("deliveries?limit=0", 400, "limit: not a whole number"),
        ("deliveries?limit=201", 400, "limit: at most 200"),
        ("deliveries?after=-1", 400, "after: not a whole number"),
        ("deliveries?after=99999999999", 400, "after: not a whole number"),
        ("deliveries?after=%D9%A1", 400, "after: not a whole number"),
        ("deliveries?limit=1&limit=2", 400, "limit: said twice"),
        ("deliveries?order=title", 400, "order: no such parameter; there are after,"),
        ("deliveries?status=asleep", 400, "status: not one of in_evaluation"),
        ("deliveries?status=", 400, "status: not one of"),
        ("deliveries?changed_since=yesterday", 400, "changed_since: not a moment"),
        ("deliveries?changed_since=0001-01-01T00:00:00%2B14:00", 200, ""),
        ("deliveries?changed_since=9999-12-31T23:59:59-12:00", 200, ""),
        ("proposals?state=draft", 400, "state: not one of"),
        ("consultations?kind=%00", 400, "kind: not one of"),
    ],
)
def test_a_wrong_question_is_answered_with_what_is_wrong(
    app: Flask, path: str, status: int, said: str
) -> None:
    answer = ask(app, path)
    assert answer.status_code == status
    if status != 200:
        assert answer.mimetype == "application/problem+json"
        problem = answer.get_json()
        assert problem["status"] == status
        assert said in problem["detail"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_can_be_changed(app: Flask) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(app.test_client(), method)("/api/v1/deliveries")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
        assert answer.get_json()["status"] == 405
        assert (answer.mimetype, answer.headers["Access-Control-Allow-Origin"]) == (
            "application/problem+json",
            "*",
        )
    for path, status, mimetype in (("", 404, "application/problem+json"), ("-", 404, "text/html")):
        answer = app.test_client().get(f"/api/v1{path}")
        assert (answer.status_code, answer.mimetype) == (status, mimetype)


def test_only_what_is_public_is_there(app: Flask) -> None:
    draft, waiting = make_proposal(State.DRAFT), make_proposal(State.SUBMITTED)
    hidden, shown = make_proposal(State.HIDDEN), make_proposal()
    unknown_round = make_round()
    unknown_round.published_at = None
    db.session.commit()
    entered = make_proposal(round_id=unknown_round.id)
    announced, unannounced = make_consultation(), make_consultation("draft")
    for one in (draft, waiting, hidden):
        assert ask(app, f"proposals/{one.id}").status_code == 404
    assert ask(app, f"proposals/{shown.id}").status_code == 200
    assert ask(app, f"proposals/{entered.id}").get_json()["data"]["round_id"] is None
    assert ask(app, f"rounds/{unknown_round.id}").status_code == 404
    assert ask(app, f"phases?round_id={unknown_round.id}").get_json()["data"] == []
    assert ask(app, f"consultations/{announced.id}").status_code == 200
    assert ask(app, f"consultations/{unannounced.id}").status_code == 404


def test_nobody_is_named(app: Flask) -> None:
    author = factories.make_account(display_name="Elisabeta Numeroasă", email="elisabeta@civic.example")
    proposal = make_proposal(author=author)
    for path in ("proposals", f"proposals/{proposal.id}"):
        text = ask(app, path).get_data(as_text=True)
        assert "Elisabeta" not in text
        assert "elisabeta@" not in text


def test_pages_cost_one_question(app: Flask, statements: list[str]) -> None:
    make_deliveries(1)
    ask(app, "deliveries")
    statements.clear()
    ask(app, "deliveries?limit=1")
    few = len(statements)
    make_deliveries(30)
    for _ in range(3):
        make_proposal()
    statements.clear()
    ask(app, "deliveries")
    assert len(statements) == few <= 2
    statements.clear()
    ask(app, "proposals")
    assert len(statements) <= 2


def test_no_result_is_told_before_it_is_published(app: Flask) -> None:
    round_ = votingkit.make_round()
    first, *_rest = list_projects(round_.id)
    db.session.add(
        ProjectOutcome(
            project_id=first.id, round_id=round_.id, pot_id=first.pot_id, position=1, rank=1, votes=17,
            score=Decimal(17), standing="winner", step=1,
        )
    )  # fmt: skip
    db.session.commit()
    told = ask(app, f"projects?round_id={round_.id}").get_json()["data"]
    assert [item["code"] for item in told] == ["P1", "P2", "P3", "P4"]
    for item in told:
        assert (item["votes"], item["score"], item["rank"], item["standing"]) == (None,) * 4
    assert ask(app, f"projects?round_id={round_.id}&standing=winner").get_json()["data"] == []


@pytest.mark.parametrize("language", ["ro", "en"])
def test_people_read_what_there_is(client: PageClient, language: str) -> None:
    client.speak(language)
    page = client.get("opendata.index_page")
    titles = [
        romanian_sort_key(link.text or "")
        for link in page.all("a")
        if "/open-data/" in link.get("href") and "." not in link.get("href")
    ]
    assert len(titles) > 9
    assert titles == sorted(titles), "as a reader looks for them, in the language of the page"
    page = client.get("opendata.dictionary", name="deliveries")
    assert page.text_of("h1") == {"ro": "Implementări", "en": "Deliveries"}[language]
    client.get("opendata.dictionary", name="nothing", expect=404)
