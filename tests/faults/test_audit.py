"""The audit of a campaign finds what a campaign is for: a judge who sees nothing would call everything clean."""

from collections import Counter
from typing import cast

import pytest

from soak.casting.audit import judge
from soak.casting.faults import Run
from soak.casting.town import Sent, Town, Voter


class Streets:
    """Two people: the first replaced a ballot, the second voted once and was not answered the second time."""

    def __init__(self) -> None:
        self.voters = [
            Voter(1, "", "", b"n1", [Sent(b"a", 0, True), Sent(b"b", 0, True)]),
            Voter(2, "", "", b"n2", [Sent(b"c", 0, True), Sent(b"d", 0)]),
        ]


GOOD = (Counter([b"a", b"b", b"c"]), Counter([b"a"]), {b"n1": b"b", b"n2": b"c"})


def test_what_is_right_is_clean_whether_the_unanswered_ballot_is_there_or_not() -> None:
    town = cast(Town, Streets())
    tally = judge(town, *GOOD)
    assert (tally.sent, tally.acknowledged, tally.failures) == (4, 3, 0)
    kept = (Counter([b"a", b"b", b"c", b"d"]), Counter([b"a", b"c"]), {b"n1": b"b", b"n2": b"d"})
    assert judge(town, *kept).failures == 0


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ((Counter([b"a", b"b"]), Counter([b"a"]), {b"n1": b"b"}), "lost"),
        ((Counter([b"a", b"c"]), Counter(), {b"n1": b"a", b"n2": b"c"}), "lost"),
        ((Counter([b"a", b"b", b"c"]), Counter([b"b"]), {b"n1": b"a", b"n2": b"c"}), "lost"),
        ((Counter([b"a", b"b", b"c"]), Counter([b"a", b"c"]), {b"n1": b"b"}), "lost"),
        ((Counter([b"a", b"b", b"c"]), Counter(), {b"n1": b"b", b"n2": b"c"}), "double"),
        ((Counter([b"a", b"b", b"c", b"x"]), Counter([b"a"]), {b"n1": b"b", b"n2": b"c"}), "foreign"),
        ((Counter([b"a", b"b", b"c"]), Counter([b"a"]), {b"n1": b"b", b"n2": b"c", b"n3": b"c"}), "foreign"),
        ((Counter([b"a", b"b", b"c"]), Counter([b"a", b"y"]), {b"n1": b"b", b"n2": b"c"}), "mismatched"),
        ((Counter([b"a", b"b", b"b", b"c"]), Counter([b"a"]), {b"n1": b"b", b"n2": b"c"}), "mismatched"),
    ],
)
def test_what_is_wrong_is_found(
    found: tuple[Counter[bytes], Counter[bytes], dict[bytes, bytes]], kind: str
) -> None:
    assert getattr(judge(cast(Town, Streets()), *found), kind) > 0


def test_a_campaign_that_met_nothing_fails() -> None:
    """No ballot is lost where nothing was killed: that is no proof."""
    assert Run().failures == 0
    assert Run(felt={"interrupted": 3}).failures == 0
    assert Run(felt={"interrupted": 0, "results_differ": False}).failures == 2
