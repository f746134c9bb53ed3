"""Equal shares made exhaustive: the completions a city may choose.

- `none`: the plain method;
- `greedy`: by score on what is left;
- `add1`: raise every voter's start by the increment and count anew, until an outcome exceeds the budget limit;
  the last one within it stands;
- `add1u`: `add1`, then greedy on what is left;
- `comparison`: `add1`, unless strictly more voters have more approved projects funded by the greedy rule;
- `plain-comparison`: the plain method, unless they do.

`add1` and `add1u` are those of Faliszewski, Flis, Peters, Pierczyński, Skowron, Stolicki, Szufa, Talmon,
"Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023; the comparison step is the one of equalshares.net.
Money is in the contest's units, a start in units a voter, exact.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from voting.counting.contest import Contest
from voting.counting.electorate import Electorate, electorate
from voting.counting.equal_shares import SharesRun, run_equal_shares
from voting.counting.greedy import GreedyOptions, GreedyRun, run_greedy, unfit
from voting.counting.many_starts import run_many
from voting.counting.outcome import Json, Phase, Reason
from voting.counting.rules import Completion, Satisfaction, Start


@dataclass(frozen=True, slots=True)
class SharesOptions:
    """The parameters of equal shares. `increment` is in currency; `min_score` removes projects beforehand."""

    satisfaction: Satisfaction = Satisfaction.COST
    completion: Completion = Completion.NONE
    start: Start = Start.EXACT
    increment: Fraction = Fraction(1)
    stop_when_exhaustive: bool = False
    min_score: Fraction | None = None
    max_winners: int | None = None

    @property
    def greedy(self) -> GreedyOptions:
        """The greedy rule that completes or is compared with."""
        return GreedyOptions(min_score=self.min_score, max_winners=self.max_winners)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many voters have more approved winners in which outcome, and whether greedy's replaced the other."""

    prefer_equal_shares: int
    prefer_greedy: int

    @property
    def greedy_wins(self) -> bool:
        """Only strictly more voters replace the outcome of equal shares."""
        return self.prefer_greedy > self.prefer_equal_shares

    def as_json(self) -> dict[str, Json]:
        """The figures for the record."""
        return {
            "prefer_equal_shares": self.prefer_equal_shares,
            "prefer_greedy": self.prefer_greedy,
            "greedy_replaces": self.greedy_wins,
        }


@dataclass(slots=True)
class SharesResult:
    """The kept run of equal shares and what the completion did with it.

    `greedy` is the completing run, or the replacing one when `comparison.greedy_wins`. `runs` counts how
    often equal shares was counted.
    """

    voters: Electorate
    candidates: list[int]
    refused: dict[int, tuple[Reason, dict[str, Json]]]
    run: SharesRun
    runs: int = 1
    greedy: GreedyRun | None = None
    comparison: Comparison | None = None

    @property
    def replaced(self) -> bool:
        """Whether the comparison put greedy's outcome in place of this one."""
        return self.comparison is not None and self.comparison.greedy_wins


#: Told after every run of equal shares: how many there were, and the share of the budget limit it spends.
Progress = Callable[[int, Fraction], None]


def count_equal_shares(
    contest: Contest, options: SharesOptions, ranks: list[int], progress: Progress | None = None
) -> SharesResult:
    """Run equal shares with its completion; `ranks` is the tie order of the whole count."""
    voters = electorate(contest, options.satisfaction)
    refused = {}
    for project in contest.projects:
        refusal = unfit(contest, project, contest.scores[project], options.min_score)
        supported = voters.units[project] > 0
        if refusal and refusal[0] is Reason.NO_SUPPORT and supported:
            # Named on ballots without a point: supported, where a named project counts as approved.
            refusal = unfit_score_of_named(contest, project, options.min_score)
        elif refusal is None and not supported:
            refusal = (Reason.NO_SUPPORT, {})
        if refusal:
            refused[project] = refusal
    candidates = [project for project in contest.projects if project not in refused]
    result = SharesResult(voters, candidates, refused, _run(contest, voters, options, ranks, candidates))
    if options.completion in (Completion.ADD1, Completion.ADD1U, Completion.COMPARISON):
        _raise_start(contest, options, ranks, result, progress)
    if options.completion in (Completion.GREEDY, Completion.ADD1U):
        winners = result.run.winners
        left = contest.budget - sum(contest.costs[project] for project in winners)
        result.greedy = run_greedy(
            contest, options.greedy, contest.keys(), winners=winners, left=left, phase=Phase.COMPLETION
        )
    elif options.completion in (Completion.COMPARISON, Completion.PLAIN_COMPARISON):
        greedy = run_greedy(contest, options.greedy, contest.keys())
        result.comparison = compare(contest, set(result.run.winners), set(greedy.winners))
        result.greedy = greedy if result.comparison.greedy_wins else None
    return result


def unfit_score_of_named(
    contest: Contest, project: int, min_score: Fraction | None
) -> tuple[Reason, dict[str, Json]] | None:
    """Whether a project named on ballots but given no points misses a minimum score above zero."""
    if min_score is None or min_score <= 0:
        return None
    least = contest.score_string(min_score * contest.point_scale)
    return Reason.BELOW_MIN_SCORE, {"score": "0", "min_score": least, "short": least}


