"""A summary says only what somebody said."""

import pytest

from consultations.agora.summary.rules import can_be_published, uncited


@pytest.mark.parametrize(
    ("citations", "arguments", "possible"),
    [
        ({1: [7], 2: [8, 9]}, 30, True),
        ({1: [7], 2: []}, 30, False),
        ({}, 30, False),
        ({}, 0, True),
        ({1: []}, 0, False),
    ],
)
def test_every_sentence_cites_an_argument_or_nobody_argued(
    citations: dict[int, list[int]], arguments: int, possible: bool
) -> None:
    assert can_be_published(citations, arguments) is possible


def test_the_sentences_without_an_argument_are_named() -> None:
    assert uncited({1: [], 2: [5], 3: []}) == [1, 3]
