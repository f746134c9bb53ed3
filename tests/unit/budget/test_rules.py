"""Sums are exact, what is not stated is no zero, and what does not add up is said."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic.budget import rules, treemap

D = Decimal


def test_a_sum_says_of_how_many_it_is() -> None:
    made = rules.sum_of([D("1.10"), None, D("-0.10")])
    assert (made.amount, made.stated, made.of, made.whole) == (D("1.00"), 2, 3, False)
    assert not rules.sum_of([]).whole


@pytest.mark.parametrize(
    ("stated", "parts", "difference"),
    [
        (D("10.00"), [D("4"), D("6.01")], D("0.01")),
        (D("10.00"), [D("12"), D("-3")], D("-1.00")),
        (D("10.00"), [D("12"), D("-2")], None),
        (D("10.00"), [D("4"), None], None),
        (None, [D("4")], None),
        (D("10.00"), [], None),
    ],
)
def test_what_does_not_add_up_is_found_only_where_all_is_stated(
    stated: Decimal | None, parts: list[Decimal | None], difference: Decimal | None
) -> None:
    found = rules.mismatch(stated, parts)
    assert (found.difference if found else None) == difference


def test_a_change_from_nothing_has_no_share() -> None:
    assert rules.change(D("5"), D("4")) == (D("1"), D("0.25"))
    assert rules.change(D("5"), D("0")) == (D("5"), None)
    assert rules.change(None, D("4")) is None
    assert rules.share_of(D("1"), D("0")) is None


@given(st.lists(st.integers(1, 10**14), min_size=1, max_size=40))
@example([1, 2_719_983_419])
@example([1, 1, 1, 1, 9_161_290_871, 36_645_163_505])
def test_rectangles_are_as_large_as_their_amounts_and_lie_inside(cents: list[int]) -> None:
    amounts = sorted((D(one) / 100 for one in cents), reverse=True)
    placed = treemap.boxes(amounts, 1000.0, 400.0)
    assert len(placed) == len(amounts)
    whole = sum(amounts)
    for amount, box in zip(amounts, placed, strict=True):
        assert box.width * box.height == pytest.approx(float(amount / whole) * 400_000, rel=1e-6, abs=1e-3)
        assert -1e-6 <= box.x <= box.x + box.width <= 1000 + 1e-4
        assert -1e-6 <= box.y <= box.y + box.height <= 400 + 1e-4


def test_rectangles_do_not_cover_each_other() -> None:
    placed = treemap.boxes([D(n) for n in (50, 30, 10, 5, 3, 1, 1)], 300.0, 500.0)
    for number, one in enumerate(placed):
        for other in placed[number + 1 :]:
            beside = one.x + one.width <= other.x + 1e-6 or other.x + other.width <= one.x + 1e-6
            above = one.y + one.height <= other.y + 1e-6 or other.y + other.height <= one.y + 1e-6
            assert beside or above


def test_rectangles_lose_the_words_that_most_begin_with() -> None:
    names = [
        "Cheltuieli efectuate pentru cultură",
        "cheltuieli efectuate pentru învățământ",
        "Cheltuieli privind datoria",
    ]
    assert treemap.told_apart([*names, "Autorități executive"]) == [
        "Cultură", "Învățământ", "Privind datoria", "Autorități executive",
    ]  # fmt: skip
    assert treemap.told_apart(["Impozit pe venit", "Impozit pe clădiri", "Cote", "Taxe", "Amenzi"]) == [
        "Impozit pe venit", "Impozit pe clădiri", "Cote", "Taxe", "Amenzi",
    ], "two of five are no habit"  # fmt: skip
    assert treemap.told_apart(["chirii", "chirii"]) == ["Chirii", "Chirii"]


def test_words_are_wrapped_whole() -> None:
    assert treemap.wrapped("unu doi trei", 7, 3) == ["unu doi", "trei"]
    assert treemap.wrapped("foartelungcuvânt", 6, 2) == ["foart…"]
    assert treemap.wrapped("unu doi trei", 4, 0) == []
