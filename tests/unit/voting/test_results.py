"""Small cells stay small secrets."""

from hypothesis import given
from hypothesis import strategies as st

from voting.results_page import LEAST_CELL, merge_small

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
    assert others is None or others[1] == left
