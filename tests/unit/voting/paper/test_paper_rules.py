"""What is keyed, what of it counts, when a batch adds up, which sheets the dice choose."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting import rules as ballot_rules
from voting.paper.rules import (
    REASONS,
    BatchFacts,
    Entry,
    Mistyped,
    batch_problems,
    drawn,
    keying_problems,
    line_problem,
    numbers_of,
    read_entry,
    read_sheet,
)
from voting.plan import FrozenRound, PlannedGroup, PlannedPot, PlannedProject
from voting.rules import VoterLine

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GROUPS = {
    1: PlannedGroup(1, "Școli", "approval", min_choices=2, max_choices=3),
    2: PlannedGroup(2, "Străzi", "knapsack", max_cost=Decimal(500)),
    3: PlannedGroup(3, "Parcuri", "points", points_total=10, points_each=6),
    4: PlannedGroup(4, "Unul", "choose_one", max_choices=1),
    5: PlannedGroup(5, "Ordine", "ordinal", max_choices=3),
}
#: P01 … P20, four to a group; costs 100, 200, 300, 400 in each
PROJECTS = {
    f"P{at:02}": PlannedProject(
        f"P{at:02}", f"Proiect {at}", Decimal(100 * (1 + (at - 1) % 4)), 1, 1 + (at - 1) // 4
    )
    for at in range(1, 21)
}
PLAN = FrozenRound(
    1, "city", "RON", "0" * 64, NOON, NOON, NOON, {}, "open", b"", 256, {1: PlannedPot(1, "Oraș", Decimal(1000))},
    GROUPS, PROJECTS,
)  # fmt: skip
EVERY = tuple(PROJECTS)


def test_numbers_follow_the_codes() -> None:
    assert numbers_of(PLAN)["P01"] == 1
    assert numbers_of(PLAN)["P20"] == 20


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("1 2", "1=1 2=1"),
        (" 2,1 ", "1=1 2=1"),
        ("2+1", "1=1 2=1"),
        ("9*5 10*2", "9=5 10=2"),
        ("9=5;10:2", "9=5 10=2"),
        ("0", "0"),
        ("-", "-"),
        ("X", "-"),
        ("1 2 3 4", "1=1 2=1 3=1 4=1"),
        ("19 17", "17=2 19=1"),
    ],
)
def test_what_is_typed(typed: str, canonical: str) -> None:
    entry = read_entry(PLAN, EVERY, typed)
    assert entry.canonical == canonical
    assert Entry.from_canonical(canonical) == entry


@pytest.mark.parametrize(
    "typed", ["", "  ", "abc", "1 1", "21", "9", "1*2", "1.5", "²", "0 1", "- 1", "9*", "00001 "]
)
def test_what_no_sheet_says_is_sent_back(typed: str) -> None:
    with pytest.raises(Mistyped):
        read_entry(PLAN, EVERY, typed)


def test_only_what_is_printed_on_the_sheet_is_taken() -> None:
    with pytest.raises(Mistyped):
        read_entry(PLAN, EVERY[:4], "5")


@pytest.mark.parametrize(
    ("typed", "verdict", "lines"),
    [
        ("0", "blank", []),
        ("-", "rejected", [{"group": None, "reason": "unreadable"}]),
        ("1 2", "counted", []),
        ("1", "rejected", [{"group": 1, "reason": "too_few"}]),
        ("1 2 3 4", "rejected", [{"group": 1, "reason": "too_many"}]),
        ("5 6 7", "rejected", [{"group": 2, "reason": "too_dear"}]),
        ("9*6 10*5", "rejected", [{"group": 3, "reason": "points"}]),
        ("9*7", "rejected", [{"group": 3, "reason": "points"}]),
        ("9*0", "rejected", [{"group": 3, "reason": "points"}]),
        ("13 14", "rejected", [{"group": 4, "reason": "too_many"}]),
        ("17*1 18*1", "rejected", [{"group": 5, "reason": "places"}]),
        ("1 2 3 4 13", "counted", [{"group": 1, "reason": "too_many"}]),
    ],
)
def test_a_wrong_line_is_listed_and_the_others_stand(
    typed: str, verdict: str, lines: list[dict[str, object]]
) -> None:
    reading = read_sheet(PLAN, read_entry(PLAN, EVERY, typed))
    assert (reading.verdict, reading.lines) == (verdict, lines)


marked = st.dictionaries(st.integers(1, 20), st.integers(0, 9), max_size=9)


@given(marked)
def test_nothing_that_is_marked_is_dropped(marks: dict[int, int]) -> None:
    """Each part with a mark either counts whole or is listed with a reason there are words for."""
    reading = read_sheet(PLAN, Entry(marks))
    codes = {f"P{number:02}": value for number, value in marks.items()}
    touched = {PROJECTS[code].group for code in codes}
    counted = {PROJECTS[code].group for code in reading.choices}
    rejected = {group for group, _ in reading.rejected}
    assert counted | rejected == touched
    assert not counted & rejected
    assert {reason for _, reason in reading.rejected} <= set(REASONS)
    assert {code: int(value) for code, value in reading.choices.items()} == {
        code: value for code, value in codes.items() if PROJECTS[code].group in counted
    }


@given(marked)
def test_paper_and_web_follow_one_rule(marks: dict[int, int]) -> None:
    voter = VoterLine(None, frozenset({1}))
    for group in GROUPS.values():
        own = {
            f"P{number:02}": value if group.kind in ("points", "ordinal") else 1
            for number, value in marks.items()
            if PROJECTS[f"P{number:02}"].group == group.id
        }
        if own:
            online = ballot_rules.ballot_problems(
                PLAN, voter, {code: Decimal(value) for code, value in own.items()}
            )
            assert (line_problem(PLAN, group, own) is None) == (online == []), own


GOOD = BatchFacts(10, 8, 1, 1, True, 8, 8, 0, True)


@pytest.mark.parametrize(
    "change",
    [
        {"returned": 11, "keyed": 11, "settled": 11},
        {"spoilt": 0},
        {"not_returned": 2},
        {"minutes": False},
        {"keyed": 7, "settled": 7},
        {"settled": 7, "differing": 1},
        {"settled": 7},
        {"sampled": False},
        {"marks": 9},
    ],
)
def test_a_batch_that_does_not_add_up_is_not_accepted(change: dict[str, int]) -> None:
    assert batch_problems(GOOD) == []
    assert batch_problems(replace(GOOD, **change)) != []  # type: ignore[arg-type]


def test_an_empty_batch_needs_no_sample() -> None:
    assert batch_problems(BatchFacts(0, 0, 0, 0, False, 0, 0, 0, False)) == []


numbers = st.integers(0, 12)


@given(
    st.builds(
        BatchFacts,
        numbers,
        numbers,
        numbers,
        numbers,
        st.booleans(),
        numbers,
        numbers,
        numbers,
        st.booleans(),
    )
)
def test_what_is_accepted_adds_up(facts: BatchFacts) -> None:
    if batch_problems(facts):
        return
    assert facts.returned + facts.spoilt + facts.not_returned == facts.marks
    assert facts.keyed == facts.returned <= facts.marks
    assert facts.differing == 0
    assert facts.settled >= facts.keyed
    assert keying_problems(facts) == []
    assert facts.sampled or not facts.returned
    assert facts.minutes or not (facts.spoilt or facts.not_returned)


@given(
    st.text("123456", min_size=20, max_size=40),
    st.lists(st.integers(1, 10_000), unique=True, max_size=60),
    st.sampled_from((5, 99, 299)),
)
def test_the_dice_alone_choose_the_sample(dice: str, serials: list[int], size: int) -> None:
    chosen = drawn(dice, serials, size)
    assert len(chosen) == min(size, len(serials))
    assert set(chosen) <= set(serials)
    assert chosen == sorted(chosen) == drawn(dice, serials[::-1], size)
    rest = set(serials) - set(chosen)

    def place(serial: int) -> bytes:
        return hashlib.sha256(f"{dice}|{serial}".encode()).digest()

    assert not rest or not chosen or max(map(place, chosen)) < min(map(place, rest))


def test_every_sheet_is_as_likely_as_another() -> None:
    """Over many throws each of 40 sheets is drawn about as often: 5 of 40, 2,000 times, is 250 each."""
    seen = dict.fromkeys(range(1, 41), 0)
    for at in range(2000):
        digits = "".join(str(1 + (at // 6**place) % 6) for place in range(20))
        for serial in drawn(digits, list(seen), 5):
            seen[serial] += 1
    assert min(seen.values()) > 185
    assert max(seen.values()) < 320
