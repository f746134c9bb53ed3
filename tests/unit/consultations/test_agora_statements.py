"""What is said of opinions is said of enough people, of every group, and draws nobody out of the crowd."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.agora.opinions import compute, read_votes
from consultations.agora.statements import drawing, rules
from consultations.agora.statements.computing import from_votes, stored
from consultations.agora.statements.rules import Share

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def two_camps(people: int = 80, statements: int = 12) -> list[tuple[int, int, int]]:
    """Half of the people agree with the even statements, half with the odd ones, a tenth of the votes by chance.

    The last statement is agreed with by all, the one before by nobody.
    """
    chance = np.random.default_rng(7)
    votes = []
    for person in range(people):
        for statement in range(statements):
            own = 1 if statement % 2 == person % 2 else -1
            value = int(chance.choice([-1, 0, 1])) if chance.random() < 0.1 else own
            if statement >= statements - 2:
                value = 1 if statement == statements - 1 else -1
            votes.append((person + 1, statement + 100, value))
    return votes


@pytest.mark.parametrize(
    ("last_vote", "computed_at", "now", "due"),
    [
        (None, None, NOON, False),
        (NOON, None, NOON, True),
        (NOON - MINUTE, NOON, NOON + 99 * MINUTE, False),
        (NOON, NOON, NOON + 4 * MINUTE, False),
        (NOON, NOON, NOON + 5 * MINUTE, True),
        (NOON + MINUTE, NOON, NOON + 5 * MINUTE, True),
    ],
)
def test_opinions_are_computed_after_new_votes_and_not_at_each(
    last_vote: datetime | None, computed_at: datetime | None, now: datetime, due: bool
) -> None:
    assert rules.is_due(last_vote, computed_at, now) is due


@pytest.mark.parametrize(
    ("voted", "statements", "enough"),
    [(0, 0, False), (0, 3, False), (3, 3, True), (6, 40, False), (7, 40, True)],
)
def test_the_others_are_seen_after_one_has_voted(voted: int, statements: int, enough: bool) -> None:
    assert rules.has_voted_enough(voted, statements) is enough


def test_what_is_shared_convinces_every_group_and_what_divides_does_not() -> None:
    found = from_votes(two_camps())
    assert found.refused == ""
    shares = {
        int(number): [Share(*one) for one in groups] for number, groups in found.data["statements"].items()
    }
    assert rules.shared(shares) == [111]
    assert len(rules.divisive(shares)) == rules.MOST_SHOWN
    assert not {110, 111} & set(rules.divisive(shares))


counted = st.builds(
    lambda agree, other: Share(agree, other, agree + other), st.integers(0, 30), st.integers(0, 30)
)


@given(st.dictionaries(st.integers(1, 50), st.lists(counted, min_size=2, max_size=2)))
def test_nothing_is_said_of_a_statement_that_few_of_a_group_have_seen(shares: dict[int, list[Share]]) -> None:
    for number in rules.shared(shares) + rules.divisive(shares):
        assert all(one.seen >= rules.ENOUGH for one in shares[number])
    for number in rules.shared(shares):
        assert all(one.agree * 2 >= one.seen for one in shares[number])
    assert len(rules.shared(shares)) <= rules.MOST_SHOWN


def test_with_one_group_what_divides_is_what_splits_it_near_the_middle() -> None:
    shares = {1: [Share(10, 9, 19)], 2: [Share(19, 0, 19)], 3: [Share(2, 2, 4)], 4: [Share(0, 0, 30)]}
    assert rules.divisive(shares) == [1]


def test_what_is_stored_says_from_which_votes_and_names_nobody() -> None:
    votes = two_camps()
    found, again = from_votes(votes), from_votes(list(reversed(votes)))
    assert found == again
    assert len(found.fingerprint) == 64
    assert (found.people, found.votes, found.statements) == (80, 960, 12)
    assert sum(many for _column, _line, _group, many in found.data["squares"]) == 80
    assert sum(group["size"] for group in found.data["groups"]) == 80
    assert len(found.places) == 80
    assert all(weight > 0 for weight in found.weights.values())


def test_of_too_few_people_no_group_is_stored() -> None:
    found = from_votes(two_camps(people=20))
    assert found.refused == "people"
    assert found.data["groups"] == []
    assert {group for _column, _line, group, _many in found.data["squares"]} == {-1}
    assert {group for _person, _x, _y, group in found.places} == {None}


def test_of_no_votes_there_is_an_empty_result() -> None:
    found = from_votes([])
    assert (found.people, found.votes, found.data["squares"], found.places) == (0, 0, [], [])


def test_everybodys_place_lies_in_a_square_that_is_drawn() -> None:
    result = compute(read_votes(two_camps()))
    data = stored(result).data
    drawn = {(column, line) for column, line, _group, _many in data["squares"]}
    for x, y in result.projection.positions:
        assert drawing.square_of((float(x), float(y)), data["low"], data["side"]) in drawn


def test_a_circle_grows_with_its_people_and_stays_in_the_drawing() -> None:
    made = drawing.draw([[0, 0, 0, 1], [39, 3, 1, 400], [5, 2, -1, 9]], [0.0, 0.0], 1.0, (99.0, -5.0))
    assert [one.radius for one in made.circles] == [2.0, 9.0, 6.0]
    assert (made.width, made.height) == (400, 40)
    assert all(0 < one.x < made.width and 0 < one.y < made.height for one in made.circles)
    assert made.circles[0].y > made.circles[1].y, "up is up"
    assert made.own == (395.0, 35.0)
