"""Which ballots are valid, group by group."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting import rules
from voting.keys import CookieBox, pad, unpad
from voting.plan import FrozenRound, PlannedGroup, PlannedPot, PlannedProject, longest_ballot
from voting.rules import VoterLine, ballot_problems, changed, why_not_add

NOON = datetime(2027, 3, 12, 10, tzinfo=UTC)
HERE = VoterLine(7, frozenset({1, 2}))


def plan(**group) -> FrozenRound:
    """Two pots (the second for area 7), one group as told and one of area 7; P1…P4 in the first, L1 in the other."""
    first = PlannedGroup(**{"id": 1, "name": "Toate", "kind": "approval", **group})
    local = PlannedGroup(id=2, name="Aici", kind="choose_one", max_choices=1, area_id=7)
    projects = [PlannedProject(f"P{n}", f"Proiectul {n}", Decimal(n * 100), 1, 1) for n in range(1, 5)]
    projects += [
        PlannedProject("L1", "Local", Decimal(50), 2, 2),
        PlannedProject("W", "Retras", Decimal(1), 1, 1, True),
    ]
    return FrozenRound(
        1, "city", "RON", "ab" * 32, NOON, NOON + timedelta(days=7), NOON + timedelta(days=14), {}, "inclusion_only",
        b"", 512, {1: PlannedPot(1, "Oraș", Decimal(1000)), 2: PlannedPot(2, "Aici", Decimal(100), 7)},
        {1: first, 2: local}, {p.code: p for p in projects},
    )  # fmt: skip


def said(the_plan: FrozenRound, choices: dict[str, int], voter: VoterLine = HERE) -> list[int | None]:
    return [p.group for p in ballot_problems(the_plan, voter, {c: Decimal(v) for c, v in choices.items()})]


@pytest.mark.parametrize(
    ("group", "choices", "expected"),
    [
        ({}, {"P1": 1, "P2": 1, "P3": 1, "P4": 1}, []),
        ({"max_choices": 2}, {"P1": 1, "P2": 1}, []),
        ({"max_choices": 2}, {"P1": 1, "P2": 1, "P3": 1}, [1]),
        ({"min_choices": 2, "max_choices": 3}, {"P1": 1}, [1]),
        ({"min_choices": 2, "max_choices": 3}, {"L1": 1}, []),
        ({}, {"P1": 2}, [1]),
        ({"kind": "knapsack", "max_cost": Decimal(300)}, {"P1": 1, "P2": 1}, []),
        ({"kind": "knapsack", "max_cost": Decimal(300)}, {"P1": 1, "P3": 1}, [1]),
        ({"kind": "points", "points_total": 5}, {"P1": 3, "P2": 2}, []),
        ({"kind": "points", "points_total": 5}, {"P1": 3, "P2": 3}, [1]),
        ({"kind": "points", "points_total": 5, "points_each": 3}, {"P1": 4}, [1]),
        ({"kind": "points", "points_total": 5}, {"P1": 0}, [1]),
        ({"kind": "ordinal", "max_choices": 3}, {"P3": 1, "P1": 2}, []),
        ({"kind": "ordinal", "max_choices": 3}, {"P3": 1, "P1": 3}, [1]),
        ({}, {}, [None]),
        ({}, {"X": 1}, [None]),
        ({}, {"W": 1}, [1]),
    ],
)
def test_validity(group, choices, expected) -> None:
    assert said(plan(**group), choices) == expected


def test_only_residents_vote_on_their_neighbourhood() -> None:
    assert said(plan(), {"L1": 1}) == []
    assert said(plan(), {"L1": 1}, VoterLine(8, frozenset({1, 2}))) == [2]
    assert said(plan(), {"L1": 1}, VoterLine(7, frozenset({1}))) == [2]


@given(st.lists(st.tuples(st.sampled_from(["P1", "P2", "P3", "P4", "L1"]), st.booleans()), max_size=20))
def test_what_may_be_added_keeps_the_ballot_valid(moves) -> None:
    """Following the buttons never leads to a ballot that the review refuses."""
    for kind in (
        {"max_choices": 2},
        {"kind": "knapsack", "max_cost": Decimal(450)},
        {"kind": "ordinal", "max_choices": 3},
    ):
        the_plan, choices = plan(**kind), {}
        for code, add in moves:
            if not add:
                choices = changed(the_plan, choices, code, Decimal(0))
            elif why_not_add(the_plan, HERE, choices, code) is None:
                choices = changed(the_plan, choices, code, Decimal(1))
            assert not choices or ballot_problems(the_plan, HERE, choices) == []


@given(st.permutations(["P1", "P2", "P3"]), st.sampled_from(["P1", "P2", "P3"]))
def test_moving_up_keeps_a_ranking(order, code) -> None:
    the_plan = plan(kind="ordinal", max_choices=3)
    choices = {c: Decimal(place) for place, c in enumerate(order, start=1)}
    after = rules.moved_up(the_plan, choices, code)
    assert sorted(after.values()) == [1, 2, 3]
    assert after[code] == max(Decimal(1), choices[code] - 1)


def test_every_order_is_stable_and_its_own() -> None:
    codes = [f"P{n}" for n in range(30)]
    first = rules.shuffled(codes, lambda c: c, 1, "person 1")
    assert first == rules.shuffled(reversed(codes), lambda c: c, 1, "person 1")
    assert first != rules.shuffled(codes, lambda c: c, 1, "person 2")
    assert first != rules.shuffled(codes, lambda c: c, 2, "person 1")


@pytest.mark.parametrize(
    ("offset", "closed", "expected"),
    [
        (-1, False, False),
        (0, False, True),
        (7 * 86400 - 1, False, True),
        (7 * 86400, False, False),
        (10, True, False),
    ],
)
def test_when_the_vote_is_open(offset: int, closed: bool, expected: bool) -> None:
    assert rules.is_open(plan(), closed, NOON + timedelta(seconds=offset)) is expected


def test_every_ballot_fits_the_padding() -> None:
    the_plan = plan(kind="points", points_total=1000)
    length = longest_ballot(list(the_plan.groups.values()), list(the_plan.projects.values()))
    everything = {code: Decimal("999.25") for code in ("P1", "P2", "P3", "P4", "W")} | {"L1": Decimal(1)}
    assert len(the_plan.ballot(everything, b"\x00" * 32).render().encode()) < length


@given(st.binary(max_size=100).map(lambda raw: raw + b"\n"))
def test_padding_hides_the_length(text: bytes) -> None:
    assert unpad(pad(text, 256)) == text
    assert len(pad(text, 256)) == 256


def test_a_cookie_is_opened_by_its_own_purpose_alone() -> None:
    box, other = CookieBox("s" * 32, "a"), CookieBox("s" * 32, "b")
    text = box.close(b"{}")
    assert box.open(text) == b"{}"
    assert other.open(text) is None
    assert box.open(text[:-2] + "AA") is None
    assert box.open("ș") is None
