"""The second count agrees with the engine under every kind of ballot and rule, and sees one changed ballot."""

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic.extensions import db
from tests.integration.voting.votingkit import closed, make_round
from voting import closing, tallying
from voting.ceremony import second_count
from voting.counting.rules import Rule

CODES = ("P1", "P2", "P3", "P4")


def ballots(kind: str) -> list[dict[str, Decimal]]:
    """Ten ballots of a kind."""
    orders = [(0, 1), (1, 2), (2, 3), (0, 1), (3, 0), (1, 0), (0, 2), (2, 0), (0, 3), (1, 3)]
    made: list[dict[str, Decimal]] = []
    for first, second in orders:
        if kind == "choose_one":
            made.append({CODES[first]: Decimal(1)})
        elif kind == "points":
            made.append({CODES[first]: Decimal(3), CODES[second]: Decimal(2)})
        elif kind == "ordinal":
            made.append({CODES[first]: Decimal(1), CODES[second]: Decimal(2)})
        else:
            made.append({CODES[first]: Decimal(1), CODES[second]: Decimal(1)})
    return made


GROUPS: dict[str, dict[str, Any]] = {
    "approval": {"ballot_kind": "approval", "max_choices": 2},
    "choose_one": {"ballot_kind": "choose_one", "max_choices": 1},
    "points": {"ballot_kind": "points", "points_total": 5, "points_each": 3},
    "ordinal": {"ballot_kind": "ordinal", "max_choices": 2},
}


@pytest.mark.parametrize(
    ("kind", "rule", "said"),
    [
        ("approval", "greedy", "same"),
        ("approval", "greedy-no-skip", "same"),
        ("approval", "equal-shares", "same"),
        ("approval", "equalshares/add1", "same"),
        ("approval", "phragmen", "unchecked"),
        ("choose_one", "greedy", "same"),
        ("points", "greedy", "same"),
        ("points", "equal-shares", "same"),
        ("ordinal", "greedy", "same"),
    ],
)
def test_both_counts_agree(context: Flask, kind: str, rule: str, said: str) -> None:
    round_ = make_round(groups=[{"name": "Toate", **GROUPS[kind]}], rule=Rule.named(rule).as_json())
    round_id = closed(context, round_, *ballots(kind)).id
    again = second_count.count_again(round_id)
    assert set(second_count.compare(round_id, again)["pots"].values()) == {said}


@pytest.mark.parametrize("changed", [0, 5, 10])
def test_one_ballot_more_less_or_other_is_seen(context: Flask, changed: int) -> None:
    round_ = make_round(groups=[{"name": "Toate", **GROUPS["approval"]}])
    round_id = closed(context, round_, *ballots("approval")).id
    stored = db.session.get_one(type(round_), round_id)
    plan, texts = stored.frozen, tallying.opened_texts(round_id)
    assert plan is not None
    at = changed % len(texts)
    other = texts[at].replace("+ P", "+ X", 1)
    for wrong in ([*texts, texts[at]], texts[:at] + texts[at + 1 :], [*texts[:at], other, *texts[at + 1 :]]):
        with pytest.raises(closing.CountsDiffer):
            second_count.compare(round_id, second_count.count_texts(plan, wrong))
