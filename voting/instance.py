"""From opened ballots to what is counted: one instance and one profile for each pot. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from voting.ballot_text import parse
from voting.counting.ballots import Ballot, BallotType
from voting.counting.instance import Instance
from voting.counting.instance import Project as CountedProject
from voting.plan import FrozenRound

if TYPE_CHECKING:
    from voting.counting.profile import Profile


def ballot_type_of(kinds: Sequence[str]) -> BallotType | None:
    """How ballots over groups of these kinds are counted together; None when they cannot be."""
    unique = set(kinds)
    if unique <= {"approval", "knapsack", "choose_one"}:
        return BallotType.CHOOSE_ONE if list(kinds) == ["choose_one"] else BallotType.APPROVAL
    if unique == {"points"}:
        return BallotType.CUMULATIVE
    if unique == {"ordinal"} and len(kinds) == 1:
        return BallotType.ORDINAL
    return None


@dataclass(frozen=True)
class PotCount:
    """What is counted for one pot: its number, or the first one's where all are counted together."""

    pot: int
    instance: Instance
    profile: "Profile"


def pot_type(plan: FrozenRound, pot_id: int) -> BallotType:
    """The type of the ballots over one pot's projects."""
    groups = sorted({project.group for project in plan.counted_projects(pot_id)})
    found = ballot_type_of([plan.groups[group].kind for group in groups])
    if found is None:
        raise ValueError("the groups of this pot cannot be counted together")
    return found


def pot_ballot(plan: FrozenRound, pot_id: int, kind: BallotType, choices: Mapping[str, Decimal]) -> Ballot:
    """One voter's ballot over the projects of one pot; it may name none."""
    own = {code: value for code, value in choices.items() if plan.counted_pot(plan.projects[code]) == pot_id}
    if kind is BallotType.CUMULATIVE:
        return Ballot.with_points({code: Fraction(value) for code, value in own.items()})
    if kind is BallotType.ORDINAL:
        return Ballot.ranking(*sorted(own, key=lambda code: own[code]))
    return Ballot.of(*own)


def longest_choice(plan: FrozenRound, pot_id: int) -> int | None:
    """How many projects of the pot a ballot may name, None for no limit; for rankings, the scale of their scores.

    What the source says of an election of the past.
    """
    if plan.ordinal_length is not None or plan.recorded:
        return plan.ordinal_length
    groups = {project.group for project in plan.counted_projects(pot_id)}
    most = [plan.groups[group].max_choices for group in groups]
    return sum(filter(None, most)) or None if all(most) else None


def count_inputs(plan: FrozenRound, texts: Iterable[str]) -> list[PotCount]:
    """The instance and profile of every pot from the texts of opened ballots."""
    # Arrays are loaded where something is counted, not in every web process.
    from voting.counting.profile import Profile

    kinds = {pot: pot_type(plan, pot) for pot in plan.counted_pots if plan.counted_projects(pot)}
    ballots: dict[int, Counter[Ballot]] = {pot: Counter() for pot in kinds}
    same: Counter[tuple[tuple[str, Decimal], ...]] = Counter(
        tuple(parse(text).choices().items()) for text in texts
    )
    for pairs, weight in same.items():
        choices = dict(pairs)
        for pot, kind in kinds.items():
            ballot = pot_ballot(plan, pot, kind, choices)
            if ballot.projects:
                ballots[pot][ballot] += weight
    return [
        PotCount(pot, instance_of(plan, pot), Profile.merge(kind, ballots[pot], longest_choice(plan, pot)))
        for pot, kind in kinds.items()
    ]


def instance_of(plan: FrozenRound, pot_id: int) -> Instance:
    """The projects and the money of one pot, or of all of them where they are counted together."""
    projects = plan.counted_projects(pot_id)
    codes = {project.code for project in projects}
    return Instance(
        tuple(
            CountedProject(
                project.code,
                project.cost,
                project.title,
                plan.groups[project.group].name,
                project.withdrawn,
            )
            for project in projects
        ),
        plan.counted_pots[pot_id].amount,
        plan.currency,
        tuple(frozenset(one.projects) for one in plan.exclusive_sets if codes.issuperset(one.projects)),
    )
