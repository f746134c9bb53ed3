"""A split argument is its author's own words: moderators add nothing and leave nothing out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.agora.tending.rules import same_words

words = st.lists(st.text("aăâbcșț", min_size=1, max_size=6), min_size=1, max_size=8)


@given(first=words, second=words)
def test_wherever_a_text_is_cut_both_parts_are_its_words(first: list[str], second: list[str]) -> None:
    whole = " ".join(first) + ", iar " + " ".join(second)
    assert same_words(whole, " ".join(first) + ".", "Iar " + " ".join(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [("E scump.", "Copacii mor."), ("E foarte scump.", "Iar copacii mor."), ("Iar copacii mor.", "E scump.")],
)
def test_other_words_are_not_the_authors(first: str, second: str) -> None:
    assert not same_words("E scump, iar copacii mor.", first, second)
