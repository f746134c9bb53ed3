"""Votes and scores of projects, by type of ballot."""

from fractions import Fraction

from voting.counting.instance import Ballot, BallotType, Instance, Profile


def votes(instance: Instance, profile: Profile) -> dict[str, int]:
    """How many ballots name each project."""
    totals = {project.id: 0 for project in instance.projects}
    for ballot, weight in profile.ballots:
        for project_id in ballot.projects:
            totals[project_id] += weight
    return totals


def scores(instance: Instance, profile: Profile) -> dict[str, Fraction | int]:
    """What greedy rules rank by.

    Approval and choose-one: the number of ballots. Cumulative and scoring: the sum of points. Ordinal: the
    sum of `max_length − position`, position from 0; without `max_length`, of the ballot's own length.
    """
    totals: dict[str, Fraction | int] = {project.id: 0 for project in instance.projects}
    for ballot, weight in profile.ballots:
        for project_id, points in zip(ballot.projects, ballot_points(ballot, profile), strict=True):
            totals[project_id] += points * weight
    return totals


def ballot_points(ballot: Ballot, profile: Profile) -> tuple[Fraction | int, ...]:
    """What the ballot adds to the score of each project it names, in the ballot's order."""
    if profile.ballot_type.has_points:
        return ballot.points
    if profile.ballot_type is BallotType.ORDINAL:
        length = profile.max_length or len(ballot.projects)
        return tuple([max(0, length - place) for place in range(len(ballot.projects))])
    return (1,) * len(ballot.projects)
