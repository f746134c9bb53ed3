"""Numbers become lengths without losing or inventing any."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.charts import FLOW_SCALE_HEIGHT, line_geometry, line_points, money_flow, nice_ceiling, share

POTS = [
    {
        "name": "Tot sectorul",
        "amount": Decimal(2_000_000),
        "projects": [
            {"name": "A", "amount": Decimal(900_000), "paid": Decimal(900_000)},
            {"name": "B", "amount": Decimal(600_000), "paid": Decimal(100_000)},
        ],
    },
    {"name": "Tei", "amount": Decimal(1_000_000), "projects": []},
]
WORDS = {"budget": "Buget", "paid": "Plătit", "unpaid": "De plătit"}


@pytest.mark.parametrize(
    ("value", "whole", "expected"),
    [(1, 4, 25.0), (Decimal("0.01"), 3, 0.33), (5, 4, 100.0), (-1, 4, 0.0), (1, 0, 0.0), (0, 0, 0.0)],
)
def test_a_share_is_a_percentage_that_fits_its_bar(value: Decimal, whole: int, expected: float) -> None:
    assert share(value, whole) == expected


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_the_scale_holds_every_value_and_wastes_little(value: float) -> None:
    top = nice_ceiling(value)
    assert value <= top <= value * 2.51


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (-3, 1), (1, 1), (4812, 5000), (26, 50), (0.3, 0.5), (1000, 1000)]
)
def test_the_scale_ends_at_a_round_number(value: float, top: float) -> None:
    assert nice_ceiling(value) == pytest.approx(top)


def test_a_missing_value_keeps_its_place_on_the_line() -> None:
    assert line_points([0, None, 10], 10) == [(0.0, 200.0), (600.0, 0.0)]


def test_one_point_and_no_point_draw_without_dividing_by_zero() -> None:
    drawing = line_geometry([{"values": [7]}, {"values": [None]}, {"values": []}])
    assert drawing["top"] == 10
    assert [line["path"] for line in drawing["lines"]] == ["M0.0 60.0", "", ""]
    assert drawing["ticks"] == [10, 5, 0]


def test_lines_share_one_scale() -> None:
    drawing = line_geometry([{"values": [100, 50]}, {"values": [1, 2]}])
    assert drawing["lines"][0]["path"] == "M0.0 0.0L600.0 100.0"
    assert drawing["lines"][1]["path"] == "M0.0 198.0L600.0 196.0"


def test_the_flow_gives_every_block_its_share_of_the_height() -> None:
    drawing = money_flow(Decimal(3_000_000), POTS, WORDS)
    heights = {node.label: node.height for node in drawing["nodes"]}
    assert heights["Buget"] == FLOW_SCALE_HEIGHT
    assert heights["Tot sectorul"] == FLOW_SCALE_HEIGHT * 2 / 3
    assert heights["Plătit"] == pytest.approx(100, abs=0.1)
    assert heights["De plătit"] == pytest.approx(50, abs=0.1)


def test_nothing_flows_where_nothing_is_paid() -> None:
    drawing = money_flow(Decimal(3_000_000), POTS, WORDS)
    kinds = [ribbon["kind"] for ribbon in drawing["ribbons"]]
    assert kinds.count("pot") == 2
    assert kinds.count("project") == 2
    assert kinds.count("paid") == 2
    assert kinds.count("unpaid") == 1, "project A is paid in full"


def test_blocks_of_a_column_do_not_overlap() -> None:
    nodes = money_flow(Decimal(3_000_000), POTS, WORDS)["nodes"]
    for one, other in zip(nodes, nodes[1:], strict=False):
        if one.x == other.x:
            assert other.y >= one.y + one.height


def test_an_empty_budget_is_drawn_too() -> None:
    drawing = money_flow(0, [], WORDS)
    assert drawing["height"] > 0
    assert drawing["ribbons"] == []
