"""Small groups are not shown in a report, and cannot be worked out of what is."""

from hypothesis import given
from hypothesis import strategies as st

from civic.suppression import LEAST_CELL, suppress
from consultations.reporting.rules import AreaCell, shown_areas

COUNTS = st.lists(st.integers(0, 60), max_size=12)


@given(COUNTS)
def test_no_small_group_is_shown_and_none_is_hidden_alone(counts: list[int]) -> None:
    cells = [AreaCell(number, people, None) for number, people in enumerate(counts)]
    shown = shown_areas(cells)
    assert [cell.area_id for cell in shown] == [cell.area_id for cell in cells]
    hidden = [cell.area_id for cell in shown if cell.people is None]
    for before, after in zip(cells, shown, strict=True):
        assert after.people in (None, before.people)
        if (before.people or 0) < LEAST_CELL:
            assert after.people is None
    seen = [cell.people for cell in shown if (cell.people or 0) >= LEAST_CELL]
    if hidden and seen:
        assert len(hidden) > 1
        assert sum(counts[area] for area in hidden) >= LEAST_CELL, (
            "the total less what is shown tells nothing small"
        )


def test_an_area_nobody_came_from_is_not_told_from_a_small_one() -> None:
    shown = shown_areas([AreaCell(1, 0, 900), AreaCell(2, 25, 900), AreaCell(3, 60, 900)])
    assert [cell.people for cell in shown] == [None, None, 60]


@given(COUNTS.filter(bool))
def test_areas_are_hidden_by_the_method_of_the_questionnaires(counts: list[int]) -> None:
    shown = shown_areas([AreaCell(number, people, None) for number, people in enumerate(counts)])
    assert [cell.people for cell in shown] == suppress([counts], LEAST_CELL)[0]
