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
    return [item for page in all_pages(browser, f"/api/v1/{name}?limit=200") for item in page["data"]]


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
