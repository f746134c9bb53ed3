"""What if: the same count with a project less, another budget limit or more votes.

Everything is counted anew, nothing is estimated. A change is not part of the record of the count it starts from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from voting.counting.count import count
from voting.counting.instance import Instance
from voting.counting.outcome import Outcome
from voting.counting.profile import LARGEST_SUM, Profile
from voting.counting.rules import Rule


@dataclass(frozen=True, slots=True)
class Change:
    """What is different: projects withdrawn, the budget limit, and further voters who name one project only."""

    without: frozenset[str] = frozenset()
    budget_limit: Decimal | None = None
    more_votes: Mapping[str, int] = field(default_factory=dict)


def what_if(instance: Instance, profile: Profile, rule: Rule, change: Change) -> Outcome:
    """The outcome after `change`, without explanations of its own.

    Raises ValueError when the change names a project the instance does not have, takes votes away, or a vote
    cannot be expressed in the profile's type of ballot.
    """
    strangers = sorted({*change.without, *change.more_votes} - instance.ids)
    if strangers:
        raise ValueError(f"unknown projects: {', '.join(strangers)}")
    projects = tuple(
        replace(project, withdrawn=True) if project.id in change.without else project
        for project in instance.projects
    )
    budget = instance.budget_limit if change.budget_limit is None else change.budget_limit
    for project_id, votes in change.more_votes.items():
        profile = with_votes(profile, project_id, votes)
    changed = replace(instance, projects=projects, budget_limit=budget)
    return count(changed, profile, rule, explain=False)


def with_votes(profile: Profile, project_id: str, votes: int) -> Profile:
    """The profile with `votes` more voters who name this project only.

    Where ballots give points, each of them gives it as many as one ballot may be expected to: the most any
    ballot gives one project. Raises ValueError for a number below 0.
    """
    if votes < 0:
        raise ValueError("votes can only be added")
    if not votes:
        return profile
    profile = _with_room(profile, votes)
    ids = tuple(sorted({*profile.ids, project_id}))
    members = profile.members
    if len(ids) > len(profile.ids):
        place = ids.index(project_id)
        members = members + (members >= place).astype(members.dtype)
    number = ids.index(project_id)
    points = None if profile.points is None else profile.points.max(initial=1)
    single = int(np.searchsorted(profile.lengths, 2))
    rows = range(single)
    keys = [(int(members[row]), 0 if profile.points is None else int(profile.points[row])) for row in rows]
    key = (number, 0 if points is None else int(points))
    if key in keys:
        weights = profile.weights.copy()
        weights[keys.index(key)] += votes
        return replace(profile, ids=ids, members=members, weights=weights)
    row = sum(other < key for other in keys)
    return replace(
        profile,
        ids=ids,
        starts=np.concatenate([profile.starts[: row + 1], profile.starts[row:] + 1]),
        members=np.insert(members, row, number),
        weights=np.insert(profile.weights, row, votes),
        points=None if profile.points is None or points is None else np.insert(profile.points, row, points),
    )


def _with_room(profile: Profile, votes: int) -> Profile:
    """The same profile; its points as Python integers when with `votes` more voters 64 bits may not hold sums."""
    if profile.points is None or profile.points.dtype == object:
        return profile
    fits = int(profile.points.max(initial=1)) * (profile.voters + votes) < LARGEST_SUM
    return profile if fits else replace(profile, points=profile.points.astype(object))


def votes_needed(
    instance: Instance, profile: Profile, rule: Rule, project_id: str, most: int | None = None
) -> int | None:
    """How many more voters naming only this project would have been enough for it, all else the same.

    Counted anew for every number tried: first doubling, then by halves, so that the number found is enough and
    one less is not. (Under equal shares more voters also mean a smaller share for each, so that a still smaller
    number may exist in principle.) 0 when none is needed, None when `most` (by default as many as have voted)
    are not enough. The measure is "singleton-add" of Boehmer, Faliszewski, Janeczko, Peters, Pierczyński,
    Schierreich, Skowron and Szufa, "Evaluation of Project Performance in Participatory Budgeting", IJCAI 2024.
    """
    most = profile.voters if most is None else most

    def enough(votes: int) -> bool:
        return project_id in what_if(instance, profile, rule, Change(more_votes={project_id: votes})).selected

    low, high = 0, 1
    while high <= most and not enough(high):
        low, high = high, 2 * high
    if high > most:
        if not most:
            return 0 if enough(0) else None
        if low >= most or not enough(most):
            return None
        high = most
    while high - low > 1:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle
    # Nobody asks for a winner: whether it needs none is looked at last.
    return 0 if high == 1 and enough(0) else high
