"""The open data of the whole demo city is what its own document says, page by page."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.json_schemas import answers_of


@pytest.fixture(scope="module")
def described(loaded_city: Flask) -> dict[str, Any]:
    """The document as a program reads it."""
    answer = loaded_city.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.get_json())


def all_pages(browser: FlaskClient, path: str) -> list[dict[str, Any]]:
    """Every page of a list, by the addresses the answers give."""
    pages: list[dict[str, Any]] = []
    while path:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        pages.append(answer.get_json())
        path = pages[-1]["links"]["next"]
    return pages


def all_items(browser: FlaskClient, name: str) -> list[dict[str, Any]]:
    """Everything of one kind."""
    path = f"/api/v1/{name}{'&' if '?' in name else '?'}limit=200"
    return [item for page in all_pages(browser, path) for item in page["data"]]


def test_every_page_is_what_the_document_says(loaded_city: Flask, described: dict[str, Any]) -> None:
    browser = loaded_city.test_client()
    names = [path.strip("/") for path in described["paths"] if "{" not in path and "." not in path]
    assert {"proposals", "rounds", "projects", "consultations", "deliveries"} <= set(names)
    for name in names:
        pages = all_pages(browser, f"/api/v1/{name}?limit=100")
        assert pages[0]["data"], f"the demo city shows no {name}"
        numbers = [item["id"] for page in pages for item in page["data"]]
        assert numbers == sorted(set(numbers))
        check = answers_of(described, f"/{name}")
        for page in pages:
            check.validate(page)
        one = browser.get(f"/api/v1/{name}/{numbers[0]}").get_json()
        answers_of(described, f"/{name}/{{number}}").validate(one)
        assert one["data"] == pages[0]["data"][0]
    assert any(item["votes"] for item in all_items(browser, "projects")), "results of past votes are told"


def test_what_people_said_and_visited_is_the_same_everywhere(loaded_city: Flask) -> None:
    browser = loaded_city.test_client()
    numbers = {one["code"]: one["id"] for one in all_items(browser, "indicators")}

    def values(code: str) -> dict[str, dict[str, Any]]:
        told = all_items(browser, f"indicator-values?indicator_id={numbers[code]}&period_kind=month")
        return {one["first_day"]: one for one in told}

    said = {one["month"]: one for one in all_items(browser, "satisfaction?kind=all")}
    satisfied = {month: one for month, one in values("K6").items() if one["missing"] != "no_data"}
    assert {month: (one["of"], one["part"], one["value"]) for month, one in satisfied.items()} == {
        month: (said[month]["answers"], said[month]["satisfied"], said[month]["share"]) for month in satisfied
    }
    assert any(one["value"] for one in satisfied.values())
    visits: dict[str, int] = {}
    for one in all_items(browser, "visits"):
        visits[one["month"]] = visits.get(one["month"], 0) + one["visits"]
    counted = [one for one in sorted(values("K11").items())[:-1] if one[1]["value"]]
    assert len(counted) > 10
    assert {month: int(one["value"]) for month, one in counted} == {
        month: visits[month] for month, _one in counted
    }
    signed = all_items(browser, "periodic-reports")[0]["id"]
    reported = {
        one["code"]: one["value"] for one in all_items(browser, f"report-indicators?report_id={signed}")
    }
    assert reported["K6"]
    assert reported["K11"]
