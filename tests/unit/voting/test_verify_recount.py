"""verify.py counts on its own what the counting package counts: the same winners in the same order, under any rule."""

import ast
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.voting.counting.strategies import Election, elections, greedy_rules, shares_rules
from voting import ballot_text, verify
from voting.counting.ballots import BallotType
from voting.counting.count import count
from voting.counting.rules import Rule

KINDS = {
    BallotType.APPROVAL: "approval",
    BallotType.CHOOSE_ONE: "choose_one",
    BallotType.CUMULATIVE: "points",
    BallotType.ORDINAL: "ordinal",
}

near_misses = st.builds(
    Rule,
    name=st.sampled_from(["greedy", "greedy-no-skip", "greedy-custom"]),
    top_up_limit=st.sampled_from([Decimal(1), Decimal("2.5"), Decimal(20)]),
    top_up_share=st.sampled_from([None, Decimal("0.5")]),
    max_winners=st.sampled_from([None, 2]),
    group_winners_first=st.booleans(),
)


def one_group_where_it_must(election: Election) -> Election:
    """A ranking and a single choice are over one part of the ballot; every project of a round belongs to a part."""
    single = election.ballot_type in (BallotType.ORDINAL, BallotType.CHOOSE_ONE)
    projects = tuple(
        replace(project, group="all" if single else project.group or "rest")
        for project in election.instance.projects
    )
    return election.but(instance=replace(election.instance, projects=projects))


def plan_of(election: Election, rule: Rule) -> dict[str, Any]:
    """The frozen plan that this election would have."""
    names = sorted({str(project.group) for project in election.instance.projects})
    return {
        "kind": "city",
        "currency": "RON",
        "pot_counting": "separate",
        "rule": rule.as_json(),
        "pots": [{"id": 4, "amount": str(election.instance.budget_limit)}, {"id": 5, "amount": "1.00"}],
        "groups": [
            {
                "id": 10 + at,
                "name": name,
                "ballot_kind": KINDS[election.ballot_type],
                "max_choices": election.max_length,
            }
            for at, name in enumerate(names)
        ],
        "projects": [
            {
                "code": project.id,
                "cost": str(project.cost),
                "pot_id": 4,
                "group_id": 10 + names.index(str(project.group)),
                "withdrawn": project.withdrawn,
            }
            for project in election.instance.projects
        ],
        "exclusive_sets": [
            {"name": str(at), "projects": sorted(ids)}
            for at, ids in enumerate(election.instance.exclusive_sets)
        ],
    }


def recount(election: Election, rule: Rule) -> tuple[list[str], Any, Any]:
    """Winners, what they cost, and what the last of them lacked, as verify.py finds them."""
    alike = Counter((ballot.projects, ballot.points or None) for ballot in election.ballots)
    pot = verify.Pot(plan_of(election, rule), 4, alike)
    assert pot.kind == election.ballot_type.value
    won, lacking = (
        pot.equal_shares() if rule.name == "equal-shares" else pot.greedy(plan_of(election, rule)["rule"])
    )
    return won, pot.spent(won) - lacking, lacking


def same(election: Election, rule: Rule) -> None:
    outcome = count(election.instance, election.profile, rule, explain=False)
    won, spent, lacking = recount(election, rule)
    assert won == list(outcome.selected)
    assert (spent, lacking) == (Decimal(outcome.spent), Decimal(outcome.topped_up))


drawn = elections(types=tuple(KINDS)).map(one_group_where_it_must)


@given(drawn, greedy_rules | near_misses)
@settings(max_examples=400)
def test_rules_by_score(election: Election, rule: Rule) -> None:
    same(election, rule)


@given(drawn, shares_rules())
@settings(max_examples=400)
def test_equal_shares_with_every_completion(election: Election, rule: Rule) -> None:
    same(election, rule)


@given(
    elections(types=(BallotType.ORDINAL,)).map(one_group_where_it_must),
    st.sampled_from(["5,3,1", "1", "2,0"]),
    st.sampled_from(["greedy", "equal-shares"]),
)
def test_points_by_place(election: Election, table: str, name: str) -> None:
    same(
        election,
        Rule(name=name, rank_scores=table, **({"satisfaction": "points"} if name != "greedy" else {})),
    )


