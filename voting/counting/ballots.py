"""Ballots one by one: how voters express themselves, and one voter's choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class BallotType(StrEnum):
    """How voters express themselves; the values are those of the `.pb` format."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"

    @property
    def has_points(self) -> bool:
        """Whether a ballot gives points beside project ids."""
        return self in (BallotType.CUMULATIVE, BallotType.SCORING)


@dataclass(frozen=True, slots=True)
class Ballot:
    """One voter's choice: project ids, and for cumulative and scoring ballots as many points.

    For an ordinal ballot the order of the ids is the choice; for the others it carries no meaning and is
    sorted, so that equal choices are equal ballots. A ballot is a set: an id may not come twice.
    """

    projects: tuple[str, ...]
    points: tuple[Fraction, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.projects)) != len(self.projects):
            raise ValueError("a ballot names a project twice")
        if self.points and len(self.points) != len(self.projects):
            raise ValueError("a ballot has points for other projects than it names")
        if any(points < 0 for points in self.points):
            raise ValueError("a ballot gives negative points")

    @classmethod
    def of(cls, *projects: str) -> "Ballot":
        """An approval or choose-one ballot."""
        return cls(tuple(sorted(projects)))

    @classmethod
    def ranking(cls, *projects: str) -> "Ballot":
        """An ordinal ballot, the most wanted first."""
        return cls(projects)

    @classmethod
    def with_points(cls, points: Mapping[str, Fraction | int | Decimal]) -> "Ballot":
        """A cumulative or scoring ballot."""
        ids = sorted(points)
        return cls(tuple(ids), tuple(Fraction(points[project_id]) for project_id in ids))
