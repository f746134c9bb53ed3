"""What a count gives: who won in which order and why each of the others did not, as plain data."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

#: A value that JSON can hold. Amounts and ratios are strings: decimal, or `numerator/denominator`.
Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]


class Reason(StrEnum):
    """Why a project was not funded; each code names the data its rejection carries.

    Every rejection under a rule by score also has `more_needed`: how many more votes (points, where ballots
    give points) would have been enough, or None when no number would.
    """

    WITHDRAWN = "withdrawn"  # nothing more
    NO_SUPPORT = "no_support"  # nothing more
    BELOW_MIN_SCORE = "below_min_score"  # score, min_score, short
    DID_NOT_FIT = "did_not_fit"  # cost, remaining, lacking
    STOPPED_BEFORE = "stopped_before"  # stopped_at: the project that did not fit
    MAX_WINNERS = "max_winners_reached"  # max_winners
    EXCLUDED = "excluded_by_rival"  # rival: the winner of the same exclusive set
    RAN_OUT = "supporters_ran_out_of_money"  # supporters, supporters_money, cost, lacking, used_by


class Phase(StrEnum):
    """Which part of a rule funded a project."""

    SCORE = "score"
    GROUP_WINNER = "group_winner"
    TOP_UP = "top_up"
    EQUAL_SHARES = "equal_shares"
    COMPLETION = "completion"
    PHRAGMEN = "phragmen"


@dataclass(frozen=True, slots=True)
class Step:
    """One project funded: its score, its price, what was left of the budget limit afterwards.

    `rho`, `effective_votes` and `paid_at_most` belong to equal shares: the price of one unit of satisfaction
    (currency for a project or a point; with satisfaction by cost, currency for currency), its inverse, and the
    most a supporter paid (with satisfaction by points: for the largest number of points). Of its `supporters`,
    `gave_all` paid with the last they had and `had_nothing` had nothing left to pay with; all others paid the
    same for each unit of worth. `load` belongs to Phragmén.
    """

    project: str
    phase: Phase
    score: str
    price: str
    remaining: str
    rho: Fraction | None = None
    effective_votes: Fraction | None = None
    paid_at_most: Fraction | None = None
    load: Fraction | None = None
    supporters: int | None = None
    gave_all: int | None = None
    had_nothing: int | None = None

    def as_json(self) -> dict[str, Json]:
        """The step with exact ratios as strings; what does not apply is left out."""
        data: dict[str, Json] = {
            "id": self.project,
            "phase": self.phase.value,
            "score": self.score,
            "price": self.price,
            "remaining": self.remaining,
        }
        for name in ("rho", "effective_votes", "paid_at_most", "load"):
            value = getattr(self, name)
            if value is not None:
                data[name] = str(value)
        for name in ("supporters", "gave_all", "had_nothing"):
            if getattr(self, name) is not None:
                data[name] = getattr(self, name)
        return data


@dataclass(frozen=True, slots=True)
class Rejection:
    """One project not funded, its reason and the figures behind it."""

    project: str
    reason: Reason
    data: Mapping[str, Json] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """The rejection as one flat object."""
        return {"id": self.project, "reason": self.reason.value, **self.data}


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects that were level where another tie order would have funded other projects.

    `projects` are in the order applied; `by` are the criteria that separated neighbours.
    """

    projects: tuple[str, ...]
    level: str
    by: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The tie as an object."""
        return {"projects": list(self.projects), "level": self.level, "by": list(self.by)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a count. Amounts are decimal strings in the instance's currency.

    `spent` is what the budget limit pays; `topped_up` what a near miss needs beyond it, from elsewhere.
    `selected` is in the order won. `record` holds everything a recount needs, `fingerprint` is SHA-256 over
    the record and the result.
    """

    rule: str
    parameters: Mapping[str, Json]
    budget: str
    spent: str
    topped_up: str
    steps: tuple[Step, ...]
    rejected: tuple[Rejection, ...]
    ties: tuple[Tie, ...]
    record: Mapping[str, Json]

    @property
    def selected(self) -> tuple[str, ...]:
        """The ids of the funded projects, in the order won."""
        return tuple(step.project for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over how it was counted, what was counted, and the result."""
        result: dict[str, Json] = {
            "record": dict(self.record),
            "selected": list(self.selected),
            "spent": self.spent,
        }
        return canonical_sha256(result)

    def as_json(self) -> dict[str, Json]:
        """Everything, for files and for the command line."""
        return {
            "rule": self.rule,
            "parameters": dict(self.parameters),
            "budget": self.budget,
            "spent": self.spent,
            "topped_up": self.topped_up,
            "selected": list(self.selected),
            "rejected": [rejection.as_json() for rejection in self.rejected],
            "ties": [tie.as_json() for tie in self.ties],
            "steps": [step.as_json() for step in self.steps],
            "record": dict(self.record),
            "fingerprint": self.fingerprint,
        }


def canonical_sha256(value: Mapping[str, Json]) -> str:
    """SHA-256 of the JSON form with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
