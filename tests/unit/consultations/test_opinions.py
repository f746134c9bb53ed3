"""Opinion groups: the formulas, the order of votes, and the rule that shows no group that is not there."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.agora.opinions import AGREE, DISAGREE, PASS, OpinionMap, VoteTable, compute, read_votes
from consultations.agora.opinions.clusters import (
    ALL_ALIKE,
    CHANCE,
    GROUP_TOO_SMALL,
    TOO_FEW_PEOPLE,
    UNSTABLE,
    cluster,
)
from consultations.agora.opinions.consensus import divisiveness, tally
from consultations.agora.opinions.votes import MISSING
from tests import opinion_formulas as plain

VOTES = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 9), st.sampled_from([AGREE, PASS, DISAGREE])), max_size=120
)


def plain_rows(table: VoteTable) -> list[plain.Row]:
    return [[None if vote == MISSING else int(vote) for vote in row] for row in table.values]


def camps(sizes: list[int], statements: int = 20, seed: int = 1, noise: float = 0.1) -> VoteTable:
    """People of camps that agree among themselves and with nobody else; a fifth of the votes is missing."""
    chance = random.Random(seed)
    leans = [[chance.choice((AGREE, DISAGREE)) for _ in range(statements)] for _ in sizes]
    person, votes = 0, []
    for size, lean in zip(sizes, leans, strict=True):
        for _ in range(size):
            person += 1
            for statement, side in enumerate(lean, start=1):
                if chance.random() < 0.2:
                    continue
                vote = chance.choice((AGREE, PASS, DISAGREE)) if chance.random() < noise else side
                votes.append((person, statement, vote))
    return read_votes(votes)


@pytest.fixture(scope="module")
def two_camps() -> OpinionMap:
    return compute(camps([60, 30]))


def assert_equals_formulas(found: OpinionMap) -> None:
    """Every number of the result within 1e-9 of the formulas."""
    assert largest_error(found) <= 1e-9


def largest_error(found: OpinionMap) -> float:
    """The largest difference between the result and the formulas, over everything that is computed."""
    rows = plain_rows(found.table)
    labels = [-1] * len(rows)
    for group in found.groups:
        for member in group.members:
            labels[member] = group.number
    counted = [row for row, label in zip(rows, labels, strict=True) if label >= 0]
    groups = [label for label in labels if label >= 0]
    errors = [
        np.abs(found.projection.centre - plain.centres(rows)).max(),
        np.abs(found.projection.components - np.array(plain.axes(rows))).max(),
        np.abs(found.projection.positions - np.array(plain.positions(rows))).max(),
    ]
    for at in range(len(found.table.statements)):
        errors.append(abs(found.consensus[at] - plain.consensus(counted, groups, at)))
    for at in (0, len(found.table.statements) - 1):
        errors.append(abs(found.projection.extremities()[at] - plain.extremity(rows, at)))
        errors.append(abs(found.priority[at] - plain.priority(rows, at)))
    for group in found.groups if found.stable else []:
        expected = plain.stands_for(counted, groups, group.number)
        assert [(one.place, one.side) for one in group.stands_for] == [one[:2] for one in expected]
        errors += [
            abs(one.weight - weight)
            for one, (_at, _side, weight) in zip(group.stands_for, expected, strict=True)
        ]
    return float(max(errors))


def test_numbers_are_those_of_the_formulas(two_camps: OpinionMap) -> None:
    assert two_camps.stable
    assert_equals_formulas(two_camps)


@given(VOTES)
def test_the_latest_vote_of_a_person_counts(votes: list[tuple[int, int, int]]) -> None:
    table = read_votes(votes)
    kept = {(person, statement): vote for person, statement, vote in votes}
    found = {
        (int(table.people[row]), int(table.statements[column])): int(vote)
        for (row, column), vote in np.ndenumerate(table.values)
        if vote != MISSING
    }
    assert found == kept


@settings(max_examples=30)
@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_in_which_people_voted_changes_nothing(votes: list, chance: random.Random) -> None:
    latest = [(*pair, vote) for pair, vote in {(p, s): v for p, s, v in votes}.items()]
    shuffled = chance.sample(latest, len(latest))
    assert read_votes(latest).fingerprint() == read_votes(shuffled).fingerprint()
    one, other = compute(read_votes(latest)), compute(read_votes(shuffled))
    assert one.by_consensus() == other.by_consensus()
    assert np.array_equal(one.clusters.labels, other.clusters.labels)


def test_a_removed_statement_is_as_if_it_had_never_been() -> None:
    votes = [(1, 1, AGREE), (1, 2, DISAGREE), (2, 2, AGREE)]
    table = read_votes(votes, removed=[2])
    assert table.people.tolist() == [1]
    assert table.statements.tolist() == [1]
    assert table.fingerprint() == read_votes([(1, 1, AGREE)]).fingerprint()


def test_a_vote_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="agree"):
        read_votes([(1, 1, 2)])


@pytest.mark.parametrize("votes", [[], [(1, 1, AGREE)], [(person, 1, PASS) for person in range(80)]])
def test_a_debate_of_almost_nothing_has_a_result_and_no_groups(votes: list) -> None:
    found = compute(read_votes(votes))
    assert not found.stable
    assert found.group_of(1) is None
    assert found.why(1) == []
    assert len(found.by_consensus()) == len({vote[1] for vote in votes})


def test_camps_are_found_and_everybody_sees_which_is_theirs(two_camps: OpinionMap) -> None:
    assert two_camps.clusters.sizes == [60, 30]
    assert two_camps.group_of(1) == 0
    assert two_camps.group_of(90) == 1
    reasons = two_camps.why(90)
    assert reasons
    row = two_camps.table.values[89]
    assert all(row[one.place] == one.side for one in reasons)
    assert two_camps.group_of(1000) is None


def test_who_voted_on_little_stands_in_no_group() -> None:
    table = camps([60, 30])
    values = table.values.copy()
    values[0, 6:] = MISSING
    found = compute(VoteTable(table.people, table.statements, values))
    assert found.stable
    assert found.group_of(1) is None


@pytest.mark.parametrize(
    ("sizes", "why"), [([30, 15], TOO_FEW_PEOPLE), ([46, 4], GROUP_TOO_SMALL), ([150, 7], GROUP_TOO_SMALL)]
)
def test_groups_under_the_honesty_rule_are_not_shown(sizes: list[int], why: str) -> None:
    found = compute(camps(sizes))
    assert found.clusters.refused == why
    assert [group.stands_for for group in found.groups] == [[]]
    assert found.group_of(1) is None


@pytest.mark.parametrize("seed", range(5))
def test_votes_cast_by_dice_show_no_groups(seed: int) -> None:
    chance = random.Random(seed)
    votes = [(p, s, chance.choice((AGREE, PASS, DISAGREE))) for p in range(200) for s in range(12)]
    assert compute(read_votes(votes)).clusters.refused in {UNSTABLE, CHANCE}


def test_people_who_all_think_the_same_are_not_divided() -> None:
    alike = compute(read_votes((p, s, AGREE) for p in range(200) for s in range(12)))
    assert alike.clusters.refused == ALL_ALIKE


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(40, 90), st.sampled_from([0.2, 0.6, 1.0]))
def test_no_group_is_ever_shown_that_the_rule_forbids(seed: int, people: int, noise: float) -> None:
    table = camps([people - people // 4, people // 4], statements=8, seed=seed, noise=noise)
    found = compute(table)
    if found.stable:
        counted = len(found.counted)
        assert counted >= 50
        assert min(found.clusters.sizes) >= max(5, 0.05 * counted)
        assert found.clusters.stability >= 0.7
    else:
        assert len(found.groups) == 1


def test_the_same_votes_have_the_same_groups_twice(two_camps: OpinionMap) -> None:
    again = compute(two_camps.table)
    assert np.array_equal(again.clusters.labels, two_camps.clusters.labels)
    assert (again.clusters.stability, again.fingerprint) == (
        two_camps.clusters.stability,
        two_camps.fingerprint,
    )


def test_equal_positions_are_never_more_groups_than_places() -> None:
    found = cluster(np.repeat([[0.0, 0.0], [9.0, 9.0]], 40, axis=0), seed=1)
    assert found.sizes == [40, 40]
    assert found.refused is None


def test_what_a_minority_refuses_does_not_lead() -> None:
    """70 of 100 like the first statement and 30 refuse it; all can live with the second."""
    table = camps([70, 30], seed=3, noise=0.02)
    values = table.values.copy()
    values[:70, 0], values[70:, 0] = AGREE, DISAGREE
    values[:60, 1], values[60:70, 1], values[70:, 1] = AGREE, PASS, AGREE
    found = compute(VoteTable(table.people, table.statements, values))
    assert found.stable
    order = found.by_consensus()
    assert order.index(1) < order.index(0)
    counts = tally(found.table.rows(found.counted), found.clusters.labels)
    assert divisiveness(counts)[0] > 0.9


def test_an_item_opposed_by_all_or_hardly_seen_never_leads() -> None:
    """Two votes for are less than many, and votes against never unite."""
    table = camps([60, 40], seed=5)
    values = table.values.copy()
    values[:, 0] = DISAGREE
    values[:, 1] = MISSING
    values[[0, 99], 1] = AGREE
    values[:, 2] = AGREE
    found = compute(VoteTable(table.people, table.statements, values))
    order = found.by_consensus()
    assert order[0] == 2
    assert order.index(0) > order.index(1)
