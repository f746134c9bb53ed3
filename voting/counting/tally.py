"""From the run of a rule to its result: steps, rejections with their figures, ties, and what to record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from voting.counting.completion import (
    Progress,
    SharesOptions,
    SharesResult,
    count_equal_shares,
    starting_money,
)
from voting.counting.contest import Contest
from voting.counting.equal_shares import SharesRun, run_equal_shares, used_by
from voting.counting.greedy import (
    GreedyOptions,
    GreedyRun,
    make_tie,
    misfit,
    more_needed,
    run_greedy,
    ties_that_mattered,
)
from voting.counting.outcome import Json, Phase, Reason, Rejection, Step, Tie
from voting.counting.phragmen import run_phragmen
from voting.counting.rules import Satisfaction


@dataclass(slots=True)
class Result:
    """What a rule gives before it becomes an outcome; `topped_up` in the contest's units."""

    steps: list[Step]
    rejected: list[Rejection]
    ties: list[Tie] = field(default_factory=list)
    topped_up: int = 0
    record: dict[str, Json] = field(default_factory=dict)


def by_score(contest: Contest, options: GreedyOptions, explain: bool) -> Result:
    """Count with a rule by score."""
    run = run_greedy(contest, options, contest.keys())
    return Result(
        steps=_greedy_steps(contest, run),
        rejected=_greedy_rejections(contest, options, run, explain),
        ties=ties_that_mattered(contest, options) if explain else [],
        topped_up=run.topped_up,
    )


def _greedy_steps(contest: Contest, run: GreedyRun) -> list[Step]:
    return [_step(contest, project, phase, remaining) for project, (phase, remaining) in run.winners.items()]


def _step(contest: Contest, project: int, phase: Phase, remaining: int, **figures: Any) -> Step:
    return Step(
        project=contest.ids[project],
        phase=phase,
        score=contest.score_string(contest.scores[project]),
        price=contest.money(contest.costs[project]),
        remaining=contest.money(remaining),
        **figures,
    )


def _greedy_rejections(
    contest: Contest, options: GreedyOptions, run: GreedyRun, explain: bool
) -> list[Rejection]:
    rejections = []
    for project in by_rank(contest, run.refused):
        reason, data = run.refused[project]
        if explain:
            data = data | {"more_needed": more_needed(contest, options, project)}
        rejections.append(Rejection(contest.ids[project], reason, data))
    return rejections


def by_rank(contest: Contest, projects: dict[int, tuple[Reason, dict[str, Json]]]) -> list[int]:
    """The projects in the order of score, ties broken."""
    return sorted(projects, key=contest.key)


def by_equal_shares(
    contest: Contest, options: SharesOptions, explain: bool, progress: Progress | None = None
) -> Result:
    """Count with equal shares and its completion."""
    ranks = contest.tie_ranks()
    result = count_equal_shares(contest, options, ranks, progress)
    run, scale = result.run, contest.scale
    record: dict[str, Json] = {
        "start": str(starting_money(contest, options.start) / scale),
        "final_start": str(run.start / scale),
        "runs": result.runs,
        "exhaustive_over": "projects with support",
        "comparison_measure": "approved winners a voter; replaced by strictly more voters only",
    }
    if result.comparison is not None:
        record["comparison"] = result.comparison.as_json()
    if result.replaced and result.greedy is not None:
        return Result(
            steps=_greedy_steps(contest, result.greedy),
            rejected=_greedy_rejections(contest, options.greedy, result.greedy, explain),
            ties=ties_that_mattered(contest, options.greedy) if explain else [],
            record=record,
        )
    steps = _shares_steps(contest, options, result)
    ties: list[Tie] = []
    if explain:
        ties = _shares_ties(contest, options, result, ranks)
    if result.greedy is not None:
        steps += _greedy_steps(contest, result.greedy)
        if explain:
            left = contest.budget - sum(contest.costs[project] for project in run.winners)
            ties += ties_that_mattered(contest, options.greedy, winners=run.winners, left=left)
    return Result(steps, _shares_rejections(contest, options, result, explain), ties, record=record)


