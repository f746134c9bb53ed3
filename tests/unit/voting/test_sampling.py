"""Drawing a sample and reading it; the ways of being verified in the turnout."""

import pytest

from voting.sampling.rules import drawn, share_at_most
from voting.turnout import proof_cells


def test_the_same_seed_draws_the_same_people_whatever_their_order():
    people = list(range(1, 500))
    first = drawn("4 4 2 6 1", people, 30)
    assert first == drawn("4 4 2 6 1", reversed(people), 30)
    assert len(set(first)) == 30
    assert first[:10] == drawn("4 4 2 6 1", people, 10)
    assert first != drawn("4 4 2 6 2", people, 30)
    assert drawn("x", [7], 1) == [7]


def test_everybody_is_drawn_about_as_often():
    hits = [0] * 20
    for seed in range(400):
        for person in drawn(str(seed), range(20), 5):
            hits[person] += 1
    assert all(60 < one < 140 for one in hits)


@pytest.mark.parametrize(
    ("checked", "wrong", "most"),
    [
        (0, 0, 1.0),
        (99, 0, 0.030),
        (299, 0, 0.010),
        (59, 0, 0.050),
        (100, 1, 0.047),
        (5, 5, 1.0),
        (100, 10, 0.164),
    ],
)
def test_what_a_sample_says_about_all(checked, wrong, most):
    assert share_at_most(checked, wrong) == pytest.approx(most, abs=0.0006)


def test_ways_are_told_apart_when_each_is_large():
    rows = [("declaration_email", 60, 20), ("desk", 100, 50), ("letter", 30, 12)]
    assert proof_cells(rows) == [
        (("desk",), 100, 50), (("letter",), 30, 12), (("declaration_email",), 60, 20),
    ]  # fmt: skip


def test_a_small_or_unanimous_way_is_joined_to_the_next_in_strength():
    rows = [("declaration_email", 60, 20), ("desk", 100, 50), ("letter", 30, 9)]
    assert proof_cells(rows) == [(("desk",), 100, 50), (("letter", "declaration_email"), 90, 29)]
    assert proof_cells([("desk", 100, 50), ("declaration_sms", 12, 12)]) == [
        (("desk", "declaration_sms"), 112, 62)
    ]
    assert proof_cells([("desk", 9, 9)]) == []
    assert proof_cells([]) == []
