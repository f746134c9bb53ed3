"""A summary is read into sentences, and each knows what it rests on."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.summaries.rules import MAX_TEXT, read, split


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Se cere o bancă. Se cere și umbră.", 2),
        ("Art. 4 alin. (2) lit. a) se schimbă, potrivit nr. 12 din 2026.", 1),
        ("Ce cere dl. Popescu? Nimic.", 2),
        ("A. Ionescu cere o rampă.", 1),
        ("fără punct", 1),
        ("", 0),
    ],
)
def test_a_full_stop_of_an_abbreviation_ends_no_sentence(text: str, sentences: int) -> None:
    assert len(split(text)) == sentences


def test_every_sentence_has_its_own_sources() -> None:
    first, second, third = read("Mulți cer umbră [3, T2]. Unii vor apă. [4] Alții nu [5] [3].\n")
    assert (first.text, first.numbers, first.themes) == ("Mulți cer umbră.", (3,), (2,))
    assert (second.text, second.numbers) == ("Unii vor apă.", (4,))
    assert (third.text, third.numbers) == ("Alții nu.", (5, 3))


def test_only_the_sentence_before_the_bracket_rests_on_it() -> None:
    found = read("Toți sunt mulțumiți. Unul cere o bancă [3]. Restul tace.")
    assert [one.rests for one in found] == [False, True, False]


def test_a_sentence_goes_on_after_its_sources() -> None:
    first, second = read(
        "Un rezumat este cerut și el [2], iar o asociație îl vrea în maghiară [4]. Atât [5]."
    )
    assert (first.text, first.numbers) == (
        "Un rezumat este cerut și el, iar o asociație îl vrea în maghiară.",
        (2, 4),
    )
    assert second.numbers == (5,)
    assert [one.numbers for one in read("Unii cer umbră [2], iar restul tace.")] == [(2,)]


def test_what_is_no_source_is_text() -> None:
    assert [one.rests for one in read("Se cere [sic] o bancă. [3]\n\nNimic [].")] == [True, False]


def test_paragraphs_are_kept() -> None:
    assert [one.paragraph for one in read("Unu [1]. Doi [2].\n\nTrei [3].")] == [0, 0, 1]


@pytest.mark.parametrize("sign", [".", " ", "a", "[", "[1] ", "A. ", ".)"])
def test_a_long_text_of_one_sign_is_read_at_once(sign: str) -> None:
    began = time.perf_counter()
    read(sign * (MAX_TEXT // len(sign)) + "x. Y")
    assert time.perf_counter() - began < 2


@given(st.text(alphabet="Aa.[]T1,2 \n!ș", max_size=60))
def test_any_text_is_read_and_no_word_is_lost(text: str) -> None:
    letters = [sign for sign in text if sign in "aș"]
    assert [sign for one in read(text) for sign in one.text if sign in "aș"] == letters
