"""Why each project was funded or not, and what voters got, as data for pages, exports and the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from voting.counting.amounts import amount_string
from voting.counting.instance import Instance
from voting.counting.outcome import Json, Outcome, Phase, Reason, Step
from voting.counting.profile import Profile
from voting.counting.rules import rank_points
from voting.counting.scores import scores, votes


@dataclass(frozen=True, slots=True)
class Explanation:
    """One project in one outcome.

    `rank` is the place by score, equal scores sharing the better place. For a funded project `step` is the
    place in which it won (from 1), `phase` the part of the rule that funded it, `remaining` what was left
    after it, and under equal shares `paid_at_most` what a supporter paid at most. Otherwise `reason` and
    `data` say what was missing (see `outcome.Reason`).
    """

    project: str
    name: str
    cost: str
    votes: int
    score: str
    rank: int
    funded: bool
    step: int | None = None
    phase: Phase | None = None
    remaining: str | None = None
    paid_at_most: str | None = None
    effective_votes: str | None = None
    reason: Reason | None = None
    data: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The explanation as one object; what does not apply is left out."""
        values: dict[str, Json] = {
            "id": self.project,
            "name": self.name,
            "cost": self.cost,
            "votes": self.votes,
            "score": self.score,
            "rank": self.rank,
            "funded": self.funded,
        }
        optional: dict[str, Json] = {
            "step": self.step,
            "phase": self.phase.value if self.phase else None,
            "remaining": self.remaining,
            "paid_at_most": self.paid_at_most,
            "effective_votes": self.effective_votes,
            "reason": self.reason.value if self.reason else None,
        }
        return (
            values | {name: value for name, value in optional.items() if value is not None} | dict(self.data)
        )


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """What the voters got: how many have a funded project they named, and how many have 0, 1, 2, … of them."""

    voters: int
    voters_with_winner: int
    voters_by_winners: Mapping[int, int]

    def as_json(self) -> dict[str, Json]:
        """The summary as an object."""
        return {
            "voters": self.voters,
            "voters_with_winner": self.voters_with_winner,
            "voters_by_winners": {str(winners): count for winners, count in self.voters_by_winners.items()},
        }


def explain(instance: Instance, profile: Profile, outcome: Outcome) -> dict[str, Explanation]:
    """The explanation of every project of the instance the outcome was counted from, by id."""
    table = rank_points(str(outcome.parameters.get("rank_scores", "")))
    project_votes, project_scores = votes(instance, profile), scores(instance, profile, table)
    better = sorted(project_scores.values(), reverse=True)
    first_place: dict[object, int] = {}
    for place, score in enumerate(better, start=1):
        first_place.setdefault(score, place)
    steps = {step.project: (number, step) for number, step in enumerate(outcome.steps, start=1)}
    rejected = {rejection.project: rejection for rejection in outcome.rejected}
    explanations = {}
    for project in instance.projects:
        score = project_scores[project.id]
        common: dict[str, Any] = {
            "project": project.id,
            "name": project.name,
            "cost": amount_string(project.cost),
            "votes": project_votes[project.id],
            "score": amount_string(score),
            "rank": first_place[score],
        }
        if project.id in steps:
            number, step = steps[project.id]
            explanations[project.id] = Explanation(
                **common,
                funded=True,
                step=number,
                phase=step.phase,
                remaining=step.remaining,
                paid_at_most=None if step.paid_at_most is None else amount_string(step.paid_at_most),
                effective_votes=None if step.effective_votes is None else amount_string(step.effective_votes),
                data=_payment(step, outcome),
            )
        else:
            rejection = rejected[project.id]
            explanations[project.id] = Explanation(
                **common, funded=False, reason=rejection.reason, data=rejection.data
            )
    return explanations


def _payment(step: Step, outcome: Outcome) -> dict[str, Json]:
    """Who paid for a winner of equal shares: how many, how many with the last they had, and from which start."""
    if step.supporters is None:
        return {}
    start = Fraction(str(outcome.record["final_start"]))
    paid = step.paid_at_most or Fraction(0)
    return {
        "supporters": step.supporters,
        "gave_all": step.gave_all,
        "had_nothing": step.had_nothing,
        "start": amount_string(start),
        "share": amount_string(paid / start * 100) if start else "0",
    }


def summarise(profile: Profile, outcome: Outcome) -> RoundSummary:
    """How the funded projects are spread over the voters of `profile` (all of them, or those of one area)."""
    winners = set(outcome.selected)
    won = np.array([project_id in winners for project_id in profile.ids], dtype=np.int64)
    voters = [0] * (len(winners) + 1)
    for ballots, own in profile.stretches():
        named = np.add.reduceat(won[profile.members[own]], profile.starts[ballots] - own.start)
        weights = profile.weights[ballots]
        for number in np.flatnonzero(np.bincount(named)).tolist():
            voters[number] += int(weights[named == number].sum())
    by_winners = {winners: count for winners, count in enumerate(voters) if count}
    return RoundSummary(
        voters=profile.voters,
        voters_with_winner=profile.voters - by_winners.get(0, 0),
        voters_by_winners=by_winners,
    )
