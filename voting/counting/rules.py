"""The rule of a count as a value that can be stored and published."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from typing import Any

from voting.counting.amounts import amount_string
from voting.counting.outcome import Json, canonical_sha256
from voting.counting.ties import TieBreak

#: The version of a rule's stored form.
RULE_VERSION = 1

GREEDY_RULES = ("greedy", "greedy-threshold", "greedy-no-skip", "greedy-exclusive", "greedy-custom")
EQUAL_SHARES = "equal-shares"
PHRAGMEN = "phragmen"
RULE_NAMES = (*GREEDY_RULES, EQUAL_SHARES, PHRAGMEN)

#: Poznań funds the first project that does not fit when this share of it is covered.
CUSTOM_TOP_UP = Decimal("0.8")

_MOST_PLACES = 100
_DECIMALS = ("min_score", "top_up_share", "top_up_limit", "increment")

#: Parameters younger than the stored form: left out of it while unset, so that older rules keep their fingerprint.
_YOUNGER = ("top_up_limit", "rank_scores")

#: The parameters any rule may have.
COMMON_PARAMETERS = ("min_score", "max_winners", "tie_break", "rank_scores")


class Satisfaction(StrEnum):
    """What an approved, funded project is worth to a voter."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"


class Completion(StrEnum):
    """How an outcome of equal shares is made exhaustive."""

    NONE = "none"
    GREEDY = "greedy"
    ADD1 = "add1"
    ADD1U = "add1u"
    COMPARISON = "comparison"
    PLAIN_COMPARISON = "plain-comparison"


class Start(StrEnum):
    """What each voter starts with: the exact share of the budget limit, or its whole currency units."""

    EXACT = "exact"
    FLOOR = "floor"


#: What `.pb` files call them.
_COMPLETION_ALIASES = {"add1-comparison": Completion.COMPARISON.value}
_PLAIN_COMPARISON = "equalshares-comparison"


class UnknownRule(ValueError):
    """The name is not one of a rule that can be counted."""


