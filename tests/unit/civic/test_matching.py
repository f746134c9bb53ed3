"""Words that someone typed, before any database hears of them."""

import pytest

from civic.text import search_terms, search_words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Școala nr. 85!", ["scoala", "nr", "85"]),
        ("Şcoală_mică", ["scoala", "mica"]),
        ("168/2024", ["168", "2024"]),
        ("&|!():*'\\", []),
        ("", []),
    ],
)
def test_words_are_folded_and_hold_no_operator(typed: str, words: list[str]) -> None:
    assert search_words(typed) == words


def test_at_most_twelve_words_are_read() -> None:
    assert len(search_words("a " * 50)) == 12
    assert search_terms("x" * 5000) == "x" * 200 + ":*"
