"""Opinion groups on real conversations: formulas, stability beside k-means++, and whom the ranking serves."""

from pathlib import Path

import pytest

from bench.opinions import gain_of_default_order
from consultations.agora.opinions import compute
from consultations.agora.opinions.clusters import UNSTABLE
from tests.polis import CONVERSATIONS, read_conversation
from tests.unit.consultations.test_opinions import assert_equals_formulas

pytestmark = pytest.mark.shared_data


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_numbers_are_those_of_the_formulas(shared_data: Path, name: str) -> None:
    assert_equals_formulas(compute(read_conversation(shared_data, name)))


@pytest.mark.parametrize(
    ("name", "published", "stability"),
    [
        ("15-per-hour-seattle", 138, 0.75),
        ("canadian-electoral-reform", 281, 0.9),
        ("scoop-hivemind.biodiversity", 443, 0.85),
    ],
)
def test_stable_conversations_have_groups(
    shared_data: Path, name: str, published: int, stability: float
) -> None:
    """About as many people as the published groups hold, and as stable as the reference says."""
    found = compute(read_conversation(shared_data, name))
    assert found.stable
    assert found.clusters.stability >= stability
    assert abs(len(found.counted) - published) <= 10


def test_a_conversation_without_stable_groups_shows_none(shared_data: Path) -> None:
    assert compute(read_conversation(shared_data, "bg2050-volunteers")).clusters.refused == UNSTABLE


def test_the_default_order_serves_the_group_that_is_worst_off(shared_data: Path) -> None:
    """Agreement of the worst-off group with the top ten, on votes the ranking had not seen."""
    tables = [read_conversation(shared_data, name) for name in CONVERSATIONS]
    ours, net = gain_of_default_order(tables, halves=3)
    assert ours - net >= 0.03
