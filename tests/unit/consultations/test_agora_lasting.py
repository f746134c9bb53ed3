"""What a debate's health shows is of at least five people, and what it hides cannot be computed from the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.agora.lasting.rules import LEAST, Area, Heat, heat_of, is_quiet, shown_areas, shown_pair

counts = st.lists(st.integers(0, 30), min_size=1, max_size=12)


@given(counts=counts, unknown=st.integers(0, 30))
def test_no_small_cell_can_be_read_or_computed(counts: list[int], unknown: int) -> None:
    areas, beside = shown_areas([Area(at, "", people, None) for at, people in enumerate(counts)], unknown)
    true, shown = [*counts, unknown], [*(area.people for area in areas), beside]
    assert all(figure in (None, real) for figure, real in zip(shown, true, strict=True))
    assert all(figure is None or figure >= LEAST for figure in shown)
    hidden = [real for figure, real in zip(shown, true, strict=True) if figure is None]
    assert not hidden or len(hidden) == len(true) or (len(hidden) >= 2 and sum(hidden) >= LEAST)


@given(new=st.integers(0, 40), known=st.integers(0, 40))
def test_a_share_is_shown_of_two_groups_that_are_no_handful(new: int, known: int) -> None:
    shown = shown_pair(new, known)
    assert shown in ((new, known), (None, None))
    assert (shown == (new, known)) == (min(new, known) >= LEAST)


@pytest.mark.parametrize(
    ("people", "population", "quiet"),
    [(None, 1000, True), (10, 1000, False), (4, 1000, True), (10, None, False), (5, 1000, False)],
)
def test_an_area_is_quiet_below_half_of_what_its_residents_would_make(
    people: int | None, population: int | None, quiet: bool
) -> None:
    assert is_quiet(Area(1, "", people, population), 100, 10_000) is quiet


@pytest.mark.parametrize(
    ("last_day", "total", "days", "apart", "heat"),
    [
        (0, 0, 1, None, Heat.CALM), (30, 60, 6, 0.1, Heat.FAST), (30, 600, 6, 0.4, Heat.DIVISIVE),
        (30, 60, 6, 0.4, Heat.HOT), (9, 9, 30, None, Heat.CALM),
    ],
)  # fmt: skip
def test_heat_is_speed_and_distance(
    last_day: int, total: int, days: int, apart: float | None, heat: Heat
) -> None:
    assert heat_of(last_day, total, days, apart) is heat
