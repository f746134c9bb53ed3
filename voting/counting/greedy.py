"""Rules by score: take the projects in order of score while the budget limit lasts.

The greedy rule is the one of Talmon, Faliszewski, "A Framework for Approval-Based Budgeting Methods", AAAI 2019, with
the score of the ballots' own type. Money is in the contest's units, scores are in its `point_scale`-ths.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from voting.counting.contest import Contest, Key
from voting.counting.outcome import Json, Phase, Reason, Tie


@dataclass(frozen=True, slots=True)
class GreedyOptions:
    """How a rule by score goes on.

    - `stop_at_misfit`: end at the first project that does not fit, instead of skipping it;
    - `min_score`: projects under it do not take part (points, not `point_scale`-ths);
    - `max_winners`: fund at most so many;
    - `group_winners_first`: the best of each ballot group, by score, before all others. A group whose best
      does not fit gets no second chance in that first part;
    - `top_up_share`: fund the first misfit as well when what is left covers at least this share of it;
    - `top_up_limit`: the same when what it lacks is at most this amount (currency, not `scale`-ths). With both,
      both must hold. Where nothing is left there is no near miss: the city does not pay a whole project.
    """

    stop_at_misfit: bool = False
    min_score: Fraction | None = None
    max_winners: int | None = None
    group_winners_first: bool = False
    top_up_share: Fraction | None = None
    top_up_limit: Fraction | None = None

    def tops_up(self, cost: int, left: int, scale: int) -> bool:
        """Whether a project that costs more than what is left (both in `scale`-ths) is a near miss."""
        if left <= 0 or (self.top_up_share is None and self.top_up_limit is None):
            return False
        covered = self.top_up_share is None or cost * self.top_up_share <= left
        return covered and (self.top_up_limit is None or cost - left <= self.top_up_limit * scale)


@dataclass(slots=True)
class GreedyRun:
    """One run: who was funded in which phase and with what left after it, and why the others were not."""

    left: int
    winners: dict[int, tuple[Phase, int]] = field(default_factory=dict)
    refused: dict[int, tuple[Reason, dict[str, Json]]] = field(default_factory=dict)
    topped_up: int = 0


def run_greedy(
    contest: Contest,
    options: GreedyOptions,
    keys: Sequence[Key],
    *,
    winners: Iterable[int] = (),
    left: int | None = None,
    phase: Phase = Phase.SCORE,
) -> GreedyRun:
    """Fund projects by `keys`; with `winners` and `left`, complete an outcome that already has those."""
    already = set(winners)
    run = GreedyRun(contest.budget if left is None else left)
    candidates = []
    for project in contest.projects:
        refusal = unfit(contest, project, -keys[project][0], options.min_score)
        if refusal:
            run.refused[project] = refusal
        elif project not in already:
            candidates.append(project)
    candidates.sort(key=keys.__getitem__)
    for project, its_phase, reason, other in _walk(contest, options, candidates, already, run.left, phase):
        if reason is None:
            run.topped_up += max(0, contest.costs[project] - run.left)
            run.left = max(0, run.left - contest.costs[project])
            run.winners[project] = (its_phase, run.left)
        elif reason is Reason.DID_NOT_FIT:
            run.refused[project] = (reason, misfit(contest, project, run.left))
        elif reason is Reason.MAX_WINNERS:
            run.refused[project] = (reason, {"max_winners": other})
        else:
            name = "rival" if reason is Reason.EXCLUDED else "stopped_at"
            run.refused[project] = (reason, {name: contest.ids[other]})
    return run


def _walk(
    contest: Contest,
    options: GreedyOptions,
    candidates: Sequence[int],
    already: Iterable[int] = (),
    left: int | None = None,
    phase: Phase = Phase.SCORE,
) -> Iterator[tuple[int, Phase, Reason | None, int]]:
    """Try the candidates, sorted by score: (project, phase, None, 0) when it is funded, else with the reason
    and the rival, the limit or the misfit behind it."""
    won, left = set(already), contest.budget if left is None else left
    stopped_at: int | None = None
    costs, rivals, most = contest.costs, contest.rivals, options.max_winners
    for project, its_phase in _in_order(contest, candidates, options, phase):
        cost = costs[project]
        if rivals[project] and (beaten_by := rivals[project] & won):
            yield project, its_phase, Reason.EXCLUDED, min(beaten_by)
        elif most is not None and len(won) >= most:
            yield project, its_phase, Reason.MAX_WINNERS, most
        elif stopped_at is not None:
            yield project, its_phase, Reason.STOPPED_BEFORE, stopped_at
        elif cost <= left:
            left -= cost
            won.add(project)
            yield project, its_phase, None, 0
        elif options.tops_up(cost, left, contest.scale):
            left, stopped_at = 0, project
            won.add(project)
            yield project, Phase.TOP_UP, None, 0
        else:
            if options.stop_at_misfit:
                stopped_at = project
            yield project, its_phase, Reason.DID_NOT_FIT, 0


def unfit(
    contest: Contest, project: int, score: int, min_score: Fraction | None
) -> tuple[Reason, dict[str, Json]] | None:
    """Why a project with this score does not take part in any rule, or None when it does."""
    if project in contest.withdrawn:
        return Reason.WITHDRAWN, {}
    if score <= 0:
        return Reason.NO_SUPPORT, {}
    if min_score is not None and score < min_score * contest.point_scale:
        least = min_score * contest.point_scale
        return Reason.BELOW_MIN_SCORE, {
            "score": contest.score_string(score),
            "min_score": contest.score_string(least),
            "short": contest.score_string(least - score),
        }
    return None


def misfit(contest: Contest, project: int, left: int) -> dict[str, Json]:
    """The figures of a project that costs more than what was left."""
    cost = contest.costs[project]
    return {
        "cost": contest.money(cost),
        "remaining": contest.money(left),
        "lacking": contest.money(max(0, cost - left)),
    }


def _in_order(
    contest: Contest, candidates: Sequence[int], options: GreedyOptions, phase: Phase
) -> list[tuple[int, Phase]]:
    """The candidates, already sorted by score, in the order in which they are tried."""
    first: list[int] = []
    if options.group_winners_first:
        seen: set[str] = set()
        for project in candidates:
            group = contest.groups[project]
            if group is not None and group not in seen:
                seen.add(group)
                first.append(project)
    leading = set(first)
    return [(project, Phase.GROUP_WINNER) for project in first] + [
        (project, phase) for project in candidates if project not in leading
    ]


def more_needed(contest: Contest, options: GreedyOptions, project: int) -> int | None:
    """How many more votes would have been enough for `project`, all else the same; None if no number would.

    Recounted, not estimated: the score is raised and the rule run again. More votes only move a project
    forward in an otherwise unchanged order, so being funded is monotone in them and a search by halves over
    the scores at which its place changes finds the least. Where ballots give points the answer is in points.
    """
    if project in contest.withdrawn:
        return None
    own, unit = contest.scores[project], contest.point_scale
    gaps = {score - own for score in contest.scores if score >= own} | {0}
    if options.min_score is not None:
        gaps.add(-((own - options.min_score * unit) // 1))
    steps = sorted({more for gap in gaps for more in (-(-gap // unit), gap // unit + 1) if more > 0})
    others = [
        (contest.key(other), other)
        for other in contest.projects
        if other != project and not unfit(contest, other, contest.scores[other], options.min_score)
    ]
    others.sort()
    ranked = [other for _, other in others]

    def funded(more: int) -> bool:
        if unfit(contest, project, own + more * unit, options.min_score):
            return False
        place = bisect_left(others, (contest.key(project, more), project))
        walk = _walk(contest, options, [*ranked[:place], project, *ranked[place:]])
        return next(reason is None for tried, _, reason, _ in walk if tried == project)

    low, high = 0, len(steps) - 1
    if not funded(steps[high]):
        return None
    while low < high:
        middle = (low + high) // 2
        if funded(steps[middle]):
            high = middle
        else:
            low = middle + 1
    return steps[low]


def ties_that_mattered(
    contest: Contest,
    options: GreedyOptions,
    *,
    winners: Iterable[int] = (),
    left: int | None = None,
) -> list[Tie]:
    """The groups of equal score in which another order would have funded other projects.

    Each member is put in front of its equals and the rule run again. That is enough: if any order of equals
    changes who is funded, then one that puts a single project first does.
    """
    keys, already = contest.keys(), frozenset(winners)

    def funded(order: Sequence[Key]) -> set[int]:
        candidates = sorted((p for members in level.values() for p in members), key=order.__getitem__)
        walk = _walk(contest, options, candidates, already, left)
        return {project for project, _, reason, _ in walk if reason is None}

    level: dict[int, list[int]] = {}
    for project in contest.projects:
        score = contest.scores[project]
        if project not in already and not unfit(contest, project, score, options.min_score):
            level.setdefault(score, []).append(project)
    ties, outcome = [], funded(keys)
    for score in sorted(level, reverse=True):
        members = sorted(level[score], key=keys.__getitem__)
        if len(members) > 1 and any(funded(_preferring(keys, project)) != outcome for project in members):
            ties.append(make_tie(contest, members, contest.score_string(score)))
    return ties


def make_tie(contest: Contest, members: Sequence[int], level: str) -> Tie:
    """The record of a tie between `members`, given in the order applied."""
    by = {contest.separating(one, next_one) for one, next_one in pairwise(members)}
    order = ("cost", "votes", "id", "lot", "order")
    return Tie(
        projects=tuple(contest.ids[project] for project in members),
        level=level,
        by=tuple(criterion for criterion in order if criterion in by),
    )


def _preferring(keys: Sequence[Key], project: int) -> list[Key]:
    """The same keys with `project` before all of its score."""
    changed = list(keys)
    score, _, votes, place = changed[project]
    changed[project] = (score, -1, votes, place)
    return changed
