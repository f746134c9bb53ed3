"""Adding up inhabitants by age: totals are not added to their parts, a band that is cut says so."""

import pytest

from civic.population.rules import Band, People, ages_in, people_from

PARTS = [Band(0, 15, 150), Band(16, 24, 90), Band(25, 64, 500), Band(65, None, 200)]


@pytest.mark.parametrize(
    ("words", "ages"),
    [("16-24", (16, 24)), ("0 – 15 ani", (0, 15)), ("65 de ani și peste", (65, None)), ("65 ani și peste", (65, None)),
     ("80+", (80, None)), ("Total", (0, None)), ("", (0, None)), ("24-16", None), ("tineri", None)],
)  # fmt: skip
def test_bands_are_read_as_sources_write_them(words: str, ages: tuple[int, int | None] | None) -> None:
    if ages is None:
        with pytest.raises(ValueError, match=words or None):
            ages_in(words)
    else:
        assert ages_in(words) == ages


@pytest.mark.parametrize(
    ("least", "expected"),
    [(0, People(940, False)), (16, People(790, False)), (18, People(770, True)), (65, People(200, False)), (70, None)],
)  # fmt: skip
def test_people_of_at_least_an_age(least: int, expected: People | None) -> None:
    assert people_from(PARTS, least) == expected


def test_a_total_stands_beside_its_parts() -> None:
    assert people_from([Band(0, None, 941), *PARTS], 0) == People(941, False)
    assert people_from([Band(0, None, 941), *PARTS], 16) == People(790, False)
    assert people_from([Band(0, None, 941)], 16) is None
    assert people_from([], 0) is None
