"""Votes and scores of projects, by type of ballot."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from voting.counting.ballots import BallotType
from voting.counting.instance import Instance
from voting.counting.profile import Ints, Points, Profile

#: Sums of floats below this are exact integers.
_EXACT_FLOATS = 2**53


def votes(instance: Instance, profile: Profile) -> dict[str, int]:
    """How many ballots name each project."""
    return _by_project(instance, profile, totals(profile.members, None, profile, len(profile.ids)))


def scores(
    instance: Instance, profile: Profile, rank_scores: Sequence[int] = ()
) -> dict[str, Fraction | int]:
    """What greedy rules rank by.

    Approval and choose-one: the number of ballots. Cumulative and scoring: the sum of points. Ordinal: the
    sum of `max_length − position`, position from 0; without `max_length`, of the ballot's own length; with
    `rank_scores`, what that table gives the place (nothing beyond its end).
    """
    found = totals(profile.members, member_points(profile, rank_scores), profile, len(profile.ids))
    if profile.point_scale == 1:
        return _by_project(instance, profile, found)
    return _by_project(instance, profile, [Fraction(value, profile.point_scale) for value in found])


def _by_project(instance: Instance, profile: Profile, values: Sequence[Any]) -> dict[str, Any]:
    named = dict(zip(profile.ids, values, strict=True))
    return {project.id: named.get(project.id, 0) for project in instance.projects}


def member_points(profile: Profile, rank_scores: Sequence[int] = ()) -> Points | None:
    """What each ballot adds to the score of each project it names, beside `profile.members`; None for 1 each."""
    if profile.ballot_type is BallotType.ORDINAL:
        table = np.array([*rank_scores, 0], dtype=np.int64)
        given = np.empty(len(profile.members), dtype=np.int64)
        for ballots, own in profile.stretches():
            starts = profile.starts[ballots.start : ballots.stop + 1]
            lengths = np.diff(starts)
            places = np.arange(own.start, own.stop) - np.repeat(starts[:-1], lengths)
            if rank_scores:
                given[own] = table[np.minimum(places, len(rank_scores))]
            else:
                given[own] = np.maximum(0, (profile.max_length or np.repeat(lengths, lengths)) - places)
        return given
    return profile.points


def totals(members: Ints, points: Points | None, profile: Profile, size: int) -> list[int]:
    """For every number below `size`, the sum of `points` (1 each without) of the voters who name it. Exact."""
    sums = [0] * size
    for ballots, own in profile.stretches():
        lengths = np.diff(profile.starts[ballots.start : ballots.stop + 1])
        weights = np.repeat(profile.weights[ballots], lengths)
        part = exact_sums(members[own], weights, None if points is None else points[own], size)
        sums = [one + other for one, other in zip(sums, part, strict=True)]
    return sums


def exact_sums(keys: Ints, weights: Ints, factors: Points | None, size: int) -> list[int]:
    """For every key below `size`, the exact sum of weight × factor (1 without) over its entries."""
    if not len(keys):
        return [0] * size
    largest = 1 if factors is None else int(factors.max())
    if largest * int(weights.sum()) < _EXACT_FLOATS:
        products = weights if factors is None else weights * factors.astype(np.int64)
        return np.bincount(keys, weights=products, minlength=size).astype(np.int64).tolist()
    values = weights.astype(object) if factors is None else weights.astype(object) * factors.astype(object)
    sums = np.zeros(size, dtype=object)
    np.add.at(sums, keys, values)
    return [int(value) for value in sums]
