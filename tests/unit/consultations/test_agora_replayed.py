"""Real conversations as their page would show them: groups where they are stable, and none where they are not."""

from pathlib import Path

import pytest

from consultations.agora.opinions import compute
from consultations.agora.statements import drawing, rules
from consultations.agora.statements.computing import Stored, stored
from consultations.agora.statements.rules import Share
from tests.polis import read_conversation

pytestmark = pytest.mark.shared_data


def shares(found: Stored) -> dict[int, list[Share]]:
    return {
        int(number): [Share(*one) for one in groups] for number, groups in found.data["statements"].items()
    }


def test_a_conversation_with_stable_groups_says_what_they_share_and_what_divides_them(
    shared_data: Path,
) -> None:
    found = stored(compute(read_conversation(shared_data, "canadian-electoral-reform")))
    assert found.refused == ""
    assert len(found.data["groups"]) >= 2
    assert all(group["stands_for"] for group in found.data["groups"])
    together, apart = rules.shared(shares(found)), rules.divisive(shares(found))
    assert together
    assert apart
    assert not set(together) & set(apart)
    drawn = drawing.draw(found.data["squares"], found.data["low"], found.data["side"], None)
    assert {circle.group for circle in drawn.circles} == set(range(len(found.data["groups"])))


def test_a_conversation_without_stable_groups_says_what_most_can_live_with(shared_data: Path) -> None:
    found = stored(compute(read_conversation(shared_data, "bg2050-volunteers")))
    assert found.refused == "unstable"
    assert found.data["groups"] == []
    assert all(len(groups) == 1 for groups in shares(found).values())
    assert rules.shared(shares(found))
    drawn = drawing.draw(found.data["squares"], found.data["low"], found.data["side"], None)
    assert {circle.group for circle in drawn.circles} == {-1}
