"""Small cells stay small secrets."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from voting.results_page import merge_small
from voting.turnout import BANDS, LEAST_CELL, age_cells, merge_bands

cells = st.lists(
    st.tuples(st.text("abc", max_size=3), st.integers(0, 60)).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1]))
    ),
    max_size=12,
)


@given(cells)
def test_no_cell_is_under_ten_or_unanimous_and_none_follows_by_subtraction(given_cells) -> None:
    shown, others = merge_small(given_cells)
    assert all(voted >= LEAST_CELL and voted < roll for _name, roll, voted in shown)
    left = sum(cell[2] for cell in given_cells) - sum(cell[2] for cell in shown)
    hidden = len(given_cells) - len(shown)
    # The total is public: what is left over is nothing, or large, or there is no cell beside it.
    assert hidden == 0 or left >= LEAST_CELL or not shown
    assert others is None or (others[1] == left and others[1] < others[0])
    # How many are on the roll of each area is public: what is left over is not all of its people either.
    left_roll = sum(cell[1] for cell in given_cells) - sum(cell[1] for cell in shown)
    assert hidden == 0 or not shown or left < left_roll


people = st.lists(
    st.tuples(st.dates(date(1930, 1, 1), date(2015, 1, 1)), st.integers(1, 40), st.integers(0, 40)).map(
        lambda row: (row[0], row[1], min(row[1:]))
    ),
    max_size=40,
)


@given(people)
def test_age_bands_are_large_lose_nobody_and_touch(rows) -> None:
    cells = age_cells(rows, date(2026, 5, 31))
    assert (sum(cell[2] for cell in cells), sum(cell[3] for cell in cells)) == (
        sum(row[1] for row in rows),
        sum(row[2] for row in rows),
    )
    shown = merge_bands(cells)
    assert all(LEAST_CELL <= voted < roll for _young, _old, roll, voted in shown)
    if shown:
        # The total is public: were a band left out, it would follow by subtraction.
        assert sum(band[3] for band in shown) == sum(row[2] for row in rows)
    assert all(one[1] + 1 == other[0] for one, other in zip(shown, shown[1:], strict=False))


def test_a_birthday_on_the_last_voting_day_counts() -> None:
    cells = age_cells([(date(2008, 5, 31), 1, 1), (date(2008, 6, 1), 1, 0)], date(2026, 5, 31))
    assert [cell[2:] for cell in cells[:2]] == [(1, 0), (1, 1)]
    assert len(cells) == len(BANDS) + 1


def test_a_small_band_joins_the_smaller_of_its_neighbours() -> None:
    cells = [(None, 17, 5, 3), (18, 24, 50, 20), (25, 34, 50, 9), (35, 44, 60, 12), (45, None, 0, 0)]
    assert merge_bands(cells) == [(None, 24, 55, 23), (25, 44, 110, 21)]
    assert merge_bands([(None, 17, 9, 9), (18, None, 9, 0)]) == []
    assert merge_bands([]) == []
