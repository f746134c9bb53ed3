"""What the rules need to know about a round and a person: plain values, read from the tables or typed in a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Protocol

#: The steps of a round, in the order in which they follow one another.
PHASES = ("information", "submission", "analysis", "appeals", "voting", "validation", "results")

#: How somebody may belong to the city, from the closest tie to the loosest.
TIES = ("domicile", "residence", "work", "study")

#: Which ties each rule about who takes part admits. `free` asks for no tie at all.
ADMITTED_TIES: dict[str, frozenset[str]] = {
    "domicile": frozenset({"domicile"}),
    "residence": frozenset({"domicile", "residence"}),
    "work": frozenset({"domicile", "residence", "work"}),
    "study": frozenset({"domicile", "residence", "study"}),
    "any": frozenset(TIES),
    "free": frozenset(TIES),
}

BALLOT_KINDS = ("approval", "choose_one", "knapsack", "points", "ordinal")
PUBLICATION_MODES = ("inclusion_only", "open")
POT_COUNTINGS = ("separate", "combined")
TIE_ORDERS = ("lot", "submission", "draw")


#: What residents vote on, and which phases a ballot of questions may have.
CONTENTS = ("projects", "questions")
QUESTION_PHASES = ("information", "voting", "validation", "results")


class Window(Protocol):
    """Anything with a kind and a beginning and an end: a stored phase or a PhaseWindow."""

    @property
    def kind(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True)
class PhaseWindow:
    """When one step runs: from `starts_at` until just before `ends_at`."""

    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Ages:
    """The youngest and the oldest that may take part; None where there is no such bound."""

    least: int | None = None
    most: int | None = None

    def narrowed(self, other: "Ages") -> "Ages":
        """Both bounds of both rules."""
        least = [age for age in (self.least, other.least) if age is not None]
        most = [age for age in (self.most, other.most) if age is not None]
        return Ages(max(least, default=None), min(most, default=None))


@dataclass(frozen=True)
class PotFacts:
    """Money set aside, for whom. `ages` are those of its programme."""

    name: str
    amount: Decimal
    neighbourhood_id: int | None = None
    programme_id: int | None = None
    ages: Ages = Ages()
    id: int | None = None


@dataclass(frozen=True)
class GroupFacts:
    """One part of the ballot: which projects, and how they are chosen."""

    name: str
    ballot_kind: str = "approval"
    category_id: int | None = None
    neighbourhood_id: int | None = None
    min_choices: int = 0
    max_choices: int | None = None
    max_cost: Decimal | None = None
    points_total: int | None = None
    points_each: int | None = None
    id: int | None = None


@dataclass(frozen=True)
class PlanFacts:
    """The whole plan of a round. `zone` is the city's, in which its days begin and end."""

    zone: tzinfo
    name: str = ""
    kind: str = "city"
    content: str = "projects"
    currency: str = "RON"
    regulation: str = ""
    regulation_decision: str = ""
    regulation_date: date | None = None
    ages: Ages = Ages()
    programme_ages: Ages = Ages()
    area_basis: str = "any"
    #: the neighbourhoods whose residents alone are asked, id and name; none: the whole city
    areas: Mapping[int, str] = field(default_factory=dict)
    #: how people may be verified besides the desk
    remote_verification: tuple[str, ...] = ()
    min_cost: Decimal | None = None
    max_cost: Decimal | None = None
    counting_rule: Mapping[str, Any] = field(default_factory=dict)
    publication_mode: str = "inclusion_only"
    windows: tuple[PhaseWindow, ...] = ()
    pots: tuple[PotFacts, ...] = ()
    groups: tuple[GroupFacts, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether residents answer questions here instead of choosing projects."""
        return self.content == "questions"

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases that such a round may have."""
        return QUESTION_PHASES if self.asks else PHASES

    @property
    def everyones_ages(self) -> Ages:
        """The ages of the round, narrowed by those of its programme."""
        return self.ages.narrowed(self.programme_ages)


@dataclass(frozen=True)
class PersonFacts:
    """A human being the city has checked, as far as taking part depends on it."""

    birth_date: date | None
    area_basis: str
    neighbourhood_id: int | None = None
    #: the way the city learned who this is: `verifying.methods`
    proof: str = "desk"


@dataclass(frozen=True)
class Problem:
    """Why a plan cannot work: the field it is about, as forms name it, and the sentence for whoever plans."""

    field: str
    sentence: Any
