"""`count`: from an instance, a profile and a rule to an outcome."""

from fractions import Fraction

from voting.counting.completion import SharesOptions
from voting.counting.contest import Contest, prepare
from voting.counting.fingerprint import input_fingerprint
from voting.counting.greedy import GreedyOptions
from voting.counting.instance import Instance
from voting.counting.outcome import Json, Outcome
from voting.counting.profile import Profile
from voting.counting.rules import EQUAL_SHARES, PHRAGMEN, Completion, Rule, Satisfaction, Start, rank_points
from voting.counting.tally import Progress, Result, by_equal_shares, by_phragmen, by_score
from voting.counting.ties import TieBreak

#: Raised whenever the same input and rule could give another outcome or record than before.
COUNTING_VERSION = 2


def count(
    instance: Instance,
    profile: Profile,
    rule: Rule,
    *,
    explain: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Apply `rule` to `profile` over `instance`.

    With `explain` off, the figures that are long to find (how many more votes, whose money went where, what
    supporters have left, which ties mattered) are left out. `progress` is told of every run of a completion
    that needs many. Raises ValueError when a ballot names a project the instance does not have, or an explicit
    tie order leaves one out.
    """
    tie_break = TieBreak.parse(rule.tie_break)
    amounts = [rule.increment] if rule.name == EQUAL_SHARES else []
    contest = prepare(instance, profile, tie_break, amounts, rank_points(rule.rank_scores))
    result = _apply(contest, rule, explain, progress)
    spent = sum(contest.costs[contest.ids.index(step.project)] for step in result.steps) - result.topped_up
    return Outcome(
        rule=rule.name,
        parameters=rule.parameters(),
        budget=contest.money(contest.budget),
        spent=contest.money(spent),
        topped_up=contest.money(result.topped_up),
        steps=tuple(result.steps),
        rejected=tuple(result.rejected),
        ties=tuple(result.ties),
        record=_record(instance, profile, rule, contest, result),
    )


def _apply(contest: Contest, rule: Rule, explain: bool, progress: Progress | None) -> Result:
    min_score = None if rule.min_score is None else Fraction(rule.min_score)
    if rule.name == EQUAL_SHARES:
        options = SharesOptions(
            satisfaction=Satisfaction(rule.satisfaction),
            completion=Completion(rule.completion),
            start=Start(rule.start),
            increment=Fraction(rule.increment),
            stop_when_exhaustive=rule.stop_when_exhaustive,
            min_score=min_score,
            max_winners=rule.max_winners,
        )
        return by_equal_shares(contest, options, explain, progress)
    if rule.name == PHRAGMEN:
        return by_phragmen(contest, min_score, rule.max_winners, explain)
    return by_score(
        contest,
        GreedyOptions(
            stop_at_misfit=rule.name in ("greedy-no-skip", "greedy-custom"),
            min_score=min_score,
            max_winners=rule.max_winners,
            group_winners_first=rule.group_winners_first,
            top_up_share=None if rule.top_up_share is None else Fraction(rule.top_up_share),
            top_up_limit=None if rule.top_up_limit is None else Fraction(rule.top_up_limit),
        ),
        explain,
    )


def _record(
    instance: Instance, profile: Profile, rule: Rule, contest: Contest, result: Result
) -> dict[str, Json]:
    """Everything a recount needs to be sure of the same outcome."""
    record: dict[str, Json] = {
        "counting_version": COUNTING_VERSION,
        "arithmetic": "exact rationals",
        "rule": rule.as_json(),
        "rule_sha256": rule.fingerprint,
        "tie_order": contest.tie_break.describe(),
        "zero_support": "never funded",
        "input_sha256": input_fingerprint(instance, profile),
        "ballot_type": profile.ballot_type.value,
        "voters": profile.voters,
        "projects": len(instance.projects),
        "exclusive_sets": sorted(sorted(ids) for ids in instance.exclusive_sets),
    }
    return record | result.record