class ForeignParameters(ValueError):
    """Parameters that do not belong to a rule; `names` are theirs."""

    def __init__(self, rule: str, names: Sequence[str]) -> None:
        verb = "does" if len(names) == 1 else "do"
        super().__init__(f"{', '.join(names)} {verb} not belong to the rule {rule}")
        self.rule = rule
        self.names = tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule with all its parameters. Raises ValueError for a parameter that does not belong to the rule.

    - any rule: `min_score` (projects under it do not take part), `max_winners`, `tie_break` (see `ties`),
      `rank_scores` (for ordinal ballots: points of the first place, the second, …, as in "5,3,1"; without it the
      number of places a ballot may fill, and one less for each further place);
    - rules by score: `group_winners_first`, `top_up_share` (fund the first misfit too when what is left covers
      this share of its cost; the count ends with it), `top_up_limit` (the same when what it lacks is at most
      this amount of currency; with both parameters both must hold);
    - equal shares: `satisfaction`, `completion`, `start`, `increment` (currency), `stop_when_exhaustive`.

    `greedy-threshold` and `greedy-exclusive` are `greedy` under the names the files use; `greedy-custom` is
    `greedy-no-skip` with a top-up. Exclusive sets belong to the instance and bind every rule.
    """

    name: str
    min_score: Decimal | None = None
    max_winners: int | None = None
    group_winners_first: bool = False
    top_up_share: Decimal | None = None
    top_up_limit: Decimal | None = None
    satisfaction: str = Satisfaction.COST.value
    completion: str = Completion.NONE.value
    start: str = Start.EXACT.value
    increment: Decimal = Decimal(1)
    stop_when_exhaustive: bool = False
    tie_break: str = "file"
    rank_scores: str = ""

    def __post_init__(self) -> None:
        if self.name not in RULE_NAMES:
            raise UnknownRule(f"unknown rule {self.name!r}")
        for name in _DECIMALS:
            value = getattr(self, name)
            if type(value) is int:
                object.__setattr__(self, name, Decimal(value))
            elif value is not None and not isinstance(value, Decimal):
                raise ValueError(f"{name} must be a decimal, not {value!r}")
        if self.min_score is not None and not (self.min_score.is_finite() and self.min_score >= 0):
            raise ValueError("the minimum score must be a number from 0")
        if self.max_winners is not None and self.max_winners < 0:
            raise ValueError("the most winners must be a number from 0")
        if self.top_up_share is not None and not 0 < self.top_up_share <= 1:
            raise ValueError("the top-up share must be over 0 and at most 1")
        if self.top_up_limit is not None and not (self.top_up_limit.is_finite() and self.top_up_limit > 0):
            raise ValueError("the most that is topped up must be an amount over 0")
        if not (self.increment.is_finite() and self.increment > 0):
            raise ValueError("the increment must be an amount over 0")
        Satisfaction(self.satisfaction), Completion(self.completion), Start(self.start)
        TieBreak.parse(self.tie_break)
        rank_points(self.rank_scores)
        given = [f.name for f in fields(self) if f.name != "name" and getattr(self, f.name) != f.default]
        foreign = [name for name in given if name not in self.own_parameters]
        if foreign:
            raise ForeignParameters(self.name, foreign)

    @property
    def own_parameters(self) -> tuple[str, ...]:
        """The names of the parameters that belong to this rule."""
        if self.name in GREEDY_RULES:
            return (*COMMON_PARAMETERS, "group_winners_first", "top_up_share", "top_up_limit")
        if self.name == EQUAL_SHARES:
            own = ("satisfaction", "completion", "start", "increment", "stop_when_exhaustive")
            return (*COMMON_PARAMETERS, *own)
        return COMMON_PARAMETERS

    @classmethod
    def named(cls, name: str, **parameters: Any) -> "Rule":
        """The rule called `name` in a `.pb` file, on the command line or here, with `parameters` on top.

        `equalshares/add1-comparison`, `equalshares-comparison` and their like carry a completion. Raises UnknownRule for any other name,
        `unknown` included.
        """
        base, slash, completion = name.strip().lower().partition("/")
        if base == _PLAIN_COMPARISON and not slash:
            base, slash, completion = EQUAL_SHARES, "/", Completion.PLAIN_COMPARISON.value
        if base in ("equalshares", EQUAL_SHARES):
            wanted = _COMPLETION_ALIASES.get(completion, completion) if slash else Completion.NONE.value
            if wanted not in set(Completion):
                raise UnknownRule(f"unknown rule {name!r}")
            return cls(**{"name": EQUAL_SHARES, "completion": wanted, **parameters})
        if slash or base not in RULE_NAMES:
            raise UnknownRule(f"unknown rule {name!r}")
        if base == "greedy-custom" and "top_up_limit" not in parameters:
            parameters = {"top_up_share": CUSTOM_TOP_UP, **parameters}
        return cls(name=base, **parameters)

    def with_own(self, parameters: Mapping[str, Any]) -> "Rule":
        """The rule with those of `parameters` that belong to it. Raises ValueError for a value that is none."""
        own = self.own_parameters
        return replace(self, **{name: value for name, value in parameters.items() if name in own})

    def with_threshold_of(self, meta_threshold: Decimal | None) -> "Rule":
        """The rule with a file's own minimum score: it applies to rules by score that have none yet."""
        if meta_threshold is None or self.name not in GREEDY_RULES or self.min_score is not None:
            return self
        return replace(self, min_score=meta_threshold)

    def parameters(self) -> dict[str, Json]:
        """The parameters that belong to this rule, as JSON; numbers as decimal strings."""
        return {
            name: _as_json(value)
            for name, value in asdict(self).items()
            if name in self.own_parameters and not (name in _YOUNGER and not value)
        }

    def as_json(self) -> dict[str, Json]:
        """The rule as a versioned object that `from_json` reads back."""
        return {"version": RULE_VERSION, "name": self.name, **self.parameters()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Rule":
        """The rule from `as_json`. Raises ValueError for another version or a key it does not know."""
        values = dict(data)
        if values.pop("version", None) != RULE_VERSION:
            raise ValueError("the stored rule has another version")
        known = {f.name for f in fields(cls)}
        if set(values) - known or "name" not in values:
            raise ValueError(f"the stored rule has unknown keys: {', '.join(sorted(set(values) - known))}")
        for name in _DECIMALS:
            if values.get(name) is not None:
                try:
                    values[name] = Decimal(values[name])
                except (InvalidOperation, TypeError) as error:
                    raise ValueError(f"{name} of the stored rule is not a decimal") from error
        return cls(**values)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the stored form: publish it before voting opens."""
        return canonical_sha256(self.as_json())


def rank_points(text: str) -> tuple[int, ...]:
    """The points by place written as "5,3,1": whole numbers that do not grow; none for an empty text.

    Raises ValueError for anything else.
    """
    if not text:
        return ()
    cells = text.split(",")
    if len(cells) > _MOST_PLACES or not all(
        cell.isascii() and cell.isdigit() and len(cell) < 7 for cell in cells
    ):
        raise ValueError(f"the points by place must be whole numbers, as in 5,3,1: {text!r}")
    points = tuple(int(cell) for cell in cells)
    if not points[0] or any(later > earlier for earlier, later in pairwise(points)):
        raise ValueError(f"the points by place must begin above 0 and never grow: {text!r}")
    return points


def _as_json(value: Any) -> Json:
    return amount_string(value) if isinstance(value, Decimal) else value
