"""What holds for every rule with every parameter, on ballots of every type."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.unit.voting.counting import slow_count
from tests.unit.voting.counting.effort import tried
from tests.unit.voting.counting.strategies import (
    IDS,
    elections,
    greedy_rules,
    phragmen_rules,
    rules,
    shares_rules,
)
from voting.counting.ballots import Ballot, BallotType
from voting.counting.completion import SharesOptions, count_equal_shares
from voting.counting.contest import prepare
from voting.counting.count import count
from voting.counting.equal_shares import used_by
from voting.counting.instance import Instance
from voting.counting.outcome import Reason
from voting.counting.profile import gather
from voting.counting.rules import Completion, Rule, Satisfaction
from voting.counting.ties import TieBreak
from voting.counting.what_if import Change, votes_needed, what_if, with_votes


def check_against_slow(election, rule):
    outcome = count(election.instance, election.profile, rule)
    funded, spent = slow_count.count(
        election.instance, election.ballot_type, election.ballots, election.max_length, rule
    )
    assert list(outcome.selected) == funded
    assert Fraction(outcome.spent) == spent


@given(elections(), greedy_rules)
@tried(150)
def test_rules_by_score_equal_the_slow_count(election, rule):
    check_against_slow(election, rule)


@pytest.mark.parametrize("completion", list(Completion))
@given(election=elections(), data=st.data())
@tried(60)
def test_equal_shares_equals_the_slow_count(completion, election, data):
    check_against_slow(election, data.draw(shares_rules(completion=st.just(completion.value))))


@given(elections(), phragmen_rules)
@tried(150)
def test_phragmen_equals_the_slow_count(election, rule):
    check_against_slow(election, rule)


@given(elections(), rules)
@tried(150)
def test_outcomes_are_feasible_and_tell_about_every_project(election, rule):
    outcome = count(election.instance, election.profile, rule)
    funded, costs = set(outcome.selected), election.costs
    paid = sum((costs[p] for p in funded), Decimal(0))
    assert paid - Decimal(outcome.topped_up) == Decimal(outcome.spent) <= election.instance.budget_limit
    assert rule.top_up_share is not None or outcome.topped_up == "0"
    assert all(len(funded & ids) <= 1 for ids in election.instance.exclusive_sets)
    assert rule.max_winners is None or len(funded) <= rule.max_winners
    assert all(any(p in ballot.projects for ballot in election.ballots) for p in funded)
    assert not any(project.withdrawn for project in election.instance.projects if project.id in funded)
    assert sorted([*outcome.selected, *(r.project for r in outcome.rejected)]) == sorted(costs)
    left = [Decimal(step.remaining) for step in outcome.steps]
    assert left == sorted(left, reverse=True)


@given(elections(), rules, st.data())
@tried(100)
def test_the_order_of_ballots_and_projects_changes_nothing(election, rule, data):
    outcome = count(election.instance, election.profile, rule)
    projects = tuple(data.draw(st.permutations(election.instance.projects)))
    shuffled = replace(
        election,
        instance=replace(election.instance, projects=projects),
        ballots=tuple(data.draw(st.permutations(election.ballots))),
    )
    assert shuffled.profile == election.profile
    assert count(shuffled.instance, shuffled.profile, rule).as_json() == outcome.as_json()


@given(elections(), rules, st.data())
@tried(100)
def test_splitting_the_weight_of_a_ballot_changes_nothing(election, rule, data):
    rows = [
        (ballot, part)
        for ballot, weight in election.profile.ballots
        for part in data.draw(st.sampled_from([[weight], [1] * weight, [1, weight - 1]]))
        if part
    ]
    place = {p: at for at, p in enumerate(IDS)}
    split = gather(
        election.ballot_type,
        IDS,
        [len(ballot.projects) for ballot, _ in rows],
        [place[p] for ballot, _ in rows for p in ballot.projects],
        [value for ballot, _ in rows for value in ballot.points] if election.ballot_type.has_points else None,
        weights=[weight for _, weight in rows],
        max_length=election.max_length,
    )
    assert split == election.profile
    assert (
        count(election.instance, split, rule).as_json()
        == count(election.instance, election.profile, rule).as_json()
    )


@given(elections(), rules, st.sampled_from(["0.1", "10", "3", "1000000", "0.07"]))
@tried(100)
def test_another_unit_of_money_changes_nothing(election, rule, factor):
    assume(rule.start == "exact")
    by = Decimal(factor)
    projects = tuple(replace(p, cost=p.cost * by) for p in election.instance.projects)
    scaled = replace(election.instance, projects=projects, budget_limit=election.instance.budget_limit * by)
    same = rule if rule.name != "equal-shares" else replace(rule, increment=rule.increment * by)
    before = count(election.instance, election.profile, rule)
    after = count(scaled, election.profile, same)
    assert after.selected == before.selected
    assert Decimal(after.spent) == Decimal(before.spent) * by
    assert [t.projects for t in after.ties] == [t.projects for t in before.ties]
    assert [(r.project, r.reason) for r in after.rejected] == [(r.project, r.reason) for r in before.rejected]


EXHAUSTIVE = st.one_of(
    st.sampled_from([Rule.named("greedy"), Rule.named("greedy", tie_break="seed:1")]),
    shares_rules(completion=st.sampled_from(["greedy", "add1u"]), min_score=st.none(), max_winners=st.none()),
)


@given(elections(), EXHAUSTIVE)
@tried(150)
def test_nothing_with_support_that_may_win_fits_any_more(election, rule):
    outcome = count(election.instance, election.profile, rule)
    left = election.instance.budget_limit - Decimal(outcome.spent)
    funded = set(outcome.selected)
    votes = slow_count.Votes(
        election.instance, election.ballot_type, election.ballots, election.max_length, rule.tie_break
    )
    for p in election.costs.keys() - funded:
        if votes.takes_part(p, None) and not votes.rivals[p] & funded:
            assert election.costs[p] > left


def nonempty(items):
    return chain.from_iterable(combinations(items, size) for size in range(1, len(items) + 1))


def ejr1_failure(voters, costs, budget, funded):
    """A group that extended justified representation up to one project is denied to, or None.

    From the definition (Peters, Pierczyński, Skowron, "Proportional Participatory Budgeting with Additive
    Utilities", NeurIPS 2021, Def. 2): for every group S of voters and set T of projects with
    |S|/n · B ≥ cost(T), and α(p) = min over S of u_i(p), some member i has u_i(W) ≥ Σ α(T), or for some
    project a, u_i(W ∪ {a}) > Σ α(T). `voters` map projects to what they are worth.
    """
    for wanted in nonempty(sorted(costs)):
        price = sum(costs[p] for p in wanted)
        fans = [voter for voter in voters if all(voter.get(p, 0) > 0 for p in wanted)]
        for group in nonempty(range(len(fans))):
            if len(group) * budget < price * len(voters):
                continue
            members = [fans[i] for i in group]
            due = sum(min(voter[p] for voter in members) for p in wanted)
            if not any(
                sum(voter.get(p, 0) for p in funded) >= due
                or any(sum(voter.get(p, 0) for p in {*funded, a}) > due for a in costs)
                for voter in members
            ):
                return group, wanted
    return None


def test_the_check_of_representation_finds_a_group_left_with_nothing():
    voters = [{"a": 1, "b": 1}, {"a": 1, "b": 1}, {"c": 1}]
    costs = dict.fromkeys("abc", Fraction(1))
    assert ejr1_failure(voters, costs, Fraction(3), {"c"}) is not None
    assert ejr1_failure(voters, costs, Fraction(3), {"a", "b"}) == ((0,), ("c",))
    assert ejr1_failure(voters, costs, Fraction(2), {"a"}) is None


@pytest.mark.parametrize("satisfaction", list(Satisfaction))
@given(data=st.data())
@tried(60)
def test_equal_shares_represents_every_group_up_to_one_project(satisfaction, data):
    by_points = satisfaction is Satisfaction.POINTS
    types = (BallotType.CUMULATIVE, BallotType.SCORING) if by_points else (BallotType.APPROVAL,)
    election = data.draw(elections(types=types, plain=True, most=5, projects=5))
    costs = {p: Fraction(cost) for p, cost in election.costs.items()}
    rule = Rule.named("equal-shares", satisfaction=satisfaction.value)
    funded = set(count(election.instance, election.profile, rule).selected)
    voters = [
        dict(zip(b.projects, b.points, strict=True))
        if by_points
        else {p: costs[p] if satisfaction is Satisfaction.COST else 1 for p in b.projects}
        for b in election.ballots[:9]
    ]
    assume(len(voters) == len(election.ballots))
    assert ejr1_failure(voters, costs, Fraction(election.instance.budget_limit), funded) is None


@given(elections(types=(BallotType.APPROVAL, BallotType.CHOOSE_ONE)), greedy_rules, st.data())
@tried(100)
def test_one_more_vote_for_a_winner_keeps_it_winning(election, rule, data):
    outcome = count(election.instance, election.profile, rule)
    for winner in outcome.selected:
        more = election.but(Ballot.of(winner))
        assert winner in count(more.instance, more.profile, rule).selected


@given(elections(types=(BallotType.APPROVAL,)), greedy_rules, st.data())
@tried(100)
def test_a_winner_added_to_a_ballot_keeps_winning(election, rule, data):
    outcome = count(election.instance, election.profile, rule)
    for winner in outcome.selected:
        without = [at for at, b in enumerate(election.ballots) if winner not in b.projects]
        if without:
            at = data.draw(st.sampled_from(without))
            ballots = list(election.ballots)
            ballots[at] = Ballot.of(winner, *ballots[at].projects)
            more = replace(election, ballots=tuple(ballots))
            assert winner in count(more.instance, more.profile, rule).selected


@given(elections(types=(BallotType.APPROVAL, BallotType.CHOOSE_ONE)), greedy_rules)
@tried(80)
def test_the_votes_said_to_be_missing_are_enough_and_one_less_is_not(election, rule):
    outcome = count(election.instance, election.profile, rule)

    def wins(project, more):
        raised = election.but(*[Ballot.of(project)] * more)
        return project in count(raised.instance, raised.profile, rule, explain=False).selected

    for rejection in outcome.rejected:
        more = rejection.data["more_needed"]
        if more is None:
            assert not wins(rejection.project, 40)
        else:
            assert wins(rejection.project, more)
            assert not wins(rejection.project, more - 1)


def single(election, project):
    """A ballot for one project, with the most points any ballot gives, as `what_if` adds it."""
    if election.ballot_type.has_points:
        profile = election.profile
        given_points = [value for ballot in election.ballots for value in ballot.points]
        return Ballot.with_points({project: max([*given_points, Fraction(1, profile.point_scale)])})
    return Ballot.of(project)


@given(elections(), rules, st.data())
@tried(100)
def test_what_if_is_a_recount_of_the_changed_input(election, rule, data):
    ids = sorted(election.costs)
    without = data.draw(st.frozensets(st.sampled_from(ids), max_size=2))
    budget = data.draw(st.none() | st.integers(0, 99).map(Decimal))
    votes = data.draw(st.dictionaries(st.sampled_from(ids), st.integers(0, 4), max_size=1))
    told = what_if(election.instance, election.profile, rule, Change(without, budget, votes))
    ballots = list(election.ballots)
    for p, more in votes.items():
        ballots += [single(election, p)] * more
    changed = election.but(
        instance=Instance(
            tuple(replace(p, withdrawn=p.withdrawn or p.id in without) for p in election.instance.projects),
            election.instance.budget_limit if budget is None else budget,
            election.instance.currency,
            election.instance.exclusive_sets,
        ),
    )
    changed = replace(changed, ballots=tuple(ballots))
    assert told.as_json() == count(changed.instance, changed.profile, rule, explain=False).as_json()


@given(elections(), st.data())
@tried(100)
def test_votes_added_to_a_profile_are_those_of_the_merged_ballots(election, data):
    profile, ballots = election.profile, election
    for _ in range(2):
        p, more = data.draw(st.sampled_from(sorted(election.costs))), data.draw(st.integers(0, 3))
        profile = with_votes(profile, p, more)
        ballots = ballots.but(*[single(ballots, p)] * more)
        assert profile == ballots.profile


@given(elections(), rules, st.data())
@tried(60)
def test_votes_needed_are_enough_and_one_less_is_not(election, rule, data):
    p = data.draw(st.sampled_from(sorted(election.costs)))
    most = data.draw(st.sampled_from([None, 0, 1, 5, 12]))

    def wins(votes):
        changed = Change(more_votes={p: votes})
        return p in what_if(election.instance, election.profile, rule, changed).selected

    needed = votes_needed(election.instance, election.profile, rule, p, most)
    limit = election.profile.voters if most is None else most
    if needed is None:
        assert not wins(limit)
    else:
        assert 0 <= needed <= limit
        assert wins(needed)
        assert not needed or not wins(needed - 1)


@given(elections(), shares_rules())
@tried(100)
def test_what_supporters_paid_and_have_left_is_what_they_started_with(election, rule):
    contest = prepare(election.instance, election.profile, TieBreak.parse(rule.tie_break), [rule.increment])
    options = SharesOptions(
        Satisfaction(rule.satisfaction), Completion(rule.completion), increment=Fraction(rule.increment),
        max_winners=rule.max_winners,
    )  # fmt: skip
    result = count_equal_shares(contest, options, contest.tie_ranks())
    for p, used in used_by(result.voters, result.run, contest.projects).items():
        supporters = result.voters.supporters[p]
        start = result.run.start * result.voters.voters_of(p)
        assert sum(used.values()) + result.run.purses.total(supporters) == start
        assert all(amount > 0 for amount in used.values())
        if p in result.run.winners:
            assert used.get(p, 0) == contest.costs[p]


@given(elections(), shares_rules(completion=st.just("none")))
@tried(100)
def test_the_money_told_is_that_of_the_slow_count(election, rule):
    outcome = count(election.instance, election.profile, rule)
    votes = slow_count.Votes(
        election.instance, election.ballot_type, election.ballots, election.max_length, rule.tie_break
    )
    shares = slow_count.Shares(votes, rule)
    run = shares.first()
    for step, (p, rho, unit) in zip(outcome.steps, run.purchases, strict=True):
        assert (step.project, step.rho) == (p, rho)
        paid = [own.get(p, Fraction(0)) for own in run.paid]
        assert step.paid_at_most == max(paid) or (
            rule.satisfaction == "points" and step.paid_at_most >= max(paid)
        )
        assert step.effective_votes == (1 / rho if rho else None)
        assert unit >= 0
    for rejection in outcome.rejected:
        if rejection.reason is Reason.RAN_OUT:
            own = [at for at, (worth, _) in enumerate(shares.ballots) if worth.get(rejection.project)]
            left = sum((run.money[at] for at in own), Fraction(0))
            assert rejection.data["supporters"] == len(own)
            assert 0 <= left - Fraction(rejection.data["supporters_money"]) < Fraction(1, 100)
            assert left < votes.costs[rejection.project]
            for winner, told in rejection.data["used_by"].items():
                paid = sum((run.paid[at].get(winner, Fraction(0)) for at in own), Fraction(0))
                assert 0 <= paid - Fraction(told) < Fraction(1, 100)
