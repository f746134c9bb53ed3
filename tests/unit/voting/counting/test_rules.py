"""The rule is a value that can be stored, published and applied again years later."""

import json
from decimal import Decimal

import pytest

from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.explanation import explain
from voting.counting.profile import Profile
from voting.counting.rules import RULE_NAMES, RULE_VERSION, Rule, UnknownRule


@pytest.mark.parametrize(
    ("name", "rule", "completion"),
    [
        ("greedy", "greedy", "none"),
        ("greedy-no-skip", "greedy-no-skip", "none"),
        ("greedy-threshold", "greedy-threshold", "none"),
        ("greedy-exclusive", "greedy-exclusive", "none"),
        ("equal-shares", "equal-shares", "none"),
        ("equalshares", "equal-shares", "none"),
        ("equalshares/add1", "equal-shares", "add1"),
        ("equalshares/add1u", "equal-shares", "add1u"),
        ("equalshares/add1-comparison", "equal-shares", "comparison"),
        ("equalshares-comparison", "equal-shares", "plain-comparison"),
        ("equal-shares/greedy", "equal-shares", "greedy"),
        ("phragmen", "phragmen", "none"),
    ],
)
def test_names_of_files_are_understood(name, rule, completion):
    found = Rule.named(name)
    assert (found.name, found.completion) == (rule, completion)


@pytest.mark.parametrize(
    "name",
    ["unknown", "", "greedy/add1", "equalshares/", "equalshares/magic", "equal", "borda", "phragmen/x"],
)
def test_other_names_are_unknown(name):
    with pytest.raises(UnknownRule):
        Rule.named(name)


def test_a_named_completion_gives_way_to_a_given_one():
    assert Rule.named("equalshares/add1", completion="none").completion == "none"


def test_the_custom_rule_tops_up_at_four_fifths():
    assert Rule.named("greedy-custom").top_up_share == Decimal("0.8")
    assert Rule.named("greedy-custom", top_up_share=None).top_up_share is None


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("greedy", {"completion": "add1"}),
        ("greedy", {"satisfaction": "points"}),
        ("greedy", {"stop_when_exhaustive": True}),
        ("equal-shares", {"group_winners_first": True}),
        ("phragmen", {"top_up_share": Decimal("0.5")}),
        ("equal-shares", {"satisfaction": "joy"}),
        ("equal-shares", {"completion": "add2"}),
        ("equal-shares", {"start": "ceiling"}),
        ("equal-shares", {"increment": Decimal(0)}),
        ("equal-shares", {"increment": Decimal("NaN")}),
        ("equal-shares", {"increment": 0.5}),
        ("greedy", {"min_score": Decimal(-1)}),
        ("greedy", {"max_winners": -1}),
        ("greedy", {"top_up_share": Decimal("1.01")}),
        ("greedy", {"top_up_limit": Decimal(0)}),
        ("greedy", {"top_up_limit": Decimal("Infinity")}),
        ("greedy", {"top_up_limit": 0.5}),
        ("equal-shares", {"top_up_limit": Decimal(100)}),
        ("phragmen", {"top_up_limit": Decimal(100)}),
        ("greedy", {"tie_break": "coin"}),
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(name, parameters):
    with pytest.raises(ValueError):
        Rule.named(name, **parameters)


