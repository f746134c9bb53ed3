"""What is counted: the instance (projects and a budget limit) and the profile (the ballots)."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from voting.counting.amounts import LARGEST_AMOUNT, amount_string, ratio_string


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
class Project:
    """One project: its cost in the instance's currency and, if the round has them, its ballot group."""

    id: str
    cost: Decimal
    name: str = ""
    group: str | None = None
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a project needs an id")
        check_amount(self.cost, f"the cost of project {self.id}")


@dataclass(frozen=True, slots=True)
class Instance:
    """The projects of one pot and what may be spent on them.

    `exclusive_sets` hold ids of projects of which at most one may be funded. Raises ValueError when two
    projects share an id, an amount is not one, or a set names a project that is not here.
    """

    projects: tuple[Project, ...]
    budget_limit: Decimal
    currency: str = ""
    exclusive_sets: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        check_amount(self.budget_limit, "the budget limit")
        ids = Counter(project.id for project in self.projects)
        repeated = sorted(project_id for project_id, times in ids.items() if times > 1)
        if repeated:
            raise ValueError(f"project ids used twice: {', '.join(repeated)}")
        strangers = sorted(set().union(*self.exclusive_sets) - set(ids))
        if strangers:
            raise ValueError(f"exclusive sets name unknown projects: {', '.join(strangers)}")

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all projects."""
        return frozenset(project.id for project in self.projects)


def check_amount(amount: Decimal, what: str) -> None:
    """Raise ValueError unless `amount` is a finite decimal from 0 to the largest amount stored."""
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise ValueError(f"{what} is not a finite decimal: {amount!r}")
    if not 0 <= amount < LARGEST_AMOUNT:
        raise ValueError(f"{what} is out of range: {amount}")


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


@dataclass(frozen=True, slots=True)
class Profile:
    """All ballots, identical ones merged: `ballots` holds each distinct ballot with its number of voters.

    Sorted, so that two profiles with the same ballots are equal whatever the order they came in. Blank
    ballots are not part of it: they support nothing and take no share of the budget. `max_length` is the most
    projects a ballot may name and sets the scale of ordinal scores.
    """

    ballot_type: BallotType
    ballots: tuple[tuple[Ballot, int], ...]
    max_length: int | None = None

    def __post_init__(self) -> None:
        for ballot, weight in self.ballots:
            if not ballot.projects or weight < 1:
                raise ValueError(
                    "a profile holds ballots that name a project, each with a weight of 1 or more"
                )
            if bool(ballot.points) != self.ballot_type.has_points:
                raise ValueError(f"ballots of type {self.ballot_type} do not look like {ballot}")
            if self.ballot_type is BallotType.CHOOSE_ONE and len(ballot.projects) > 1:
                raise ValueError(f"a choose-1 ballot names {len(ballot.projects)} projects")

    @classmethod
    def merge(
        cls,
        ballot_type: BallotType,
        ballots: Iterable[Ballot] | Mapping[Ballot, int],
        max_length: int | None = None,
    ) -> "Profile":
        """A profile of `ballots` (one a voter, or a mapping to weights); blank ones are left out."""
        weights = ballots if isinstance(ballots, Mapping) else Counter(ballots)
        named = [(ballot, weight) for ballot, weight in weights.items() if ballot.projects and weight]
        named.sort(key=lambda pair: (pair[0].projects, pair[0].points))
        return cls(ballot_type, tuple(named), max_length)

    @property
    def voters(self) -> int:
        """How many ballots name a project: n in the method of equal shares."""
        return sum(weight for _, weight in self.ballots)


def input_fingerprint(instance: Instance, profile: Profile) -> str:
    """SHA-256 over instance and profile in a canonical form: the same for any order of projects and ballots."""
    digest = hashlib.sha256()

    def add(value: object) -> None:
        digest.update(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    add(["instance", amount_string(instance.budget_limit), instance.currency])
    for project in sorted(instance.projects, key=lambda project: project.id):
        add([project.id, amount_string(project.cost), project.group, project.withdrawn])
    add(sorted(sorted(ids) for ids in instance.exclusive_sets))
    add(["profile", profile.ballot_type.value, profile.max_length])
    for ballot, weight in profile.ballots:
        add([ballot.projects, [ratio_string(points) for points in ballot.points], weight])
    return digest.hexdigest()
