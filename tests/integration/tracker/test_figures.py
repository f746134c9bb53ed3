"""Pictures of deliveries say the same as their tables and as open data; frames for other sites carry nothing else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.actor import SYSTEM
from civic.extensions import db
from civic.format import money
from civic.tracker import figures, rules, service
from civic.tracker.funds import service as funds
from tests import factories
from tests.integration.tracker.test_service import make
from tests.pageclient import PageClient
from tests.rounds_support import make_round

NOON = factories.NOON


def test_every_stage_is_in_one_group() -> None:
    listed = [status for stages in rules.FIGURE_GROUPS.values() for status in stages]
    assert sorted(listed) == sorted(rules.STATUSES)


def city(app: Flask) -> None:
    """Works in every group, two of one domain, one without anything, and a part that must not count twice."""
    area, domain = factories.make_neighbourhood(), factories.make_category()
    now = clock.now()
    for at, status in enumerate(sorted(rules.STATUSES)):
        reason = "Așa." if status in rules.NEEDS_REASON else ""
        where = {"neighbourhood_id": area.id, "category_id": domain.id} if at % 2 else {}
        basis = "fără TVA" if at % 4 == 0 else ""
        one = make(title=f"Lucrarea {at}", budget=Decimal(1000 + at), budget_basis=basis, **where)
        if status != one.status:
            service.change_status(SYSTEM, one.id, status, reason, now)
        if at % 3 == 0:
            funds.record_contracted(SYSTEM, one.id, Decimal(900), now)
            service.record_spent(SYSTEM, one.id, Decimal("100.50"), now)
    part = make(title="O parte", budget=Decimal(5))
    part.parent_id = one.id
    db.session.commit()


def published(app: Flask) -> list[dict[str, Any]]:
    """Every delivery as open data gives it, page by page."""
    found, after = [], 0
    while True:
        answer = app.test_client().get(f"/api/v1/deliveries?limit=5&after={after}").json
        found += answer["data"]
        if not answer["links"]["next"]:
            return found
        after = found[-1]["id"]


def test_the_page_says_what_open_data_says(app: Flask, client: PageClient) -> None:
    city(app)
    data = published(app)
    groups = [sum(one["status"] in stages for one in data) for stages in rules.FIGURE_GROUPS.values()]
    context = figures.context(clock.now())
    assert context["months"][-1]["values"] == groups
    assert [
        sum(column) for column in zip(*(area["values"] for area in context["areas"]), strict=True)
    ] == groups
    alone = [one for one in data if one["parent_id"] is None]
    for row in context["money"]:
        same = [one for one in alone if one["budget_basis"] == row["basis"]]
        for at, name in enumerate(("budget", "contracted", "spent")):
            amounts = [Decimal(one[name]) for one in same if one[name] is not None]
            assert (row["sums"][at], row["counts"][at]) == (sum(amounts, Decimal(0)), len(amounts))
    page = client.get("tracker.figures")
    assert len(context["money"]) == 2
    for row in context["money"]:
        for amount, many in zip(row["sums"], row["counts"], strict=True):
            assert not many or money(amount) in page.html
    assert page.html.count('class="multiples__one"') == sum(area["drawn"] for area in context["areas"]) == 1


def test_parts_count_where_their_umbrella_says_nothing(app: Flask) -> None:
    def work(basis: str = "", **values: Any) -> int:
        one = make(budget_basis=basis, budget=None)
        for name, value in values.items():
            setattr(one, name, value)
        db.session.flush()
        return one.id

    silent, telling = work(), work("total", budget=Decimal(70))
    part = work("cerut", budget=Decimal(30), parent_id=silent)
    work(budget=Decimal(1), parent_id=part)
    work("cerut", budget=Decimal(8), spent=Decimal(5), parent_id=telling)
    work("total", budget=Decimal(70), same_as_id=telling)
    assert {row["basis"]: (row["sums"], row["counts"]) for row in figures.money_by_basis()} == {
        "cerut": ([30, 0, 5], [1, 0, 1]),
        "total": ([70, 0, 0], [1, 0, 0]),
    }


def test_history_counts_each_work_where_it_stood(app: Flask) -> None:
    one = make()
    for days, status in ((0, "in_execution"), (40, "completed")):
        service.change_status(SYSTEM, one.id, status, "", NOON + timedelta(days=days))
    later = clock.city_date(NOON + timedelta(days=70))
    shown = figures.over_time(later, [tuple(row) for row in figures.changes_by_month()])
    names = list(rules.FIGURE_GROUPS)
    stood = [[name for name, many in zip(names, values, strict=True) if many] for _month, values in shown]
    assert stood[-4:] == [[], ["under_way"], ["finished"], ["finished"]]


def test_nothing_to_draw_is_said(app: Flask, client: PageClient) -> None:
    assert "Încă nu se implementează nimic" in client.get("tracker.figures").main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_frame_carries_nothing_but_itself(app: Flask, client: PageClient, language: str) -> None:
    one = make(title="Scuar <script>", budget=Decimal(1000))
    service.change_status(SYSTEM, one.id, "halted", "Contestație", NOON)
    round_ = make_round()
    db.session.commit()
    visitor = app.test_client()
    for kind, key in (("delivery", one.id), ("round", round_.slug)):
        answer = visitor.get(f"/embed/{kind}/{key}?lang={language}")
        assert answer.status_code == 200
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "script-src" not in policy
        assert "X-Frame-Options" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "<script" not in answer.text
        assert f'lang="{language}"' in answer.text
    assert "frame-ancestors 'none'" in visitor.get(f"/deliveries/{one.id}").headers["Content-Security-Policy"]
    for path in ("delivery/999999", "delivery/x", "round/none", "account/1"):
        assert visitor.get(f"/embed/{path}").status_code == 404


def test_a_frame_is_the_same_for_who_is_signed_in(app: Flask, client: PageClient) -> None:
    one = make()
    alone = app.test_client().get(f"/embed/delivery/{one.id}").data
    client.sign_in(factories.make_account("staff"))
    assert client.browser.get(f"/embed/delivery/{one.id}").data == alone


def test_others_are_told_what_to_copy(app: Flask, client: PageClient) -> None:
    one = make(title='Scuar "nou"')
    page = client.get("tracker.show", delivery_id=one.id)
    assert f"/embed/delivery/{one.id}?lang=ro" in page.main_text
    assert "<iframe src=" in page.main_text


def test_figures_cost_the_same_however_many(app: Flask, client: PageClient, statements: list[str]) -> None:
    make()
    counts = []
    for _number in range(2):
        client.get("tracker.figures")
        statements.clear()
        client.get("tracker.figures")
        counts.append(len(statements))
        city(app)
    assert counts[0] == counts[1]
