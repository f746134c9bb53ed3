"""Which texts of questionnaires are proposed for one theme."""

import random

import pytest

from consultations.contributions.themes import LIKENESS, alike
from consultations.texts import rules


def similar(*texts: str) -> list[list[int]]:
    """Groups of texts that one person each wrote."""
    return rules.similar([(rules.folded(text), 1) for text in texts], LIKENESS, alike)


def test_texts_that_say_the_same_in_other_words_are_one_group() -> None:
    assert similar(
        "Mai mulți copaci pe bulevardul Colentina",
        "Vreau o piscină acoperită în cartier",
        "Copaci mai mulți, pe Bulevardul COLENTINA!",
        "mai multi copaci pe bulevardul Colentina, va rog",
    ) == [[0, 2, 3]]


def test_the_largest_group_comes_first_and_a_lone_text_is_in_none() -> None:
    found = similar(
        "Locuri de parcare lângă școală", "Piscină acoperită", "Locuri de parcare lângă școala",
        "Bănci în parcul Plumbuita", "bănci în parcul Plumbuita", "Bănci, în parcul Plumbuita!",
    )  # fmt: skip
    assert found == [[3, 4, 5], [0, 2]]


def test_a_text_many_people_wrote_alike_is_a_group_of_its_own() -> None:
    assert rules.similar([("nimic", 40), ("altceva de spus", 1)], LIKENESS, alike) == [[0]]


@pytest.mark.parametrize("text", ["", "…", "da", "\n"])
def test_a_text_without_words_is_near_nothing(text: str) -> None:
    assert similar(text, "Mai mulți copaci", text) == []


def test_the_work_grows_with_the_texts_and_not_with_their_square() -> None:
    rng = random.Random(7)
    letters = "abcdefghijklmnoprstuvz"
    words = ["".join(rng.choices(letters, k=7)) for _word in range(4_000)]
    texts = [(" ".join(rng.choices(words, k=12)), 1) for _text in range(1_200)]
    compared = 0

    def counted(first: str, second: str) -> float:
        nonlocal compared
        compared += 1
        return alike(first, second)

    told: list[int] = []
    rules.similar(texts, LIKENESS, counted, told.append)
    assert compared <= len(texts) * rules.MOST_COMPARED
    assert told[-1] == len(texts)