def _shares_steps(contest: Contest, options: SharesOptions, result: SharesResult) -> list[Step]:
    steps, left = [], contest.budget
    voters, purses = result.voters, result.run.purses
    for place, purchase in enumerate(result.run.purchases):
        project = purchase.project
        own = voters.supporters[project]
        ended, weights = purses.ran_out_at[own], voters.table.weights[own]
        left -= contest.costs[project]
        worth = 1 if result.voters.worth is None else int(result.voters.worth[project].max())
        # A share of the cost is a number; money for a project or a point is in units of money.
        rho = purchase.rho if options.satisfaction is Satisfaction.COST else purchase.rho / contest.scale
        steps.append(
            _step(
                contest,
                project,
                Phase.EQUAL_SHARES,
                left,
                rho=rho,
                effective_votes=1 / rho if rho else None,
                paid_at_most=purchase.unit_price * worth / contest.scale,
                supporters=int(weights.sum()),
                gave_all=int(weights[ended == place].sum()),
                had_nothing=int(weights[(ended >= 0) & (ended < place)].sum()),
            )
        )
    return steps


def _shares_rejections(
    contest: Contest, options: SharesOptions, result: SharesResult, explain: bool
) -> list[Rejection]:
    """Why the others lost: their supporters' money, and with a greedy completion what was left in the end."""
    run, greedy = result.run, result.greedy
    refused = dict(result.refused)
    winners = set(run.winners) | set(greedy.winners if greedy else ())
    left = greedy.left if greedy else contest.budget - sum(contest.costs[p] for p in run.winners)
    losers = [project for project in result.candidates if project not in winners]
    for project in losers:
        if greedy is not None:
            # Its own refusal there, unless the completion does not look at projects without a point.
            refused[project] = greedy.refused[project]
        elif project in run.excluded:
            refused[project] = (Reason.EXCLUDED, {"rival": contest.ids[run.excluded[project]]})
        elif options.max_winners is not None and len(run.purchases) >= options.max_winners:
            refused[project] = (Reason.MAX_WINNERS, {"max_winners": options.max_winners})
        else:
            refused[project] = (Reason.RAN_OUT, {})
    spent = used_by(result.voters, run, losers) if explain else {}
    for project in losers:
        reason, data = refused[project]
        if reason in (Reason.RAN_OUT, Reason.DID_NOT_FIT):
            data = data | misfit(contest, project, left)
            if explain:
                data = data | _purse(contest, result, project)
        if project in spent:
            paid = sorted(spent[project].items(), key=lambda item: (-item[1], item[0]))
            data = data | {"used_by": {contest.ids[winner]: contest.money(amount) for winner, amount in paid}}
        refused[project] = (reason, data)
    return [Rejection(contest.ids[project], *refused[project]) for project in by_rank(contest, refused)]


def _purse(contest: Contest, result: SharesResult, project: int) -> dict[str, Json]:
    """How many supporters a project has and how much money they had left in the end."""
    voters = result.voters
    money = result.run.purses.total(voters.supporters[project])
    return {
        "supporters": voters.voters_of(project),
        "supporters_money": contest.money(money),
        "supporters_lacking": contest.money(max(Fraction(0), contest.costs[project] - money)),
    }


def _shares_ties(
    contest: Contest, options: SharesOptions, result: SharesResult, ranks: Sequence[int]
) -> list[Tie]:
    """The ties of the kept run in which another order would have bought other projects from the same start."""

    def bought(order: Sequence[int]) -> set[int]:
        run: SharesRun = run_equal_shares(
            contest, result.voters, result.run.start, result.candidates, order, options.max_winners
        )
        return set(run.winners)

    return _ties_with_other_outcomes(contest, result.run.level, ranks, set(result.run.winners), bought)


def by_phragmen(
    contest: Contest, min_score: Fraction | None, max_winners: int | None, explain: bool
) -> Result:
    """Count with sequential Phragmén."""
    ranks = contest.tie_ranks()
    run = run_phragmen(contest, ranks, min_score, max_winners)

    def funded(order: Sequence[int]) -> set[int]:
        return set(run_phragmen(contest, order, min_score, max_winners).winners)

    return Result(
        steps=[
            _step(contest, project, Phase.PHRAGMEN, left, load=load / contest.scale)
            for project, (load, left) in run.winners.items()
        ],
        rejected=[
            Rejection(contest.ids[project], *run.refused[project])
            for project in by_rank(contest, run.refused)
        ],
        ties=_ties_with_other_outcomes(contest, run.level, ranks, set(run.winners), funded)
        if explain
        else [],
        record={"stops": "when a project with the least load does not fit"},
    )


def _ties_with_other_outcomes(contest, level, ranks, outcome, recount) -> list[Tie]:
    """Of the ties met, those where putting another member first changes who wins."""
    ties = []
    for members in level:
        for project in members[1:]:
            order = list(ranks)
            order[project] = -1
            if recount(order) != outcome:
                ties.append(make_tie(contest, members, ""))
                break
    return ties


__all__ = ["Progress", "Result", "by_equal_shares", "by_phragmen", "by_score"]