RULES = [
    Rule.named("greedy", min_score=Decimal("2.5"), max_winners=15, group_winners_first=True),
    Rule.named("greedy-custom", tie_break="seed:ședința din 3 mai"),
    Rule.named("equalshares/add1u", increment=Decimal("0.01"), stop_when_exhaustive=True, start="floor"),
    Rule.named("phragmen"),
    Rule.named("greedy-no-skip", top_up_limit=Decimal("100000.50")),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_stored_rule_comes_back_equal(rule):
    stored = json.dumps(rule.as_json())
    assert Rule.from_json(json.loads(stored)) == rule
    assert Rule.from_json(json.loads(stored)).fingerprint == rule.fingerprint


def test_every_parameter_changes_the_fingerprint():
    assert len({rule.fingerprint for rule in [*RULES, *(Rule.named(name) for name in RULE_NAMES)]}) == 11


def test_a_rule_stored_before_top_ups_had_a_limit_keeps_its_form_and_fingerprint():
    stored = {
        "version": 1, "name": "greedy-custom", "min_score": None, "max_winners": None,
        "group_winners_first": False, "top_up_share": "0.8", "tie_break": "seed:x",
    }  # fmt: skip
    rule = Rule.from_json(stored)
    assert rule == Rule.named("greedy-custom", tie_break="seed:x")
    assert rule.as_json() == stored


def test_the_custom_rule_with_a_stated_amount_has_no_share_of_its_own():
    assert Rule.named("greedy-custom", top_up_limit=Decimal(5)).top_up_share is None


@pytest.mark.parametrize(
    "change", [{"version": 0}, {"version": RULE_VERSION + 1}, {"colour": "red"}, {"min_score": "many"}]
)
def test_a_stored_rule_of_another_kind_is_refused(change):
    with pytest.raises(ValueError):
        Rule.from_json({**Rule.named("greedy").as_json(), **change})


def test_a_stored_rule_needs_a_name():
    with pytest.raises(ValueError):
        Rule.from_json({"version": RULE_VERSION})


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.named("greedy"), Decimal(30)),
        (Rule.named("greedy-no-skip"), Decimal(30)),
        (Rule.named("greedy", min_score=Decimal(0)), Decimal(0)),
        (Rule.named("equal-shares"), None),
        (Rule.named("phragmen"), None),
    ],
)
def test_the_threshold_of_a_file_is_for_rules_by_score_without_one(rule, expected):
    assert rule.with_threshold_of(Decimal(30)).min_score == expected


def test_the_record_holds_what_a_recount_needs(instance, approvals):
    rule = Rule.named("equalshares/add1-comparison", start="floor", tie_break="seed:x", min_score=Decimal(1))
    outcome = count(instance(100, a=40, b=60), approvals(a=2, b=1), rule)
    record = outcome.record
    assert Rule.from_json(record["rule"]) == rule
    assert record["rule_sha256"] == rule.fingerprint
    assert {
        "counting_version",
        "arithmetic",
        "tie_order",
        "zero_support",
        "input_sha256",
        "start",
        "final_start",
        "runs",
        "exhaustive_over",
        "comparison",
        "comparison_measure",
    } <= set(record)
    assert "SHA-256 of 'x'" in record["tie_order"]


def test_the_fingerprint_sees_rule_input_and_result(instance, approvals):
    pot, profile = instance(100, a=40, b=60), approvals(a=2, b=1)
    outcomes = [
        count(pot, profile, Rule.named("greedy")),
        count(pot, profile, Rule.named("greedy", max_winners=5)),
        count(pot, approvals(a=2, b=2), Rule.named("greedy")),
        count(instance(101, a=40, b=60), profile, Rule.named("greedy")),
    ]
    assert {outcome.selected for outcome in outcomes} == {("a", "b")}
    assert len({outcome.fingerprint for outcome in outcomes}) == 4


def test_the_outcome_is_plain_json(instance, approvals):
    outcome = count(instance(100, a=40, b=70), approvals(a=2, b=1), Rule.named("equal-shares"))
    data = json.loads(json.dumps(outcome.as_json()))
    assert data["selected"] == ["a"]
    assert data["parameters"] == Rule.named("equal-shares").parameters()
    assert data["steps"][0]["effective_votes"] == "2"
    assert data["rejected"][0]["used_by"] == {}


def test_places_score_by_the_stated_table(instance, counted):
    profile = Profile.merge(
        BallotType.ORDINAL, {Ballot.ranking("a", "b", "c"): 2, Ballot.ranking("b", "c"): 3}, max_length=3
    )
    pot = instance(10, a=5, b=5, c=5)
    assert counted(pot, profile).selected == ("b", "c")  # 13 and 8, a has 6
    outcome = counted(pot, profile, rank_scores="9,1")
    assert outcome.selected == ("b", "a")  # 29 and 18, c has 3
    assert {e.project: e.score for e in explain(pot, profile, outcome).values()} == {
        "a": "18", "b": "29", "c": "3",
    }  # fmt: skip
    assert Rule.from_json(Rule.named("greedy", rank_scores="9,1").as_json()).rank_scores == "9,1"


@pytest.mark.parametrize("text", ["0", "1,2", "a", "3,,1", "-1", "1.5", "9" * 7, ",".join("1" * 101)])
def test_a_table_of_places_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="points by place"):
        Rule.named("greedy", rank_scores=text)
