"""Sequential Phragmén: spread the cost of each winner over its supporters, keeping the heaviest load least.

A project's new load is (cost + the loads its supporters already carry) / number of supporters; the project
with the least new load wins and all its supporters carry that load. The rule stops as soon as one of the
projects with the least new load does not fit into what is left of the budget limit.

Phragmén's rule for committees: Brill, Freeman, Janson, Lackner, "Phragmén's Voting Methods and Justified
Representation", AAAI 2017; with costs and this way of stopping: Los, Christoff, Grossi, "Proportional Budget
Allocations: Towards a Systematization", IJCAI 2022.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from voting.counting.contest import Contest
from voting.counting.greedy import misfit, unfit
from voting.counting.outcome import Json, Reason
from voting.counting.scores import exact_sums


@dataclass(slots=True)
class PhragmenRun:
    """Winners with their load and what was left after them, the refusals, and the ties met."""

    left: int
    winners: dict[int, tuple[Fraction, int]] = field(default_factory=dict)
    refused: dict[int, tuple[Reason, dict[str, Json]]] = field(default_factory=dict)
    level: list[list[int]] = field(default_factory=list)


def run_phragmen(
    contest: Contest, ranks: Sequence[int], min_score: Fraction | None = None, max_winners: int | None = None
) -> PhragmenRun:
    """Count by sequential Phragmén; a named project counts as approved, equal loads go to the smaller rank.

    `ranks` has the tie order of every project by number; `min_score` is in points, loads are in the contest's
    money units, exact.
    """
    run = PhragmenRun(contest.budget)
    table = contest.ballots
    waiting = set()
    for project in contest.projects:
        refusal = unfit(contest, project, contest.scores[project], min_score)
        if refusal is None and contest.costs[project] > contest.budget:
            refusal = (Reason.DID_NOT_FIT, misfit(contest, project, contest.budget))
        if refusal:
            run.refused[project] = refusal
        else:
            waiting.add(project)
    # Every load is that of the last winner a ballot supports: few distinct values, kept by number.
    loads, load_of = [Fraction(0)], np.zeros(len(table.weights), dtype=np.int32)
    # Loads only grow, so a load computed earlier is a lower bound.
    bounds = {project: Fraction(contest.costs[project], contest.votes[project]) for project in waiting}
    while waiting:
        if max_winners is not None and len(run.winners) >= max_winners:
            run.refused |= {p: (Reason.MAX_WINNERS, {"max_winners": max_winners}) for p in waiting}
            break
        least: Fraction | None = None
        level: list[int] = []
        for project in sorted(waiting, key=bounds.__getitem__):
            if least is not None and bounds[project] > least:
                break
            own = table.supporters[project]
            carried = exact_sums(load_of[own], table.weights[own], None, len(loads))
            total = contest.costs[project] + sum(
                load * times for load, times in zip(loads, carried, strict=True) if times
            )
            load = bounds[project] = Fraction(total) / contest.votes[project]
            if least is None or load < least:
                least, level = load, [project]
            elif load == least:
                level.append(project)
        assert least is not None  # `waiting` is not empty
        level.sort(key=ranks.__getitem__)
        misfits = [project for project in level if contest.costs[project] > run.left]
        if misfits:
            stopped_at = misfits[0]
            for project in waiting:
                run.refused[project] = (
                    (Reason.DID_NOT_FIT, misfit(contest, project, run.left))
                    if project in misfits
                    else (Reason.STOPPED_BEFORE, {"stopped_at": contest.ids[stopped_at]})
                )
            break
        if len(level) > 1:
            run.level.append(level)
        winner = level[0]
        waiting.discard(winner)
        run.left -= contest.costs[winner]
        run.winners[winner] = (least, run.left)
        loads.append(least)
        load_of[table.supporters[winner]] = len(loads) - 1
        for rival in contest.rivals[winner] & waiting:
            waiting.discard(rival)
            run.refused[rival] = (Reason.EXCLUDED, {"rival": contest.ids[winner]})
    return run
