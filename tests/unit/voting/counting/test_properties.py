"""What holds for every instance and profile, with a slow count to compare with."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit.voting.counting import oracle
from voting.counting.ballots import Ballot, BallotType
from voting.counting.count import count
from voting.counting.instance import Instance, Project
from voting.counting.outcome import Reason
from voting.counting.profile import Profile
from voting.counting.rules import Rule

IDS = "abcdef"
EVERY_RULE = [
    Rule.named("greedy"),
    Rule.named("greedy", min_score=2, max_winners=3, group_winners_first=True),
    Rule.named("greedy-no-skip"),
    Rule.named("phragmen"),
    *(
        Rule.named("equal-shares", completion=c)
        for c in ("none", "greedy", "add1", "add1u", "comparison", "plain-comparison")
    ),
    Rule.named("equal-shares", completion="add1u", satisfaction="cardinality", stop_when_exhaustive=True),
    Rule.named("equal-shares", completion="greedy", satisfaction="points", start="floor"),
]

amounts = st.one_of(
    st.integers(1, 30).map(Decimal), st.decimals(Decimal("0.5"), 30, places=2, allow_nan=False)
)


@st.composite
def contests(draw, points=False):
    """A budget limit, costs, groups and one ballot a voter (project to points)."""
    ids = IDS[: draw(st.integers(1, len(IDS)))]
    costs = {p: draw(amounts) for p in ids}
    groups = {p: draw(st.sampled_from(["parks", "roads", None])) for p in ids}
    values = st.integers(0, 3) if points else st.just(1)
    ballots = draw(st.lists(st.dictionaries(st.sampled_from(ids), values, min_size=1), max_size=7))
    return draw(st.integers(1, 60).map(Decimal)), costs, groups, ballots


def build(budget, costs, groups, ballots, points=False, exclusive=()):
    instance = Instance(
        tuple(Project(p, cost, group=groups[p]) for p, cost in costs.items()), budget, "lei", tuple(exclusive)
    )
    if points:
        return instance, Profile.merge(BallotType.CUMULATIVE, [Ballot.with_points(b) for b in ballots])
    return instance, Profile.merge(BallotType.APPROVAL, [Ballot.of(*b) for b in ballots])


def fractions(costs):
    return {p: Fraction(cost) for p, cost in costs.items()}


@given(contests(), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_greedy_equals_the_oracle(contest, min_score):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest), Rule.named("greedy", min_score=min_score))
    assert list(outcome.selected) == oracle.greedy(costs, budget, ballots, min_score=min_score)


@given(contests(points=True))
@settings(max_examples=80, deadline=None)
def test_greedy_by_points_equals_the_oracle(contest):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest, points=True), Rule.named("greedy"))
    assert list(outcome.selected) == oracle.greedy(costs, budget, ballots)


@pytest.mark.parametrize("skip", [True, False])
@given(
    contest=contests(),
    share=st.sampled_from([None, "0.5", "0.8", "1"]),
    limit=st.sampled_from([None, "0.01", "3", "100"]),
)
@settings(max_examples=150, deadline=None)
def test_a_top_up_equals_the_oracle(skip, contest, share, limit):
    budget, costs, _, ballots = contest
    share, limit = share and Decimal(share), limit and Decimal(limit)
    rule = Rule(name="greedy" if skip else "greedy-no-skip", top_up_share=share, top_up_limit=limit)
    outcome = count(*build(*contest), rule)
    funded, lacking = oracle.greedy_with_top_up(costs, budget, ballots, skip, share, limit)
    assert (list(outcome.selected), Decimal(outcome.topped_up)) == (funded, lacking)


@pytest.mark.parametrize("satisfaction", ["cost", "cardinality"])
@given(contest=contests())
@settings(max_examples=120, deadline=None)
def test_equal_shares_equals_the_oracle(satisfaction, contest):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest), Rule.named("equal-shares", satisfaction=satisfaction))
    assert list(outcome.selected) == oracle.equal_shares(
        fractions(costs), Fraction(budget), ballots, satisfaction=satisfaction
    )


@given(contests(points=True))
@settings(max_examples=120, deadline=None)
def test_equal_shares_by_points_equals_the_oracle(contest):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest, points=True), Rule.named("equal-shares", satisfaction="points"))
    assert list(outcome.selected) == oracle.equal_shares(
        fractions(costs), Fraction(budget), ballots, satisfaction="points"
    )


@pytest.mark.parametrize("stop", [False, True])
@given(contest=contests(), increment=st.sampled_from(["1", "0.5", "3"]))
@settings(max_examples=60, deadline=None)
def test_add1_equals_the_oracle(stop, contest, increment):
    budget, costs, _, ballots = contest
    rule = Rule.named("equalshares/add1", stop_when_exhaustive=stop, increment=Decimal(increment))
    assert list(count(*build(*contest), rule).selected) == oracle.add1(
        fractions(costs), Fraction(budget), ballots, stop_when_exhaustive=stop, increment=Fraction(increment)
    )


@given(contests())
@settings(max_examples=80, deadline=None)
def test_the_other_completions_equal_the_oracle(contest):
    budget, costs, _, ballots = contest
    costs, budget, pot = fractions(costs), Fraction(budget), build(*contest)
    expected = {
        "greedy": oracle.complete(costs, budget, ballots, oracle.equal_shares(costs, budget, ballots)),
        "add1u": oracle.complete(costs, budget, ballots, oracle.add1(costs, budget, ballots)),
        "comparison": oracle.comparison(costs, budget, ballots),
    }
    for completion, funded in expected.items():
        assert list(count(*pot, Rule.named("equal-shares", completion=completion)).selected) == funded


@given(contests())
@settings(max_examples=120, deadline=None)
def test_phragmen_equals_the_oracle(contest):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest), Rule.named("phragmen"))
    assert list(outcome.selected) == oracle.phragmen(fractions(costs), Fraction(budget), ballots)


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda r: f"{r.name}-{r.completion}")
@given(contest=contests(), data=st.data())
@settings(max_examples=25, deadline=None)
def test_outcomes_are_feasible_complete_and_do_not_depend_on_order(rule, contest, data):
    budget, costs, groups, ballots = contest
    rivals = (
        data.draw(st.lists(st.frozensets(st.sampled_from(sorted(costs)), min_size=2, max_size=3), max_size=2))
        if len(costs) > 1
        else []
    )
    instance, profile = build(*contest, exclusive=rivals)
    outcome = count(instance, profile, rule)
    funded = set(outcome.selected)

    assert sum(costs[p] for p in funded) == Decimal(outcome.spent) <= budget
    assert outcome.topped_up == "0"
    assert all(len(funded & members) <= 1 for members in rivals)
    assert all(any(p in ballot for ballot in ballots) for p in funded)
    assert sorted([*outcome.selected, *(r.project for r in outcome.rejected)]) == sorted(costs)

    shuffled = {p: costs[p] for p in data.draw(st.permutations(sorted(costs)))}
    again = count(
        *build(budget, shuffled, groups, data.draw(st.permutations(ballots)), exclusive=rivals), rule
    )
    assert again.as_json() == outcome.as_json()


@pytest.mark.parametrize(
    "rule",
    [
        Rule.named("greedy"),
        Rule.named("equal-shares", completion="greedy"),
        Rule.named("equal-shares", completion="add1u"),
    ],
    ids=lambda r: f"{r.name}-{r.completion}",
)
@given(contest=contests())
@settings(max_examples=60, deadline=None)
def test_nothing_with_support_fits_any_more(rule, contest):
    budget, costs, _, ballots = contest
    outcome = count(*build(*contest), rule)
    left = budget - Decimal(outcome.spent)
    supported = {p for ballot in ballots for p in ballot}
    assert all(costs[p] > left for p in supported - set(outcome.selected))


@pytest.mark.parametrize("name", ["greedy", "greedy-no-skip", "greedy-custom"])
@given(contest=contests())
@settings(max_examples=60, deadline=None)
def test_one_more_vote_for_a_winner_keeps_it_winning(name, contest):
    budget, costs, groups, ballots = contest
    rule = Rule.named(name)
    outcome = count(*build(*contest), rule)
    assume(outcome.selected)
    for winner in outcome.selected:
        more = count(*build(budget, costs, groups, [*ballots, {winner: 1}]), rule)
        assert winner in more.selected


@pytest.mark.parametrize(
    "rule",
    [
        Rule.named("greedy"),
        Rule.named("greedy-no-skip", min_score=2),
        Rule.named("greedy", max_winners=2, group_winners_first=True),
    ],
    ids=["greedy", "no-skip", "groups"],
)
@given(contest=contests(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_votes_said_to_be_enough_are_enough_and_one_less_is_not(rule, contest, data):
    budget, costs, groups, ballots = contest
    rivals = [frozenset(sorted(costs)[:2])] if len(costs) > 1 and data.draw(st.booleans()) else []
    outcome = count(*build(*contest, exclusive=rivals), rule)

    def wins(project, more):
        raised = [*ballots, *({project: 1} for _ in range(more))]
        return project in count(*build(budget, costs, groups, raised, exclusive=rivals), rule).selected

    for rejection in outcome.rejected:
        more = rejection.data["more_needed"]
        if more is None:
            assert not wins(rejection.project, 20)
        else:
            assert wins(rejection.project, more)
            assert not wins(rejection.project, more - 1)


@given(contests(), st.permutations(IDS))
@settings(max_examples=100, deadline=None)
def test_a_tie_is_reported_when_the_order_of_equals_changes_who_is_funded(contest, order):
    """With costs and votes out of the way: all equal in both, only the published order decides."""
    budget, costs, groups, ballots = contest
    costs = dict.fromkeys(costs, Decimal(10))
    pot = build(budget, costs, groups, ballots)
    outcome = count(*pot, Rule.named("greedy"))
    other = count(*pot, Rule.named("greedy", tie_break=f"order:{','.join(order)}"))
    if set(outcome.selected) != set(other.selected):
        assert outcome.ties


@given(contests())
@settings(max_examples=100, deadline=None)
def test_supporters_money_and_what_winners_used_add_up_to_the_start(contest):
    budget, _, _, ballots = contest
    outcome = count(*build(*contest), Rule.named("equal-shares"))
    for rejection in outcome.rejected:
        if rejection.reason is Reason.RAN_OUT:
            start = Fraction(budget) / len(ballots) * rejection.data["supporters"]
            used = sum(Fraction(amount) for amount in rejection.data["used_by"].values())
            left = Fraction(rejection.data["supporters_money"])
            # Every figure is rounded down by less than a cent.
            assert 0 <= start - used - left < Fraction(len(rejection.data["used_by"]) + 1, 100)
            assert left < Fraction(rejection.data["cost"])