@pytest.mark.parametrize("completion", ["none", "greedy", "add1", "add1u", "comparison"])
@given(election=elections(types=(BallotType.APPROVAL,), most=30).map(one_group_where_it_must))
@settings(max_examples=40)
def test_more_voters(completion: str, election: Election) -> None:
    same(election, Rule(name="equal-shares", completion=completion, increment=Decimal("0.1"), max_winners=3))


def limited(kind: str, **limits: Any) -> verify.Pot:
    """A budget of three projects of 10, 20 and 30, chosen in one part with these limits."""
    part = {"id": 1, "name": "a", "ballot_kind": kind, "max_choices": None, **limits}
    projects = [
        {"code": code, "cost": str(cost), "pot_id": 4, "group_id": 1, "withdrawn": False}
        for code, cost in (("A", 10), ("B", 20), ("C", 30))
    ]
    plan = {
        "kind": "city", "rule": {"name": "greedy"}, "pots": [{"id": 4, "amount": "60"}],
        "groups": [part], "projects": projects,
    }  # fmt: skip
    return verify.Pot(plan, 4, {})


def test_a_ballot_keeps_to_the_rule_of_its_part() -> None:
    one, two = (Fraction(1),), (Fraction(2), Fraction(1))
    assert limited("approval").lawful(("A", "B", "C"), None)
    assert limited("approval", max_choices=2).lawful(("A", "B"), None)
    assert not limited("approval", max_choices=2).lawful(("A", "B", "C"), None)
    assert not limited("approval").lawful(("A", "A"), None)
    assert not limited("choose_one", max_choices=3).lawful(("A", "B"), None)
    assert limited("approval", max_cost="30.00").lawful(("A", "B"), None)
    assert not limited("approval", max_cost="29.99").lawful(("A", "B"), None)
    assert limited("points", points_total=3, points_each=2).lawful(("A", "B"), two)
    assert not limited("points", points_total=2).lawful(("A", "B"), two)
    assert not limited("points", points_each=1).lawful(("A", "B"), two)
    assert not limited("points").lawful(("A", "B"), (Fraction(2), Fraction(-1)))
    assert not limited("points").lawful(("A", "B"), one)


@pytest.mark.parametrize("told", ["1e999999999", "nan", "inf", "1_000", " 1", "9" * 50, "", True, None, [1]])
def test_no_number_takes_forever(told: Any) -> None:
    with pytest.raises(ValueError, match="no number"):
        verify.exact(told)


def test_equal_shares_without_a_step_are_refused() -> None:
    pot = verify.Pot(
        {
            "kind": "city", "pots": [{"id": 4, "amount": "60"}],
            "rule": {"name": "equal-shares", "completion": "add1", "increment": "0", "start": "exact",
                     "satisfaction": "cost", "stop_when_exhaustive": False},
            "groups": [{"id": 1, "name": "a", "ballot_kind": "approval", "max_choices": None}],
            "projects": [{"code": "A", "cost": "50", "pot_id": 4, "group_id": 1, "withdrawn": False}],
        }, 4, {(("A",), None): 1, (("A",), ()): 1},
    )  # fmt: skip
    with pytest.raises(ValueError, match="increment"):
        pot.equal_shares()


def test_codes_and_roots_are_those_of_the_close() -> None:
    leaves = [verify.sha(str(at).encode()) for at in range(40)]
    assert [verify.code_of(leaf) for leaf in leaves] == [ballot_text.tracking_code(leaf) for leaf in leaves]
    for size in range(40):
        assert verify.merkle_root(leaves[:size]) == ballot_text.merkle_root(leaves[:size])


def test_it_is_one_file_that_needs_nothing_else() -> None:
    path = Path(verify.__file__)
    source = path.read_text()
    assert source.count("\n") <= 400
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert imported <= set(sys.stdlib_module_names)


def test_every_sentence_is_in_both_languages() -> None:
    rows = [line.split(" | ") for line in verify.WORDS.strip().splitlines()]
    assert all(len(row) == 3 and all(row) for row in rows)
    for language in ("ro", "en"):
        assert len(verify.Report(language).words) == len(rows)
    assert not set("şţŞŢ") & set(verify.WORDS)
