"""What is published of the turnout at night: large cells, large changes, and nothing to be had by subtraction."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from voting.nightly.figures import NOWHERE, Cell, Counts, next_cells, next_figures, with_day
from voting.turnout import LEAST_CELL

NIGHT = date(2027, 3, 1)

#: By cell: people on the roll, and for each night how many more have voted.
votes = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4", NOWHERE]),
    st.lists(st.integers(0, 30), min_size=6, max_size=6),
    min_size=1,
)


def nights(growth: dict[str, list[int]], spare: int) -> list[dict[str, Cell]]:
    """The cells of each night; in the end `spare` people of each cell have not voted."""
    rolls = {name: sum(more) + spare for name, more in growth.items()}
    return [
        {name: Cell(rolls[name], sum(more[: night + 1])) for name, more in growth.items()}
        for night in range(6)
    ]


def figures_of(days: list[dict[str, Cell]]) -> list[dict[str, Any]]:
    published: list[dict[str, Any]] = [{}]
    for at, cells in enumerate(days):
        total = Cell(sum(c.roll for c in cells.values()) + 1, sum(c.voted for c in cells.values()))
        published.append(next_figures(published[-1], Counts(total, {"areas": cells}), NIGHT + timedelta(at)))
    return published


def apart(figures: dict[str, Any]) -> int:
    return int(figures.get("voted", 0)) - sum(figures.get("tables", {}).get("areas", {}).values())


@settings(max_examples=500)
@given(votes, st.integers(0, 2))
def test_neither_a_figure_nor_its_change_is_small(growth: dict[str, list[int]], spare: int) -> None:
    days = nights(growth, spare)
    published = figures_of(days)
    for before, after, cells in zip(published, published[1:], days, strict=False):
        old, new = (one.get("tables", {}).get("areas", {}) for one in (before, after))
        assert NOWHERE not in new
        changes = [after.get("voted", 0) - before.get("voted", 0), apart(after) - apart(before)]
        changes += [new.get(name, 0) - old.get(name, 0) for name in {*old, *new}]
        assert all(change == 0 or abs(change) >= LEAST_CELL for change in changes)
        assert all(value >= LEAST_CELL for value in new.values())
        assert apart(after) == 0 or apart(after) >= LEAST_CELL
        if after != before:
            fresh = [name for name in new if new[name] != old.get(name)]
            assert all(new[name] == cells[name].voted < cells[name].roll for name in fresh)
            rest = [cell for name, cell in cells.items() if name not in fresh]
            # What of the others is known exactly is their sum: it never says that all of them voted.
            if fresh and rest:
                assert sum(cell.voted for cell in rest) < sum(cell.roll for cell in rest)


@given(votes)
def test_a_night_without_change_publishes_the_same(growth: dict[str, list[int]]) -> None:
    cells = nights(growth, 1)[-1]
    total = Cell(10_000, sum(cell.voted for cell in cells.values()))
    once = next_figures({}, Counts(total, {"areas": cells}), NIGHT)
    assert next_figures(once, Counts(total, {"areas": cells}), NIGHT + timedelta(1)) == once


def test_a_cell_that_changed_little_keeps_its_old_figure_with_another() -> None:
    """Renewing Tei and Crâng would tell by subtraction that three people of Obor voted meanwhile."""
    shown = {"tei": 20, "obor": 30, "crang": 40}
    cells = {"tei": Cell(90, 35), "obor": Cell(90, 33), "crang": Cell(90, 52)}
    assert next_cells(shown, cells, 90, 120) == {"tei": 35, "obor": 30, "crang": 40}


def test_too_little_change_in_all_changes_nothing() -> None:
    before = next_figures({}, Counts(Cell(100, 40), {"areas": {"1": Cell(100, 40)}}), NIGHT)
    assert before["voted"] == 40
    assert before["tables"] == {"areas": {"1": 40}}
    after = next_figures(before, Counts(Cell(100, 49), {"areas": {"1": Cell(100, 49)}}), NIGHT)
    assert after == before
    everybody = Counts(Cell(100, 100), {"areas": {"1": Cell(100, 100)}})
    assert next_figures(before, everybody, NIGHT) == before


def test_votes_moving_from_one_channel_to_another_are_not_told_by_ones() -> None:
    shown = {"online": 100, "desk": 20}
    cells = {"online": Cell(500, 97), "desk": Cell(500, 43)}
    assert next_cells(shown, cells, 120, 140) == {"online": 100, "desk": 20}
    cells = {"online": Cell(500, 80), "desk": Cell(500, 60)}
    assert next_cells(shown, cells, 120, 140) == {"online": 80, "desk": 60}


def test_the_day_of_the_centenarians_shows() -> None:
    born = [(date(1930, 1, 1), 400, 300), (date(1980, 1, 1), 900, 40), (date(2005, 1, 1), 300, 4)]
    day = with_day({"days": []}, NIGHT, born, date(2027, 3, 10))["days"][0]
    assert day["night"] == "2027-03-01"
    assert [95, None, 300] in day["ages"]
    assert all(people >= LEAST_CELL for _youngest, _oldest, people in day["ages"])
    assert sum(people for *_band, people in day["ages"]) == 344
