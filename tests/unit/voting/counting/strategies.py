"""Instances, ballots and rules of every kind, drawn by Hypothesis."""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from voting.counting.ballots import Ballot, BallotType
from voting.counting.instance import Instance, Project
from voting.counting.profile import Profile
from voting.counting.rules import Rule

IDS = "abcdef"


@dataclass(frozen=True)
class Election:
    """An instance and one ballot a voter, as objects."""

    instance: Instance
    ballot_type: BallotType
    ballots: tuple[Ballot, ...]
    max_length: int | None = None

    @property
    def profile(self):
        return Profile.merge(self.ballot_type, self.ballots, self.max_length)

    @property
    def costs(self):
        return {project.id: project.cost for project in self.instance.projects}

    def but(self, *more, **changes):
        """The same with further ballots, or other values."""
        return replace(self, ballots=self.ballots + more, **changes)


_costs = st.one_of(
    st.sampled_from([Decimal(v) for v in ("0", "1", "2", "3", "10", "0.1", "33.33")]),
    st.integers(1, 30).map(Decimal),
    st.decimals(Decimal("0.5"), 30, places=2),
)
_budgets = st.one_of(st.integers(0, 90).map(Decimal), st.decimals(0, 90, places=2))
_points = st.one_of(
    st.integers(0, 4).map(Fraction), st.sampled_from([Fraction(1, 2), Fraction(7, 3), Fraction(10**6)])
)


@st.composite
def ballots(draw, ballot_type, ids, most=9):
    """Ballots of a type, some of them equal."""
    named = st.lists(
        st.sampled_from(ids),
        min_size=1,
        max_size=1 if ballot_type is BallotType.CHOOSE_ONE else 5,
        unique=True,
    )
    found = []
    for own in draw(st.lists(named, max_size=most)):
        if ballot_type is BallotType.ORDINAL:
            found.append(Ballot.ranking(*own))
        elif ballot_type.has_points:
            found.append(Ballot.with_points({p: draw(_points) for p in own}))
        else:
            found.append(Ballot.of(*own))
        found += [found[-1]] * draw(st.sampled_from([0, 0, 0, 1, 3]))
    return tuple(found)


@st.composite
def elections(draw, types=tuple(BallotType), plain=False, most=9, projects=6):
    """An election of one of `types`; `plain` ones have no groups, exclusive sets or withdrawn projects."""
    ids = IDS[: draw(st.integers(1, projects))]
    ballot_type = draw(st.sampled_from(types))
    same = draw(st.one_of(st.none(), st.none(), _costs))
    instance = Instance(
        tuple(
            Project(
                p,
                draw(_costs) if same is None else same,
                group=None if plain else draw(st.sampled_from(["parks", "roads", None])),
                withdrawn=not plain and draw(st.integers(0, 9)) == 0,
            )
            for p in ids
        ),
        draw(_budgets),
        exclusive_sets=()
        if plain or len(ids) < 2
        else tuple(draw(st.lists(st.frozensets(st.sampled_from(ids), min_size=2, max_size=3), max_size=2))),
    )
    max_length = draw(st.sampled_from([None, 3, 5])) if ballot_type is BallotType.ORDINAL else None
    return Election(instance, ballot_type, draw(ballots(ballot_type, ids, most)), max_length)


_common = {
    "min_score": st.sampled_from([None, None, None, Decimal(0), Decimal(2), Decimal("2.5")]),
    "max_winners": st.sampled_from([None, None, None, 0, 1, 2, 4]),
    "tie_break": st.sampled_from(["file", "file", "seed:2027", f"order:{','.join(reversed(IDS))}"]),
}
greedy_rules = st.builds(
    Rule,
    name=st.sampled_from(["greedy", "greedy-threshold", "greedy-exclusive", "greedy-no-skip"]),
    group_winners_first=st.booleans(),
    **_common,
) | st.builds(
    Rule,
    name=st.just("greedy-custom"),
    top_up_share=st.sampled_from([Decimal("0.8"), Decimal("0.5"), Decimal(1)]),
    **_common,
)


def shares_rules(**fixed):
    """Equal shares with any parameters but those fixed."""
    parameters = {
        "satisfaction": st.sampled_from(["cost", "cardinality", "points"]),
        "completion": st.sampled_from(["none", "greedy", "add1", "add1u", "comparison", "plain-comparison"]),
        "start": st.sampled_from(["exact", "exact", "floor"]),
        "increment": st.sampled_from([Decimal(1), Decimal("0.5"), Decimal(3), Decimal(7)]),
        "stop_when_exhaustive": st.booleans(),
        **_common,
    }
    return st.builds(Rule, name=st.just("equal-shares"), **(parameters | fixed))


phragmen_rules = st.builds(Rule, name=st.just("phragmen"), **_common)
rules = st.one_of(greedy_rules, shares_rules(), shares_rules(), phragmen_rules)
