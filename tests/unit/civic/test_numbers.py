"""Whole numbers out of anything."""

import pytest
from flask import Flask

from civic.numbers import MOST, page_number, sent_numbers, whole_number


@pytest.mark.parametrize(
    "typed", [None, "", "-1", "+1", "1.0", "1e3", " 1", "²", "٣", "9" * 5000, str(MOST + 1), "\x001"]
)
def test_what_is_no_number_of_a_row(typed):
    assert whole_number(typed) is None


def test_numbers():
    assert whole_number("0") == 0
    assert whole_number(str(MOST)) == MOST
    assert whole_number("0017") == 17
    assert whole_number("11", 10) is None


@pytest.mark.parametrize(
    ("query", "page"),
    [("", 1), ("?page=3", 3), ("?page=0", 1), ("?page=-2", 1), ("?page=x", 1), (f"?page={'9' * 30}", 1)],
)
def test_pages(query, page):
    with Flask("x").test_request_context(f"/{query}"):
        assert page_number() == page


def test_numbers_sent_under_one_name():
    sent = {"ids": ["7", "٣", "x", "", "1e3", "-1", "8", "7"]}
    with Flask("x").test_request_context("/", method="POST", data=sent):
        assert sent_numbers("ids") == [7, 8, 7]
        assert sent_numbers("ids", most=1) == [7]
        assert sent_numbers("others") == []