def starting_money(contest: Contest, start: Start) -> Fraction:
    """What a voter starts with, in the contest's units: B/n, or its whole currency units."""
    if not contest.voters:
        return Fraction(0)
    share = Fraction(contest.budget, contest.voters)
    return share if start is Start.EXACT else Fraction(share // contest.scale * contest.scale)


def _run(
    contest: Contest,
    voters: Electorate,
    options: SharesOptions,
    ranks: list[int],
    candidates: list[int],
    start: Fraction | None = None,
) -> SharesRun:
    money = starting_money(contest, options.start) if start is None else start
    return run_equal_shares(contest, voters, money, candidates, ranks, options.max_winners)


#: How many starts are counted together, at first and at most, and of how many ballots in all runs together: more
#: than that are counted as quickly in two batches.
_FIRST_BATCH, _LARGEST_BATCH, _BALLOTS_AT_ONCE = 16, 64, 250_000


def _raise_start(
    contest: Contest,
    options: SharesOptions,
    ranks: list[int],
    result: SharesResult,
    progress: Progress | None,
) -> None:
    """Give every voter one increment more until the outcome exceeds the budget limit.

    Also ends when nothing could change any more: every candidate is bought, or nobody can run out of money.
    The runs between are counted many at once; the one that is kept is counted exactly.
    """
    step = options.increment * contest.scale
    plenty = most_spent_by_one(contest, result.voters, result.candidates)
    start, kept = result.run.start, result.run.winners
    counted = _raised(contest, options, ranks, result, start, step)
    while len(kept) < len(result.candidates) and start < plenty:
        if options.stop_when_exhaustive and is_exhaustive(contest, options, result.candidates, kept):
            break
        winners = next(counted)
        result.runs += 1
        spent = sum(contest.costs[project] for project in winners)
        if progress is not None:
            progress(result.runs, Fraction(spent, contest.budget or 1))
        if spent > contest.budget:
            break
        start, kept = start + step, winners
    if start != result.run.start:
        result.run = _run(contest, result.voters, options, ranks, result.candidates, start)
        if result.run.winners != kept:
            raise AssertionError("the quick count and the exact one differ: the quick one is wrong")


def _raised(
    contest: Contest,
    options: SharesOptions,
    ranks: list[int],
    result: SharesResult,
    start: Fraction,
    step: Fraction,
) -> Iterator[list[int]]:
    """The winners after one increment more, then one more, and so on."""
    voters, candidates = result.voters, result.candidates
    largest = min(_LARGEST_BATCH, max(2, _BALLOTS_AT_ONCE // (len(voters.table.weights) or 1)))
    size = min(_FIRST_BATCH, largest)
    while True:
        starts = [start + step * number for number in range(1, size + 1)]
        batch = run_many(contest, voters, starts, candidates, ranks, options.max_winners)
        for raised, winners in zip(starts, batch, strict=True):
            if winners is None:
                winners = _run(contest, voters, options, ranks, candidates, raised).winners
            yield winners
        start, size = starts[-1], min(2 * size, largest)


def most_spent_by_one(contest: Contest, voters: Electorate, candidates: list[int]) -> int:
    """A start from which no voter can run out: at least the most one would pay if every candidate were bought.

    As long as nobody runs out, all supporters of a project pay in proportion to its worth to them, so from
    this start on the outcome stays the same. Each share is rounded up to a whole money unit.
    """
    if voters.worth is None:
        bills = {project: -(-contest.costs[project] // voters.units[project]) for project in candidates}
        small = sum(bills.values()) < 2**62
        bill = np.zeros(len(voters.table.weights), dtype=np.int64 if small else object)
        for project, share in bills.items():
            bill[voters.supporters[project]] += share
    else:
        bill = np.zeros(len(voters.table.weights), dtype=object)
        for project in candidates:
            worth, cost = voters.worth[project].astype(object), contest.costs[project]
            bill[voters.supporters[project]] += -(-cost * worth // voters.units[project])
    return int(bill.max(initial=0))


def is_exhaustive(
    contest: Contest, options: SharesOptions, candidates: Iterable[int], winners: Sequence[int]
) -> bool:
    """Whether no further project with support fits: each costs more than what is left or may not win."""
    if options.max_winners is not None and len(winners) >= options.max_winners:
        return True
    left = contest.budget - sum(contest.costs[project] for project in winners)
    won = set(winners)
    return all(
        contest.costs[project] > left
        for project in candidates
        if project not in won and not contest.rivals[project] & won
    )


def compare(contest: Contest, shares: set[int], greedy: set[int]) -> Comparison:
    """Count the voters with more approved winners in one outcome than in the other; none approved counts 0."""
    more = contest.ballots.count_of(shares) - contest.ballots.count_of(greedy)
    weights = contest.ballots.weights
    return Comparison(int(weights[more > 0].sum()), int(weights[more < 0].sum()))
