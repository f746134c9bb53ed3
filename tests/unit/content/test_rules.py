"""Languages of a text, addresses of pages, and Markdown out of simple HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.content.rules import (
    choose_text,
    clean_texts,
    half_written,
    is_slug,
    markdown_from_html,
)

RO = {"title": "Contact", "summary": "", "body": "Ghișeu"}
EN = {"title": "Contact us", "summary": "", "body": "Desk"}
LANGUAGES = ("ro", "en")


@pytest.mark.parametrize(
    ("texts", "wanted", "language"),
    [
        ({"ro": RO, "en": EN}, "en", "en"),
        ({"ro": RO, "en": EN}, "hu", "ro"),
        ({"ro": RO, "en": {"title": "", "body": "x"}}, "en", "ro"),
        ({"en": EN}, "ro", "en"),
        ({"de": EN}, "ro", "de"),
        ({}, "ro", "ro"),
    ],
)
def test_the_readers_language_else_the_citys(texts: dict, wanted: str, language: str) -> None:
    assert choose_text(texts, wanted, LANGUAGES).language == language


def test_unwritten_languages_are_left_out_and_half_written_ones_named() -> None:
    cleaned = clean_texts({"ro": RO, "en": {"title": " ", "body": ""}, "hu": {"title": "Kapcsolat"}})
    assert set(cleaned) == {"ro", "hu"}
    assert half_written(cleaned) == ["hu"]


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a--b", "A", "ă", "../x", "a/b", "a b", "x" * 81, "a\n"])
def test_odd_addresses_are_refused(slug: str) -> None:
    assert not is_slug(slug)


def test_simple_html_becomes_markdown() -> None:
    html = '<h2>Cum</h2><p>Vezi <a href="/rules">regulamentul</a> și <em>scrie</em>.</p><ol><li>Unu</li><li>Doi</li></ol>'
    assert markdown_from_html(html) == "## Cum\n\nVezi [regulamentul](/rules) și *scrie*.\n\n- Unu\n\n- Doi"


@given(st.text(max_size=200))
def test_any_html_is_read(html: str) -> None:
    assert isinstance(markdown_from_html(html), str)
