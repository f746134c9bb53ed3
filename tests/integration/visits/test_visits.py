"""Counting visits: in memory first, added up in the database, without anything about anybody."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.page_cache import SharedPages
from civic.visits import counting, jobs, queries, rules, service
from civic.visits.models import VisitCount
from tests.factories import NOON, save
from tests.pageclient import PageClient

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/120.0"}
DAY = date(2026, 5, 11)


@pytest.fixture
def counter(app: Flask) -> counting.Counter:
    found: counting.Counter = app.extensions["civic_visits"]
    found.take()
    return found


def stored() -> dict[tuple[str, date, str], tuple[int, int, int]]:
    db.session.expire_all()
    return {
        (one.span, one.day, one.service): (one.visits, one.pages, one.robots)
        for one in db.session.scalars(select(VisitCount))
    }


def test_pages_are_counted_by_service_and_programs_apart(app: Flask, counter: counting.Counter) -> None:
    browser = app.test_client()
    own = {**BROWSER, "Referer": "http://localhost/proposals?page=2"}
    for path, headers in [
        ("/proposals", BROWSER), ("/proposals", own), ("/agora", own), ("/proposals", {"User-Agent": "Googlebot/2.1"}),
        ("/proposals/999999", BROWSER), ("/healthz", BROWSER), ("/account", BROWSER), ("/staff", BROWSER),
        ("/proposals", {**BROWSER, "HX-Request": "true"}),
    ]:  # fmt: skip
        browser.get(path, headers=headers)
    today = clock.city_date(clock.now())
    assert counter.take() == {(today, "proposals"): [1, 2, 1], (today, "agora"): [1, 1, 0]}


def test_a_page_kept_for_strangers_counts_each_time(
    app: Flask, counter: counting.Counter, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    monkeypatch.setitem(app.extensions, "civic_pages", SharedPages(60))
    app.test_client().get("/visits", headers=BROWSER)
    statements.clear()
    app.test_client().get("/visits", headers=BROWSER)
    assert statements == []
    assert list(counter.take().values()) == [[2, 2, 0]]


def test_processes_add_to_the_same_day(app: Flask, counter: counting.Counter) -> None:
    service.add({(DAY, "agora"): [2, 5, 1]})
    service.add({(DAY, "agora"): [1, 1, 0], (DAY, "home"): [1, 1, 0]})
    assert stored() == {("day", DAY, "agora"): (3, 6, 1), ("day", DAY, "home"): (1, 1, 0)}


def test_what_cannot_be_written_waits_for_the_next_time(
    app: Flask, counter: counting.Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_counts: Any) -> None:
        raise RuntimeError

    counter.add(DAY, "home", 1, 1, 0)
    monkeypatch.setattr(service, "add", fail)
    counting.flush(app, counter)
    counter.add(DAY, "home", 0, 1, 0)
    assert counter.take() == {(DAY, "home"): [1, 2, 0]}


def test_days_of_two_years_ago_become_months(app: Flask) -> None:
    old = date(2024, 4, 3)
    for day, visits in ((old, 4), (old + timedelta(days=20), 5), (date(2024, 5, 1), 7)):
        save(VisitCount(span="day", day=day, service="home", visits=visits, pages=visits, robots=0))
    for _twice in range(2):
        jobs.fold_days(NOON)
    assert stored() == {
        ("month", date(2024, 4, 1), "home"): (9, 9, 0),
        ("day", date(2024, 5, 1), "home"): (7, 7, 0),
    }
    assert queries.count_visits(date(2024, 4, 1), date(2024, 6, 1)) == 16
    assert queries.count_visits(date(2023, 1, 1), date(2024, 1, 1)) is None


@pytest.mark.parametrize("language", ["ro", "en"])
def test_anybody_reads_the_months(client: PageClient, language: str, statements: list[str]) -> None:
    client.speak(language)
    assert ("Primele cifre apar mâine" if language == "ro" else "appear tomorrow") in client.get(
        "visits.index"
    ).main_text
    yesterday = clock.city_date(clock.now()) - timedelta(days=1)
    for number, name in enumerate(rules.ORDER):
        save(VisitCount(span="day", day=yesterday, service=name, visits=1000 + number, pages=3000, robots=7))
    save(
        VisitCount(
            span="day", day=yesterday + timedelta(days=1), service="home", visits=77777, pages=1, robots=0
        )
    )
    statements.clear()
    page = client.get("visits.index")
    assert len(statements) <= 2  # the notice for the whole site is the other
    assert ("1.000" if language == "ro" else "1,000") in page.main_text
    assert "77.7" not in page.main_text.replace(",", ".")  # today is not over
    assert "1.00" in client.get("visits.index", year="2019", part="agora").main_text.replace(",", ".")


def test_the_months_are_open_data_up_to_yesterday(app: Flask) -> None:
    today = clock.city_date(clock.now())
    old = date(2020, 4, 1)
    for span, day, name, visits in [
        ("month", old, "home", 40), ("day", date(2020, 5, 2), "agora", 3), ("day", date(2020, 5, 9), "agora", 4),
        ("day", today, "account", 77), ("day", today, "agora", 5),
    ]:  # fmt: skip
        save(VisitCount(span=span, day=day, service=name, visits=visits, pages=2 * visits, robots=1))
    told = app.test_client().get("/api/v1/visits").get_json()["data"]
    assert [(one["month"], one["part"], one["visits"], one["pages"], one["robots"]) for one in told] == [
        ("2020-04-01", "home", 40, 80, 1), ("2020-05-01", "agora", 7, 14, 2),
    ]  # fmt: skip
    again = app.test_client().get(f"/api/v1/visits?part=agora&after={told[0]['id']}").get_json()["data"]
    assert again == told[1:]
    this_month = (today.year * 12 + today.month) * 100 + rules.NUMBERS["account"]
    assert app.test_client().get(f"/api/v1/visits/{this_month}").status_code == 404, "today is not over"
